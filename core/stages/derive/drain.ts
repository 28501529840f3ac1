import type { EngineKind } from "../../knowledge/engine/engines.ts";
import { flagValue, mergeArgs } from "../../knowledge/engine/flags/commandline.ts";
import { flagNamed } from "../../knowledge/engine/flags/flags.ts";
import { sglangRelease } from "../../knowledge/engine/images.ts";
import { positionIn, releaseNumber } from "../../knowledge/engine/release.ts";
import { SGLANG_FLAGS, SGLANG_LINES } from "../../knowledge/engine/sglang/flags.ts";
import { releaseOfContainer } from "../../knowledge/engine/start/installed.ts";
import { engineStart, vllmStart } from "../../knowledge/engine/start/start.ts";
import type { DrainFacts } from "../../knowledge/stacks/stack.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { graceSeconds, preStopSeconds } from "../../kubernetes/workloads/drain.ts";

/** Seconds between the end of the last request and the end of the process, in which the engine stops its workers. */
const RESERVE_SECONDS = 5;

interface Drain {
  /** What the release of the stack contributes. */
  facts?: DrainFacts;
  /** Release of vLLM in the images, if their tags do not name it. */
  engineVersion?: string;
  engine: EngineKind;
}

/**
 * The container with the flags that make an engine finish its running requests before it stops, and not log requests of
 * probes and metrics. Only flags that its release has and that are not set are added; none for an image of unknown
 * release. Source: shutdownTimeout and the presets of KServe v0.20.0, which find the release when the pod starts.
 */
export function withDrain(container: Container, pod: PodSpec, { facts, engineVersion, engine }: Drain): Container {
  if (engine === "sglang") return quietSglang(container, facts, engineVersion);
  const flags = drainFlags(container, pod, facts, engineVersion);
  return flags.length === 0 ? container : { ...container, args: mergeArgs(container.args ?? [], flags) };
}

function drainFlags(
  container: Container,
  pod: PodSpec,
  facts: DrainFacts | undefined,
  engineVersion: string | undefined,
): string[] {
  const start = vllmStart(container);
  const release = releaseNumber(engineVersion ?? releaseOfContainer(container) ?? "");
  if (facts === undefined || start?.takesArgs !== true || release === undefined) return [];
  const has = (name: string): boolean => positionIn(flagNamed(name) ?? {}, release) === "inside";
  const isSet = (name: string): boolean => flagValue(start.args, name) !== undefined;
  const quiet = [`${QUIET}=${facts.quietPaths.join(",")}`, SILENT].find((flag) => has(flag.split("=")[0] ?? ""));
  const logs = isSet(QUIET) || isSet(SILENT) || quiet === undefined ? [] : [`--${quiet}`];
  const drains = has(DRAIN) && !isSet(DRAIN);
  return [...logs, ...(drains ? [`--${DRAIN}=${drainSeconds(container, pod)}`] : [])];
}

/**
 * SGLang finishes its running requests after SIGTERM by itself, within the grace period, and has no flag for it.
 * Source: sigterm_watchdog in sglang/srt/managers/tokenizer_manager.py.
 */
function quietSglang(
  container: Container,
  facts: DrainFacts | undefined,
  engineVersion: string | undefined,
): Container {
  const start = engineStart(container, "sglang");
  const release = releaseNumber(sglangRelease(container.image ?? "") ?? engineVersion ?? "");
  if (facts === undefined || start?.takesArgs !== true || release === undefined) return container;
  const isThere = positionIn(SGLANG_FLAGS.flagNamed(EXCLUDED) ?? {}, release) === "inside";
  if (!isThere || SGLANG_LINES.flagValue(start.args, EXCLUDED) !== undefined) return container;
  const words = [`--${EXCLUDED}`, ...facts.quietPaths.filter((path) => path !== "/ping")];
  return { ...container, args: SGLANG_LINES.mergeArgs(container.args ?? [], words) };
}

const EXCLUDED = "uvicorn-access-log-exclude-prefixes";

const DRAIN = "shutdown-timeout";
/** The flag that leaves requests of some paths out of the log; releases before it can only leave out all of them. */
const QUIET = "disable-access-log-for-endpoints";
const SILENT = "disable-uvicorn-access-log";

/** The grace period minus the preStop hook and a reserve. */
function drainSeconds(container: Container, pod: PodSpec): number {
  const grace = graceSeconds(pod);
  return Math.max(0, grace - (preStopSeconds(container) ?? 0) - Math.min(RESERVE_SECONDS, grace));
}

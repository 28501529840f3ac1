import { flagValue, mergeArgs } from "../../knowledge/engine/commandline.ts";
import { flagNamed } from "../../knowledge/engine/flags.ts";
import { releaseOfImage } from "../../knowledge/engine/images.ts";
import { positionIn, releaseNumber } from "../../knowledge/engine/release.ts";
import { vllmStart } from "../../knowledge/engine/start.ts";
import type { DrainFacts } from "../../knowledge/stacks/stack.ts";
import { graceSeconds, preStopSeconds } from "../../kubernetes/drain.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";

/** Seconds between the end of the last request and the end of the process: the engine tears its workers down. */
const RESERVE_SECONDS = 5;

/**
 * The container with the flags by which an engine ends its running requests before it stops, and does not log requests of probes and metrics; those that
 * its release has and nobody has set. None for an image whose release nobody knows.
 * Source: shutdownTimeout and the presets of KServe v0.20.0, which find the release when the pod starts.
 */
export function withDrain(
  container: Container,
  pod: PodSpec,
  facts: DrainFacts | undefined,
  engineVersion: string | undefined,
): Container {
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
  const release = releaseNumber(engineVersion ?? releaseOfImage(container.image ?? "") ?? "");
  if (facts === undefined || start?.takesArgs !== true || release === undefined) return [];
  const has = (name: string): boolean => positionIn(flagNamed(name) ?? {}, release) === "inside";
  const isSet = (name: string): boolean => flagValue(start.args, name) !== undefined;
  const quiet = [`${QUIET}=${facts.quietPaths.join(",")}`, SILENT].find((flag) => has(flag.split("=")[0] ?? ""));
  const logs = isSet(QUIET) || isSet(SILENT) || quiet === undefined ? [] : [`--${quiet}`];
  const drains = has(DRAIN) && !isSet(DRAIN);
  return [...logs, ...(drains ? [`--${DRAIN}=${drainSeconds(container, pod)}`] : [])];
}

const DRAIN = "shutdown-timeout";
/** Leaves out the requests of some paths; before there was such a flag, only all of them. */
const QUIET = "disable-access-log-for-endpoints";
const SILENT = "disable-uvicorn-access-log";

/** What the grace period leaves after the preStop hook and a reserve. */
function drainSeconds(container: Container, pod: PodSpec): number {
  const grace = graceSeconds(pod);
  return Math.max(0, grace - (preStopSeconds(container) ?? 0) - Math.min(RESERVE_SECONDS, grace));
}

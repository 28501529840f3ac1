import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import { inRole, roleAt } from "../../contract/role.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { inFull } from "../../knowledge/engine/flags/abbreviated.ts";
import type { Release } from "../../knowledge/engine/flags/judge.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { releaseOfImage, sglangRelease } from "../../knowledge/engine/images.ts";
import { releaseNumber } from "../../knowledge/engine/release.ts";
import { readNumber } from "../../knowledge/engine/rules/number.ts";
import { type EngineStart, engineStart, isWhole, vllmStart } from "../../knowledge/engine/start/start.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/pods.ts";

/** One kind of engine pod of a merged spec: of a role, and of a group its leader or its followers. */
export interface Engine {
  role: "main" | "prefill";
  pod: "template" | "worker";
  workload: WorkloadSpec;
  podSpec: PodSpec;
  container: Container;
  args: readonly string[];
  /** Path of the container as Kubernetes writes it, `spec.…`, and as provenance has it. */
  path: string;
  traced: string;
  /** Whether the container starts vLLM with `args` as its command line. */
  isVllm: boolean;
  /** Whether it starts SGLang so, in a service whose runtime is that. */
  isSglang: boolean;
  /** How it does. */
  start?: EngineStart;
  /** The release it runs, where something tells. */
  release?: Release;
}

/** The engine that the service is of, and the release that somebody says it has. */
interface Asked {
  kind: EngineKind;
  engineVersion?: string;
}

/** The engines of a spec, the service's own first. */
export function enginesOf(spec: LLMInferenceServiceSpec, engineVersion?: string): Engine[] {
  const asked = { kind: engineOf(spec), engineVersion };
  const own = ofWorkload(spec, "main", asked);
  return spec.prefill === undefined ? own : [...own, ...ofWorkload(spec.prefill, "prefill", asked)];
}

function ofWorkload(workload: WorkloadSpec, role: Engine["role"], asked: Asked): Engine[] {
  return (["template", "worker"] as const).flatMap((pod): Engine[] => {
    const podSpec = workload[pod];
    const index = podSpec?.containers?.findIndex(({ name }) => name === MAIN) ?? -1;
    const container = podSpec?.containers?.[index];
    if (podSpec === undefined || container === undefined) return [];
    const isVllm = vllmStart(container) !== undefined;
    const kind = isVllm ? "vllm" : asked.kind;
    const start = engineStart(container, kind);
    const release = releaseOf(container, { ...asked, kind });
    const args = start?.args ?? container.args ?? [];
    return [
      {
        role,
        pod,
        workload,
        podSpec,
        container,
        args: release === undefined ? args : inFull(args, release.number, ENGINE_FLAGS[kind].book),
        path: `${roleAt(role)}.${pod}.containers[${index}]`,
        traced: inRole(role, `${pod}.containers[name=${MAIN}]`),
        isVllm,
        isSglang: kind === "sglang" && start !== undefined,
        ...(start && { start }),
        ...(release && { release }),
      },
    ];
  });
}

/** What is said of the release is said of vLLM first: an image of SGLang tells its own. */
function releaseOf({ image = "" }: Container, { kind, engineVersion }: Asked): Release | undefined {
  const text = kind === "vllm" ? (engineVersion ?? releaseOfImage(image)) : (sglangRelease(image) ?? engineVersion);
  const number = text === undefined ? undefined : releaseNumber(text);
  return text === undefined || number === undefined ? undefined : { text: text.replace(/^v/, ""), number };
}

/** A flag's value as a number, `4k` read as vLLM reads it; undefined where it is not set or not known before it runs. */
export function numberOf(
  engine: Pick<Engine, "args"> & Partial<Pick<Engine, "isSglang">>,
  flag: string,
): number | undefined {
  const lines = ENGINE_FLAGS[engine.isSglang === true ? "sglang" : "vllm"].lines;
  const number = readNumber(lines.flagValue(engine.args, flag));
  return number === undefined || number < 0 ? undefined : Math.floor(number * 1e6) / 1e6;
}

/**
 * Of some flags, those whose value is known only in the pod: that of a variable, and of all that a command line lacks which a script or
 * a file may add to.
 */
export function unknownFlags(engine: Pick<Engine, "args" | "start" | "isSglang">, flags: readonly string[]): string[] {
  const { lines } = ENGINE_FLAGS[engine.isSglang ? "sglang" : "vllm"];
  return flags.filter((flag) => {
    const value = lines.flagValue(engine.args, flag);
    return value === undefined ? engine.start !== undefined && !isWhole(engine.start) : value.includes("$");
  });
}

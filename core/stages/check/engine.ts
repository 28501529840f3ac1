import type { LoRASpec } from "../../api/model.ts";
import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import { NO_ORIGINS, type Provenance } from "../../contract/layer.ts";
import { SHORTHANDS, settingAt, type WrittenSettings } from "../../contract/lowering.ts";
import { inRole, roleAt } from "../../contract/role.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { inFull } from "../../knowledge/engine/flags/abbreviated.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import type { Release } from "../../knowledge/engine/flags/judge.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { otherEngineOf } from "../../knowledge/engine/images.ts";
import { LORA_MODULES, type LoraFlag, loadsAdapters, loraFlags } from "../../knowledge/engine/lora.ts";
import { releaseNumber } from "../../knowledge/engine/release.ts";
import { readNumber } from "../../knowledge/engine/rules/number.ts";
import { releaseText } from "../../knowledge/engine/start/inrelease.ts";
import { type EngineStart, engineStart, isWhole, vllmStart } from "../../knowledge/engine/start/start.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

/** One kind of engine pod of a merged spec: the pods of a role or, in a group, its leader or its followers. */
export interface Engine {
  role: "main" | "prefill";
  pod: "template" | "worker";
  workload: WorkloadSpec;
  podSpec: PodSpec;
  container: Container;
  args: readonly string[];
  /** Path of the container as Kubernetes writes it, `spec.…`, and as provenance writes it. */
  path: string;
  traced: string;
  /**
   * Whether the container starts vLLM with `args` as its command line, and its image is not known to contain another
   * engine.
   */
  isVllm: boolean;
  /** Whether it starts SGLang in that way, in a service whose runtime is SGLang. */
  isSglang: boolean;
  /** The flags among `args` that only the objects get, from a field: its path, `model.lora.maxRank`, by the flag's name. */
  derived: ReadonlyMap<string, string>;
  /** The fields of `tuning` that set flags among `args`, by the flag's name. */
  tuned: ReadonlyMap<string, TunedFlag>;
  /** The fields of `parallelism` or `tuning` that set flags among `args` which no layer writes, by the flag's name. */
  sized: ReadonlyMap<string, string>;
  /** How it starts the engine. */
  start?: EngineStart;
  /** The engine of SGLang whose flags this one has under vLLM's names. */
  sglang?: Engine;
  /** The release that it runs, if it can be found out. */
  release?: Release;
}

/** The path of a field of `tuning`, and the layer that writes it. */
interface TunedFlag {
  path: string;
  layer: string;
}

/** What the merge tells about who wrote a flag. */
interface Writing {
  provenance: Provenance;
  written?: WrittenSettings;
}

/** The engine of the service, and the release that `engineVersion` or the image gives. */
interface Asked {
  kind: EngineKind;
  engineVersion?: string;
  lora?: LoRASpec;
  writing?: Writing;
}

/** The engines of a spec, the service's own first. */
export function enginesOf(spec: LLMInferenceServiceSpec, engineVersion?: string, writing?: Writing): Engine[] {
  const asked = { kind: engineOf(spec), engineVersion, lora: spec.model?.lora, writing };
  const own = ofWorkload(spec, "main", asked);
  return spec.prefill === undefined ? own : [...own, ...ofWorkload(spec.prefill, "prefill", asked)];
}

function ofWorkload(workload: WorkloadSpec, role: Engine["role"], asked: Asked): Engine[] {
  return (["template", "worker"] as const).flatMap((pod): Engine[] => {
    const podSpec = workload[pod];
    const index = podSpec?.containers?.findIndex(({ name }) => name === MAIN) ?? -1;
    const container = podSpec?.containers?.[index];
    if (podSpec === undefined || container === undefined) return [];
    const isVllm = vllmStart(container) !== undefined && otherEngineOf(container.image ?? "") === undefined;
    const kind = isVllm ? "vllm" : asked.kind;
    const start = engineStart(container, kind);
    const release = releaseOf(container, { ...asked, kind });
    const own = start?.args ?? container.args ?? [];
    const written = release === undefined ? own : inFull(own, release.number, ENGINE_FLAGS[kind].book);
    const traced = inRole(role, `${pod}.containers[name=${MAIN}]`);
    const added = start?.takesArgs === true ? addedFlags(container, written, { ...asked, kind }) : [];
    const args = added.length === 0 ? written : [...written, ...added.map(({ flag }) => flag)];
    return [
      {
        role,
        pod,
        workload,
        podSpec,
        container,
        args,
        path: `${roleAt(role)}.${pod}.containers[${index}]`,
        traced,
        isVllm,
        isSglang: kind === "sglang" && start !== undefined,
        derived: new Map(added.map(({ field, flag }) => [flagName(flag), `model.lora.${field}`])),
        tuned: tunedFlags(traced, asked.writing),
        sized: sizedFlags(role, traced, asked.writing),
        ...(start && { start }),
        ...(release && { release }),
      },
    ];
  });
}

/** The flags of the adapters, which the objects get unless they are written. */
function addedFlags(container: Container, args: readonly string[], { kind, lora }: Asked): LoraFlag[] {
  if ((lora?.adapters ?? []).length === 0 || loadsAdapters(container, kind)) return [];
  const { flagValue } = ENGINE_FLAGS[kind].lines;
  if (flagValue(args, flagName(LORA_MODULES[kind])) !== undefined) return [];
  return loraFlags(lora, kind).filter(({ flag }) => flagValue(args, flagName(flag)) === undefined);
}

/** The flags of an engine that no layer sets above a `tuning`: the last layer with such a field wrote the value. */
function tunedFlags(traced: string, writing: Writing | undefined): Map<string, TunedFlag> {
  const found = new Map<string, TunedFlag>();
  const start = `${traced}.args[--`;
  for (const [layer, fields] of writing?.written ?? [])
    for (const [at, path] of fields) {
      const inside = at.slice("spec.".length);
      if (inside.startsWith(start) && writing?.provenance.get(inside)?.layer === SHORTHANDS)
        found.set(inside.slice(start.length, -1), { path, layer });
    }
  return found;
}

/** Sizes: the flag, and its field of `parallelism`. */
const SIZES = [
  ["tensor-parallel-size", "tensor"],
  ["pipeline-parallel-size", "pipeline"],
  ["enable-expert-parallel", "expert"],
] as const;

/** The fields of the sizes that no layer writes as flags. */
function sizedFlags(role: Engine["role"], traced: string, writing: Writing | undefined): Map<string, string> {
  const { provenance = NO_ORIGINS, written } = writing ?? {};
  const found = SIZES.flatMap(([flag, field]): [string, string][] => {
    const origin = provenance.get(inRole(role, `parallelism.${field}`));
    if (origin === undefined || provenance.get(flagPath(`${traced}.args`, flag)) !== undefined) return [];
    const path = `${roleAt(role)}.parallelism.${field}`;
    return [[flag, settingAt(path, origin.layer, written) ?? path]];
  });
  return new Map(found);
}

function flagName(word: string): string {
  return word.slice("--".length).split("=", 1)[0] ?? "";
}

function releaseOf(container: Container, { kind, engineVersion }: Asked): Release | undefined {
  const text = releaseText(container, kind, engineVersion);
  const number = text === undefined ? undefined : releaseNumber(text);
  return text === undefined || number === undefined ? undefined : { text: text.replace(/^v/, ""), number };
}

/** The engine whose flags a command line has. */
export function flagsOwner({ isSglang }: Partial<Pick<Engine, "isSglang">>): EngineKind {
  return isSglang === true ? "sglang" : "vllm";
}

type CommandLine = Pick<Engine, "args"> & Partial<Pick<Engine, "isSglang">>;

/** The texts of an engine's flags, for checks that read many of them. */
function textsOf(engine: CommandLine): (flag: string) => string | undefined {
  return ENGINE_FLAGS[flagsOwner(engine)].lines.valuesOf(engine.args);
}

/**
 * The same as numbers, with `4k` as vLLM reads it; undefined if a flag is not set or not known before the engine runs.
 */
export function numbersOf(engine: CommandLine): (flag: string) => number | undefined {
  const text = textsOf(engine);
  return (flag) => {
    const number = readNumber(text(flag));
    return number === undefined || number < 0 ? undefined : Math.floor(number * 1e6) / 1e6;
  };
}

export function numberOf(engine: CommandLine, flag: string): number | undefined {
  return numbersOf(engine)(flag);
}

/**
 * Of some flags, those whose value is known only in the pod: the value is a variable, or the flag is missing from a
 * command line to which a script or a file may add.
 */
export function unknownFlags(engine: CommandLine & Pick<Engine, "start">, flags: readonly string[]): string[] {
  const text = textsOf(engine);
  const isPart = engine.start !== undefined && !isWhole(engine.start);
  return flags.filter((flag) => text(flag)?.includes("$") ?? isPart);
}

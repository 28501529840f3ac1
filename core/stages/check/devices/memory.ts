import type { Fix } from "../../../contract/issues/issue.ts";
import { inRole, roleAt } from "../../../contract/role.ts";
import { capabilityOf, type KnownClass } from "../../../knowledge/accelerators/accelerators.ts";
import { flagValue, valuesOf } from "../../../knowledge/engine/flags/commandline.ts";
import { releaseNumber } from "../../../knowledge/engine/release.ts";
import { isWhole } from "../../../knowledge/engine/start/start.ts";
import { fit as estimate, type Fit } from "../../../knowledge/memory/fit.ts";
import { GIB, gib } from "../../../knowledge/memory/rank.ts";
import type { FitRequest } from "../../../knowledge/memory/request.ts";
import type { ModelSize } from "../../../knowledge/models/catalogue/sizes.ts";
import type { ModelFacts } from "../../../knowledge/models/facts.ts";
import { servedModel, servedSize } from "../../../knowledge/models/served.ts";
import { isModelUri } from "../../../knowledge/uris.ts";
import { withEntries } from "../../../kubernetes/table.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, numberOf, numbersOf, unknownFlags } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf, settingName } from "../flagplace.ts";
import { inVllmWords } from "../sglang/sglangwords.ts";
import { asCertain } from "./certain.ts";
import { devicesOf } from "./devices.ts";
import { draftsOf } from "./drafts.ts";
import { fitVariables } from "./fitvariables.ts";
import { mediaOf, withoutVideosFix } from "./media.ts";
import { redundantOf } from "./redundantexperts.ts";
import { tensorFixes } from "./sizefixes.ts";
import { judgeStates } from "./stateblocks.ts";
import { judgeUnread, unreadFit } from "./unreadableflags.ts";

/** vLLM 0.20 raised the default share of the memory. Source: CacheConfig.gpu_memory_utilization, vllm/config/cache.py. */
const UTILIZATION = [
  { from: "0.20.0", share: 0.92 },
  { from: "0.0.0", share: 0.9 },
];

/** The request to {@link fit} that follows from an engine's flags. */
export function fitRequestOf(
  engine: Engine,
  model: ModelFacts,
  device: Pick<FitRequest, "memoryGiB" | "devicesPerNode" | "vendor" | "unified" | "smallSteps" | "capability">,
) {
  const { memoryGiB, devicesPerNode, vendor, unified, smallSteps, capability } = device;
  const number = numbersOf(engine);
  // vLLM refuses sizes below 1, which another check reports.
  const size = (flag: string): number | undefined => number(flag) || undefined;
  const text = valuesOf(engine.args);
  const release = engine.release?.number ?? Number.MAX_SAFE_INTEGER;
  const share = UTILIZATION.find(({ from }) => release >= (releaseNumber(from) ?? 0))?.share;
  const isCaching = text("enable-prefix-caching");
  const request: Record<string, FitRequest[keyof FitRequest]> = {
    model,
    memoryGiB,
    devicesPerNode,
    vendor,
    unified,
    smallSteps,
    capability,
    release: engine.release?.number,
    tensor: size("tensor-parallel-size"),
    pipeline: size("pipeline-parallel-size"),
    data: size("data-parallel-size"),
    expertParallel: text("enable-expert-parallel") === "true" || undefined,
    decodeContext: size("decode-context-parallel-size"),
    maxModelLen: number("max-model-len"),
    gpuMemoryUtilization: number("gpu-memory-utilization") ?? number("device-memory-utilization") ?? share,
    kvCacheMemoryBytes: number("kv-cache-memory-bytes"),
    maxNumBatchedTokens: number("max-num-batched-tokens"),
    maxNumSeqs: number("max-num-seqs"),
    throughput: text("performance-mode") === "throughput" || undefined,
    moeBackend: text("moe-backend"),
    prefixCaching: isCaching === undefined ? undefined : isCaching === "true",
    wholePrompts: text("enable-chunked-prefill") === "false" || undefined,
    exchange: text("all2all-backend"),
    kvCacheDtype: text("kv-cache-dtype"),
    dtype: text("dtype"),
    quantization: text("quantization"),
    cpuOffloadGiB: Number(text("cpu-offload-gb")) || undefined,
    eager: text("enforce-eager") === "true" || undefined,
    redundantExperts: redundantOf(engine),
    adapters: text("enable-lora") === "true" ? adaptersOf(number) : undefined,
    ...fitVariables(engine),
    ...(model.multimodal === true && mediaOf(engine, text)),
    ...draftsOf(engine, size("tensor-parallel-size")),
  };
  return withEntries(request, (value) => value) as unknown as FitRequest;
}

/** The defaults for which vLLM reserves memory. Source: LoRAConfig, vllm/config/lora.py. */
function adaptersOf(number: (flag: string) => number | undefined): FitRequest["adapters"] {
  return { count: number("max-loras") ?? 1, rank: number("max-lora-rank") ?? 16 };
}

export const MEMORY_CHECK: Check = {
  name: "the model fits into its accelerators",
  source: "core/views/fit: published shapes of the model, vLLM's way of sharing weights and KV cache",
  codes: ["MemoryFit", "ContextTooLong", "UnknownModel"],
  judge: (subject) => {
    const model = servedModel(subject);
    const engines = leaders(subject);
    const unread = judgeUnread(subject);
    if (model === undefined) {
      const known = subject.engines.filter(({ isVllm, isSglang, pod }) => (isVllm || isSglang) && pod === "template");
      const sized = judgeSize(known.map(inVllmWords), servedSize(subject.spec), subject);
      return [...asCertain(sized, subject), ...unread];
    }
    const contexts = engines.flatMap((engine) => judgeContext(engine, model, subject));
    const fits = fitsOf(subject).flatMap((role) => [...judgeFit(role, subject), ...judgeStates(role, subject)]);
    return [...asCertain([...contexts, ...fits], subject), ...unread];
  },
};

/** A model whose shape is unknown: what is certain from its size alone, and what is not checked. */
function judgeSize(engines: readonly Engine[], size: ModelSize | undefined, subject: CheckSubject): CheckFinding[] {
  // The unsupported scheme of a URI is an error, and says more.
  if (size === undefined && !isModelUri(subject.spec.model?.uri)) return [];
  if (size === undefined)
    return engines
      .slice(0, 1)
      .map(() => unknownModel("the model is not in the catalogue, so its memory and its parallelism are not checked"));
  const known = `the catalogue has the parameters (${size.parameters / 1e9}e9) and the context of the model, but not its shape, so its KV cache and its parallelism are not checked`;
  return [
    ...engines.slice(0, 1).map(() => unknownModel(known)),
    ...engines.flatMap((engine) => [
      // A published context length is the publisher's recommendation, which may be less than the model's positions.
      ...judgeContext(engine, size, subject).map((finding) => ({ ...finding, severity: "warning" as const })),
      ...judgeWeights(engine, size, subject),
    ]),
  ];
}

/** Weights that exceed the memory of all ranks together, however they are spread. */
function judgeWeights(
  engine: Engine,
  { parameters, bytesPerParameter }: ModelSize,
  subject: CheckSubject,
): CheckFinding[] {
  const devices = devicesOf(engine, subject);
  const device = devices?.accelerator && rankOf(devices.accelerator, devices.model);
  const isChanged = ["quantization", "dtype", "cpu-offload-gb", "load-format"].some((flag) =>
    flagValue(engine.args, flag),
  );
  if (device === undefined || device.unified || isChanged) return [];
  const sizes = [TENSOR, "pipeline-parallel-size", "data-parallel-size"];
  if (unknownFlags(engine, [...sizes, "quantization", "dtype", "cpu-offload-gb"]).length > 0) return [];
  const ranks = sizes.reduce((all, flag) => all * (numberOf(engine, flag) ?? 1), 1);
  const weights = parameters * bytesPerParameter * (1 - UNTOLD);
  if (weights <= ranks * device.memoryGiB * GIB) return [];
  const name = devices?.name ?? devices?.resource;
  const message = `the weights of the model take about ${gib(parameters * bytesPerParameter)} GiB, but ${ranks} × ${name} have ${gib(ranks * device.memoryGiB * GIB)} GiB`;
  const fix = "use more accelerators, or ones with more memory, or a quantised model";
  return [{ code: "MemoryFit", path: roleAt(engine.role), layer: "merged", message, fix }];
}

/** How much smaller the weights may be than the rounded number of parameters implies. */
const UNTOLD = 0.1;

function unknownModel(message: string): CheckFinding {
  return {
    code: "UnknownModel",
    path: "spec.model.uri",
    layer: "merged",
    message,
    fix: "set modelInfo (--model-info) to the output of `kserve-llm model info FOLDER` or `kserve-llm model add ORG/NAME`, which has the model's config.json and weightBytes, the size of its weights; or set checks.UnknownModel to off",
  };
}

/** How one role of a service fits; `name` is that of the accelerator or of its resource. */
export interface RoleFit {
  engine: Engine;
  name: string;
  memoryGiB: number;
  request: FitRequest;
  result: Fit;
  /** Flags that contain a value known only in the pod. */
  unknown: readonly string[];
}

const TENSOR = "tensor-parallel-size";
const LENGTH = "max-model-len";
/** The flags that {@link fitRequestOf} reads, and flags that change the form of the weights. */
const READ: readonly string[] = [
  TENSOR,
  LENGTH,
  "pipeline-parallel-size",
  "data-parallel-size",
  "decode-context-parallel-size",
  "gpu-memory-utilization",
  "device-memory-utilization",
  "performance-mode",
  "enable-chunked-prefill",
  "all2all-backend",
  "kv-cache-memory-bytes",
  "max-num-batched-tokens",
  "max-num-seqs",
  "kv-cache-dtype",
  "dtype",
  "quantization",
  "cpu-offload-gb",
  "load-format",
  "max-loras",
  "max-lora-rank",
];
/** The lower bound of a length. */
const SHORT = 256;

/** The memory of every role whose model and accelerator are known, as the merged spec runs it. */
export function fitsOf(subject: CheckSubject): RoleFit[] {
  const model = servedModel(subject);
  if (model === undefined) return [];
  return leaders(subject).flatMap((engine): RoleFit[] => {
    const devices = devicesOf(engine, subject);
    const device = devices?.accelerator && rankOf(devices.accelerator, devices.model);
    if (devices === undefined || device === undefined) return [];
    const unknown = unknownFlags(engine, READ);
    const most = devices.count * (devices.accelerator?.coresPerDevice ?? 1);
    // -1 and auto: vLLM takes the longest context that fits.
    const isShort = ["auto", "-1"].includes(flagValue(engine.args, LENGTH) ?? "") || unknown.includes(LENGTH);
    const request: FitRequest = {
      ...fitRequestOf(engine, model, device),
      ...(isShort && { maxModelLen: SHORT }),
      ...(unknown.includes(TENSOR) && { tensor: Math.max(1, most) }),
    };
    const { memoryGiB } = device;
    const result = estimate(request);
    return [{ engine, name: devices.name ?? devices.resource, memoryGiB, request, result, unknown }];
  });
}

/** The memory of a device that one rank may use; undefined if the memory is not known. */
export function rankOf(
  { memoryGiB, devicesPerNode, coresPerDevice = 1, unifiedMemory, resource }: KnownClass,
  name = "",
) {
  const capability = capabilityOf(name);
  if (memoryGiB === undefined) return undefined;
  return {
    memoryGiB: memoryGiB / coresPerDevice,
    vendor: resource.split("/")[0] ?? "",
    ...(devicesPerNode !== undefined && { devicesPerNode: devicesPerNode * coresPerDevice }),
    ...(unifiedMemory === true && { unified: true }),
    ...(capability !== undefined && { capability }),
    ...(/a100/i.test(name) && { smallSteps: true }),
  };
}

/** Followers of a group hold as much as their leader. */
function leaders({ engines }: CheckSubject): Engine[] {
  return engines.filter(({ isVllm, pod }) => isVllm && pod === "template");
}

function judgeFit({ engine, name, memoryGiB, result, unknown }: RoleFit, subject: CheckSubject): CheckFinding[] {
  // A lower bound of what it needs, over all devices of the pod and with hardly any tokens.
  const isLeast = result.verdict === "exceeds" && unknown.every((flag) => flag === TENSOR || flag === LENGTH);
  if (unknown.length > 0 && !isLeast) return [unreadFit(engine, unknown)];
  if (result.verdict === "fits") return [];
  const isTight = result.verdict === "tight";
  return [
    {
      code: "MemoryFit",
      ...(isTight && { severity: "warning" }),
      path: roleAt(engine.role),
      layer: layerOfFlag(subject, engine, "max-model-len"),
      message: describe(result, name, memoryGiB),
      fix: suggest(result, engine),
      ...withFixes(roomFixes(engine, result, subject)),
    },
  ];
}

function describe({ rows, needed, budget, verdict }: Fit, name: string, memoryGiB: number): string {
  const parts = rows.map(({ part, bytes, how }) => `${part} ${gib(bytes)} (${how})`).join(" + ");
  const [need, most] = distinctly(needed, budget, memoryGiB);
  const limit = `${most} of ${memoryGiB} GiB`;
  if (verdict === "tight")
    return `memory is tight, and the engine may not start: each ${name} needs about ${need} GiB, and vLLM may use ${limit}: ${parts}`;
  return `each ${name} needs ${need} GiB, but vLLM may use only ${limit}: ${parts}`;
}

/** Both amounts in GiB, with as many digits as show that they differ, and that the budget is within the memory. */
function distinctly(needed: number, budget: number, memoryGiB: number): [string, string] {
  const shown = [1, 2, 3].map((digits): [string, string] => [gib(needed, digits), gib(budget, digits)]);
  const last = shown[2] as [string, string];
  return shown.find(([need, most]) => need !== most && Number(most) <= memoryGiB) ?? last;
}

/** A larger tensor-parallel size, else a shorter context. */
function roomFixes(engine: Engine, { suggestions: { tensor, maxModelLen } }: Fit, subject: CheckSubject): Fix[] {
  const larger = tensor === undefined ? [] : tensorFixes(engine, tensor, subject);
  if (larger.length > 0 || maxModelLen === undefined) return larger;
  return [{ path: flagAt(engine, "max-model-len"), value: String(maxModelLen) }];
}

/** What helps a tight fit, and what makes room for a model that does not fit. */
function suggest({ fits, suggestions }: Fit, engine: Engine): string {
  const { tensor, maxModelLen, withoutVideos } = suggestions;
  const length = settingName(engine, "max-model-len", "tuning.maxModelLen");
  if (fits && Object.keys(suggestions).length === 0)
    return `watch the first start, or lower ${length} or ${settingName(engine, "max-num-seqs", "tuning.maxNumSeqs")}`;
  const ways = [
    ...(tensor === undefined ? [] : [`set ${inRole(engine.role, "parallelism.tensor")} to ${tensor}`]),
    ...(maxModelLen === undefined ? [] : [`set ${length} to ${maxModelLen} or less`]),
    ...(withoutVideos ? [withoutVideosFix(engine)] : []),
    "use an accelerator with more memory",
    ...(tensor === undefined && maxModelLen === undefined
      ? ["use a quantised model", "use more nodes with worker"]
      : []),
  ];
  return ways.join(", or ");
}

/**
 * vLLM takes only `1` and `true` as permission to exceed the limit. Source: VLLM_ALLOW_LONG_MAX_MODEL_LEN,
 * vllm/envs.py.
 */
function allowsLong({ name, value = "", valueFrom }: { name: string; value?: string; valueFrom?: unknown }): boolean {
  if (name !== "VLLM_ALLOW_LONG_MAX_MODEL_LEN") return false;
  return valueFrom !== undefined || ["1", "true"].includes(value.trim().toLowerCase());
}

type Positions = Pick<ModelFacts, "maxPositions" | "statedPositions" | "guessedPositions">;

/** vLLM refuses a context beyond the model's own, unless the positions are scaled or a variable permits it. */
function judgeContext(
  engine: Engine,
  { maxPositions, statedPositions = 0, guessedPositions }: Positions,
  subject: CheckSubject,
): CheckFinding[] {
  const asked = numberOf(engine, "max-model-len");
  const isScaled = engine.args.some((arg) => /^--(hf[-_]overrides|rope[-_]scaling)/.test(arg));
  const isAllowed = engine.container.env?.some(allowsLong) === true;
  if (asked === undefined || maxPositions === undefined || asked <= maxPositions || isScaled || isAllowed) return [];
  return [
    {
      code: "ContextTooLong",
      // Values that cannot be read may scale the positions. Positions that the config claims but the model cannot use
      // are refused if the files next to it claim fewer.
      ...(((engine.start && !isWhole(engine.start)) || asked <= statedPositions || guessedPositions === true) && {
        severity: "warning",
      }),
      path: flagPathOf(engine, "max-model-len"),
      layer: layerOfFlag(subject, engine, "max-model-len"),
      message: `max-model-len is ${asked}, but the model supports at most ${maxPositions} tokens of context`,
      fix: `set ${settingName(engine, "max-model-len", "tuning.maxModelLen")} to ${maxPositions} or less, or extend the context with --hf-overrides`,
      fixes: [{ path: flagAt(engine, "max-model-len"), value: String(maxPositions) }],
    },
  ];
}

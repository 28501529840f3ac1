import type { Fix } from "../../../contract/issues/issue.ts";
import { inRole } from "../../../contract/role.ts";
import { capabilityOf } from "../../../knowledge/accelerators/accelerators.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { refusesExternalRanks, wantsEvenExperts } from "../../../knowledge/engine/rules/featurerules.ts";
import { layersWithoutTiles } from "../../../knowledge/engine/rules/marlinrows.ts";
import { fit as estimate } from "../../../knowledge/memory/fit.ts";
import type { ModelFacts } from "../../../knowledge/models/facts.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import {
  blockOf,
  splitsBlocks,
  splitsShared,
  tensorSizes,
  whyNoSharedContext,
  whyUnsplittable,
} from "../../../knowledge/models/split.ts";
import { inWords } from "../../../kubernetes/text.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, numberOf, unknownFlags } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { inVllmWords, ownFlag } from "../sglang/sglangwords.ts";
import { asCertain } from "./certain.ts";
import { devicesOf } from "./devices.ts";
import { fitsOf } from "./memory.ts";
import { BALANCE, BALANCED, REDUNDANT, redundantOf } from "./redundantexperts.ts";
import { sizeFix, tensorFixes } from "./sizefixes.ts";

export const SHAPE_CHECK: Check = {
  name: "parallelism divides the model",
  source:
    "ModelConfig.verify_with_parallel_config and get_num_kv_heads, vllm/config/model.py, vLLM 0.23; Fp8MoEMethod.create_weights, vllm/model_executor/layers/quantization/fp8.py",
  codes: ["ModelShape"],
  judge: (subject) => {
    const facts = servedModel(subject);
    if (facts === undefined) return [];
    return subject.engines
      .filter(({ isVllm, isSglang }) => isVllm || isSglang)
      .map(inVllmWords)
      .flatMap((engine) => asCertain(judgeShape(engine, facts, subject), subject));
  },
};

function judgeShape(engine: Engine, facts: ModelFacts, subject: CheckSubject): CheckFinding[] {
  const shape = { ...facts, mostRanks: mostRanks(engine, subject) };
  const wrong = wrongSize(engine, shape) ?? splitTiles(engine, shape, subject);
  if (wrong === undefined) return [];
  const { flag, sizes, ...finding } = wrong;
  const fixes = shapeFixes(engine, wrong, subject);
  const own = ownFlag(engine, flag, subject);
  const layer = layerOfFlag(subject, own.engine, own.flag);
  const fix = finding.fix?.replaceAll("parallelism.", inRole(engine.role, "parallelism."));
  return [{ code: "ModelShape", path: flagPathOf(own.engine, own.flag), layer, ...finding, fix, ...withFixes(fixes) }];
}

/** A model, and how many tensor-parallel ranks an engine has room for. */
interface Shape extends ModelFacts {
  mostRanks: number;
}

/** The ranks of a node with all its devices; an engine of several pods has room for any number. */
function mostRanks(engine: Engine, subject: CheckSubject): number {
  const { devicesPerNode = 8, coresPerDevice = 1 } = devicesOf(engine, subject)?.accelerator ?? {};
  return engine.workload.worker === undefined ? devicesPerNode * coresPerDevice : Number.POSITIVE_INFINITY;
}

/** The sizes by which the model can be split; those that need more than a node only if there are no others. */
function sizesOf(shape: Shape): number[] {
  const sizes = tensorSizes(shape);
  const inNode = sizes.filter((size) => size <= shape.mostRanks);
  return inNode.length > 0 ? inNode : sizes;
}

/** A flag that does not suit the model; with a severity if it is not certain to fail. */
interface Wrong extends Pick<CheckFinding, "message" | "fix" | "severity"> {
  flag: string;
  /** Sizes that suit the model; for a switch, whether it is on. */
  sizes?: readonly number[];
  isOn?: boolean;
}

/**
 * The next smaller size that suits the model and in which it fits; keeping experts whole is proposed if only that
 * helps.
 */
function shapeFixes(engine: Engine, { flag, sizes = [], isOn }: Wrong, subject: CheckSubject): Fix[] {
  if (isOn !== undefined) {
    const balanced = isOn || flagValue(engine.args, BALANCED) !== "true" ? [] : [{ path: flagAt(engine, BALANCED) }];
    return [...sizeFix(engine, "enable-expert-parallel", isOn, subject), ...balanced];
  }
  const asked = numberOf(engine, flag) ?? 1;
  const smaller = sizes.filter((size) => size < asked).reverse();
  if (flag === PIPELINE && !fitsNode(engine, smaller[0] ?? asked, subject)) return [];
  // Which of several sizes is meant decides how many accelerators the service uses.
  if (flag === TENSOR && sizes.length > 1) return [];
  if (flag !== TENSOR) return smaller[0] === undefined ? [] : sizeFix(engine, flag, smaller[0], subject);
  const role = fitsOf(subject).find((one) => one.engine === engine);
  const best = smaller.find((tensor) => role === undefined || estimate({ ...role.request, tensor }).fits);
  return best === undefined ? [] : tensorFixes(engine, best, subject);
}

const TENSOR = "tensor-parallel-size";
const PIPELINE = "pipeline-parallel-size";

/** Whether there is room for each stage. */
function fitsNode(engine: Engine, stages: number, subject: CheckSubject): boolean {
  return stages * (numberOf(engine, TENSOR) ?? 1) <= mostRanks(engine, subject);
}

/** The wrong flag and the reason; the first one found. */
function wrongSize(engine: Engine, facts: Shape): Wrong | undefined {
  const { layers } = facts;
  const tensor = numberOf(engine, TENSOR) ?? 1;
  const pipeline = numberOf(engine, PIPELINE) ?? 1;
  // The command line's own check reports a number of ranks that no engine has.
  if (!Number.isInteger(tensor) || tensor < 1) return undefined;
  const unsplittable = wrongHeads(facts, tensor);
  if (unsplittable !== undefined) return unsplittable;
  const isExpert = flagValue(engine.args, EXPERT) === "true";
  // Words that cannot be read may keep experts whole.
  const unsure = unknownFlags(engine, [EXPERT]).length > 0 && { severity: "warning" as const };
  if (facts.expertParameters === 0 && isExpert) {
    const message = "expert parallelism is enabled, but the model has no experts";
    return { flag: EXPERT, message, fix: "set parallelism.expert to false", isOn: false };
  }
  const data = numberOf(engine, "data-parallel-size") ?? 1;
  const balanced = externalRanks(facts, data, engine);
  if (balanced !== undefined) return balanced;
  const split = isExpert
    ? data === 1
      ? splitShared(facts, tensor)
      : undefined
    : (splitBlocks(facts, tensor, data) ?? splitGroups(facts, tensor));
  if (split !== undefined) return { ...split, ...unsure };
  const uneven = isExpert
    ? unevenExperts(facts, tensor * data * (numberOf(engine, PREFILL_CONTEXT) ?? 1), engine)
    : undefined;
  if (uneven !== undefined) return uneven;
  const context = sharedContext(facts, tensor, engine);
  if (context !== undefined) return context;
  if (pipeline <= layers) return undefined;
  const message = `pipeline ${pipeline} exceeds the number of layers of the model (${layers})`;
  const fix = `set parallelism.pipeline to ${layers} or less`;
  return { flag: PIPELINE, message, fix, sizes: [layers] };
}

/** With data-parallel ranks, vLLM may keep these experts whole. */
function splitShared(facts: Shape, tensor: number): Wrong | undefined {
  const { sharedWidth, weightBlock } = facts;
  if (!splitsShared(facts, tensor)) return undefined;
  const sizes = sizesOf(facts);
  const message = `the shared experts are ${sharedWidth} wide, and tensor ${tensor} would split their blocks of ${weightBlock}, even with expert parallelism; in some models they are stored in 16 bits and can be split`;
  return {
    flag: TENSOR,
    message,
    sizes,
    fix: `set parallelism.tensor to ${inWords(sizes, "or")}`,
    severity: "warning",
  };
}

/** Dense layers that are quantised in groups (GPTQ, AWQ). Source: verify_marlin_supports_shape and AWQLinearMethod.create_weights. */
function splitGroups(facts: Shape, tensor: number): Wrong | undefined {
  const { width, expertWidth, group } = facts;
  if (group === undefined || expertWidth !== undefined || (width / tensor) % group.size === 0) return undefined;
  const { group: _whole, ...model } = facts;
  const sizes = sizesOf(model).filter((size) => (width / size) % group.size === 0);
  return {
    flag: TENSOR,
    message: `its layers are ${width} wide and quantised in groups of ${group.size}, which tensor ${tensor} would split${group.guessed ? ", unless the publisher has padded them" : ""}`,
    sizes,
    fix: `set parallelism.tensor to ${inWords(sizes, "or")}`,
    ...(group.guessed && { severity: "warning" }),
  };
}

const EXTERNAL = ["data-parallel-rank", "data-parallel-external-lb"] as const;

/** Ranks that share no experts are separate engines. */
function externalRanks({ expertParameters }: ModelFacts, data: number, { args, release }: Engine): Wrong | undefined {
  const flag = EXTERNAL.find((one) => ![undefined, "false"].includes(flagValue(args, one)));
  const isRefused = release !== undefined && refusesExternalRanks(release.number);
  if (flag === undefined || !isRefused || data < 2 || expertParameters > 0) return undefined;
  const message = `--${flag} starts one of ${data} ranks behind an external load balancer, but the model has no experts that the ranks would share`;
  return { flag, message, fix: "remove the --data-parallel flags, so that each pod runs a whole engine" };
}

/**
 * Experts that are balanced between ranks, or in a backend that spreads them evenly. Source: FusedMoE in
 * vllm/model_executor/layers/fused_moe/layer.py, every release from 0.9.2 to 0.33.0.
 */
function unevenExperts({ experts }: ModelFacts, ranks: number, engine: Engine): Wrong | undefined {
  const { args, release } = engine;
  const backend = flagValue(args, BACKEND) ?? "";
  const isEven = release !== undefined && wantsEvenExperts(backend, release.number);
  const redundant = redundantOf(engine) ?? (isEven ? 0 : undefined);
  if (experts === undefined || redundant === undefined || (experts + redundant) % ranks === 0) return undefined;
  const flags = [REDUNDANT, BALANCE] as const;
  if (unknownFlags(engine, flags).length > 0) return undefined;
  const wanted = ranks - (experts % ranks);
  const isBalanced = flagValue(args, BALANCED) === "true";
  const by = isBalanced ? "--enable-eplb" : `--${BACKEND}=${backend}`;
  const message = `${by} gives each of the ${ranks} expert-parallel ranks equally many experts, but the model has ${experts}${redundant > 0 ? `, and the flags set ${redundant} redundant ones` : ""}`;
  const copies = `set num_redundant_experts to ${experts % ranks === 0 ? `0 or ${ranks}` : wanted}`;
  const flag = flags.find((one) => flagValue(args, one) !== undefined) ?? (isBalanced ? BALANCED : BACKEND);
  const others = `use a number of ranks that divides the model's ${experts} experts, or remove --${BACKEND}`;
  return { flag, message, fix: isBalanced ? copies : others };
}

/** The kernels of experts. */
const BACKEND = "moe-backend";
const CONTEXT = "decode-context-parallel-size";
const PREFILL_CONTEXT = "prefill-context-parallel-size";

function sharedContext(facts: Shape, tensor: number, engine: Engine): Wrong | undefined {
  const ranks = numberOf(engine, CONTEXT) ?? 1;
  const why = tensor % ranks === 0 ? whyNoSharedContext(facts, tensor, ranks) : undefined;
  if (why === undefined) return undefined;
  const message = `--${CONTEXT} is ${ranks}, but ${why}`;
  return { flag: CONTEXT, message, fix: `remove --${CONTEXT}, or set parallelism.tensor to more`, sizes: [1] };
}

function wrongHeads(facts: Shape, tensor: number): Wrong | undefined {
  const why = whyUnsplittable(facts, tensor);
  if (why === undefined) return undefined;
  const message =
    why === "heads"
      ? `tensor ${tensor} does not divide the model's ${facts.heads} attention heads`
      : `tensor ${tensor} does not divide the model's ${facts.kvHeads} KV heads, and is not a multiple of them`;
  const sizes = sizesOf(facts);
  return { flag: TENSOR, message, sizes, fix: `set parallelism.tensor to ${inWords(sizes, "or")}` };
}

const EXPERT = "enable-expert-parallel";

/**
 * Scales of weights that are quantised in blocks cannot be split: each rank's part must be whole blocks. Without
 * expert parallelism every expert is split over tensor × data, as a dense layer is over tensor. Kernels of some
 * releases accept groups (GPTQ, AWQ) that are split, those of others crash at the first request:
 * vllm-project/vllm#17604.
 */
function splitBlocks(facts: Shape, tensor: number, data: number): Wrong | undefined {
  const { expertWidth, width, weightBlock } = facts;
  const block = blockOf(facts);
  if (block === undefined) return undefined;
  const whole = expertWidth ?? width;
  const isWhole = (size: number): boolean => !splitsBlocks(facts, size, data);
  if (isWhole(tensor)) return undefined;
  const sizes = sizesOf(facts).filter(isWhole);
  const smaller =
    sizes.length > 0 ? `set parallelism.tensor to ${inWords(sizes, "or")}` : "use another quantisation of the model";
  const helps = expertWidth !== undefined && !splitsShared(facts, tensor);
  const of = expertWidth === undefined ? "its layers are" : "an expert is";
  const ranks = `tensor ${tensor}${data > 1 ? ` × data ${data}` : ""}`;
  const kind = weightBlock === undefined ? "groups" : "blocks";
  return {
    flag: TENSOR,
    message: `${of} ${whole} wide and quantised in ${kind} of ${block.size}, which ${ranks} would split`,
    fix: helps ? `set parallelism.expert to true, which keeps experts whole; or ${smaller}` : smaller,
    ...(helps ? { isOn: true } : { sizes }),
    ...(!block.isCertain && { severity: "warning" }),
  };
}

/** Layers in FP8 on a GPU that has no instructions for it. */
function splitTiles(engine: Engine, facts: Shape, subject: CheckSubject): Wrong | undefined {
  const { args, release, isVllm } = engine;
  const capability = capabilityOf(devicesOf(engine, subject)?.model ?? "");
  const isFp8 = facts.format === "fp8" || flagValue(args, "quantization") === "fp8";
  if (!isFp8 || !isVllm || capability === undefined || release === undefined) return undefined;
  const isExpert = flagValue(args, EXPERT) === "true" || unknownFlags(engine, [EXPERT]).length > 0;
  const data = numberOf(engine, "data-parallel-size") ?? 1;
  const found = (tensor: number, isWhole = isExpert): ReturnType<typeof layersWithoutTiles> =>
    layersWithoutTiles(
      facts,
      { layers: tensor, experts: isWhole ? 1 : tensor * data },
      { capability, release: release.number },
    );
  const tensor = numberOf(engine, TENSOR) ?? 1;
  const wrong = found(tensor);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const sizes = sizesOf(facts).filter((size) => found(size).length === 0);
  const later = wrong.find(({ isOfExperts }) => isOfExperts)?.until ?? first.until;
  const helps = found(tensor, true).length === 0;
  const other =
    sizes.length > 0 ? `set parallelism.tensor to ${inWords(sizes, "or")}` : "use the model in another format";
  return {
    flag: TENSOR,
    message: `${first.layers} ${first.width} wide, of which tensor ${tensor} leaves no whole tiles for the kernel that this accelerator uses for FP8 in vLLM ${release.text}`,
    fix: `${helps ? "set parallelism.expert to true, which keeps experts whole; or " : ""}${other}, or run vLLM ${later} or later`,
    ...(helps ? { isOn: true } : { sizes }),
  };
}

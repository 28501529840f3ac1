import { DEVICES, recognise } from "../../knowledge/accelerators/recognise.ts";
import { flagValue } from "../../knowledge/engine/commandline.ts";
import type { ModelFacts } from "../../knowledge/models/facts.ts";
import { servedModel } from "../../knowledge/models/served.ts";
import { tensorSizes, whyUnsplittable } from "../../knowledge/models/split.ts";
import { quantityNumber } from "../../kubernetes/quantity.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "./check.ts";
import { type Engine, numberOf } from "./engine.ts";
import { inVllmWords } from "./sglangwords.ts";

/** The accelerators that a pod asks for: their resource, how many, and which they are where a layer or the pod says it. */
export function devicesOf({ container, podSpec, role }: Engine, { lowering, accelerators }: CheckSubject) {
  const limits = container.resources?.limits ?? {};
  const resource = Object.keys(limits).find((name) => DEVICES.test(name));
  if (resource === undefined) return undefined;
  const given = accelerators?.[role];
  const own = { ...lowering?.accelerators, ...(given && { [given.name]: given.accelerator }) };
  const found = recognise(podSpec, resource, own) ?? (given?.accelerator.resource === resource ? given : undefined);
  return { resource, count: quantityNumber(entryOf(limits, resource) ?? 0), ...found };
}

export const DEVICES_CHECK: Check = {
  name: "a node can carry the accelerators of a pod",
  source:
    "devices of the largest node that is sold (core/knowledge/accelerators/catalogue.ts); NCCL, which joins no parts of one GPU",
  codes: ["GpuShape", "NoAccelerator"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeDevices(engine, subject)),
};

function judgeDevices(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const devices = devicesOf(engine, subject);
  const at = { code: "GpuShape" as const, layer: "merged" };
  const ranks = numberOf(engine, "tensor-parallel-size") ?? 1;
  if (devices === undefined) {
    const others = subject.engines.filter((other) => devicesOf(other, subject) !== undefined);
    if (!engine.isVllm || (ranks === 1 && others.length === 0) || hasOtherDevices(engine)) return [];
    const message =
      ranks === 1
        ? `the pod requests no accelerator, but other pods of the service do (${others[0]?.path})`
        : `tensor ${ranks} needs ${ranks} accelerators, but the pod requests none`;
    const path = `${engine.path}.resources.limits`;
    return [{ ...at, code: "NoAccelerator", path, message, fix: "set accelerator, or the resource limits" }];
  }
  const { resource, count, name = resource, accelerator } = devices;
  const path = `${engine.path}.resources.limits[${resource}]`;
  const most = accelerator?.devicesPerNode;
  const perPod = engine.workload.worker === undefined ? "spread the engine over pods with worker" : "use more pods";
  if (most !== undefined && count > most) {
    const message = `a pod requests ${count} ${name}, but no node has more than ${most}`;
    return [{ ...at, path, message, fix: `${perPod}, or lower parallelism.tensor to ${most} or less` }];
  }
  if (/mig-/.test(resource) && count > 1) {
    const message = `MIG slices cannot be combined into one engine, but the pod requests ${count} × ${resource}`;
    return [{ ...at, path, message, fix: "use one slice per pod with parallelism.tensor 1, or whole GPUs" }];
  }
  return [];
}

/** Devices by claim (DRA), or none: vLLM on CPUs has ranks too. */
function hasOtherDevices({ container, podSpec }: Engine): boolean {
  const claims = (container.resources?.claims?.length ?? 0) + (podSpec.resourceClaims?.length ?? 0);
  return claims > 0 || /[-/]cpu\b|-cpu-/.test(container.image ?? "");
}

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
      .flatMap((engine) => judgeShape(engine, facts, subject));
  },
};

function judgeShape(engine: Engine, facts: ModelFacts, subject: CheckSubject): CheckFinding[] {
  const wrong = wrongSize(engine, facts);
  if (wrong === undefined) return [];
  const { flag, ...finding } = wrong;
  return [{ code: "ModelShape", path: `${engine.path}.args`, layer: layerOfFlag(subject, engine, flag), ...finding }];
}

/** A flag that does not suit the model; with a severity where that is not certain to fail. */
interface Wrong extends Pick<CheckFinding, "message" | "fix" | "severity"> {
  flag: string;
}

const TENSOR = "tensor-parallel-size";

/** The flag that is wrong, and why; the first that there is. */
function wrongSize(engine: Engine, facts: ModelFacts): Wrong | undefined {
  const { layers } = facts;
  const tensor = numberOf(engine, TENSOR) ?? 1;
  const pipeline = numberOf(engine, "pipeline-parallel-size") ?? 1;
  const unsplittable = wrongHeads(facts, tensor);
  if (unsplittable !== undefined) return unsplittable;
  const isExpert = flagValue(engine.args, EXPERT) === "true";
  if (facts.expertParameters === 0 && isExpert) {
    const message = "expert parallelism is enabled, but the model has no experts";
    return { flag: EXPERT, message, fix: "set parallelism.expert to false" };
  }
  const split = isExpert ? undefined : splitBlocks(facts, tensor, numberOf(engine, "data-parallel-size") ?? 1);
  if (split !== undefined) return split;
  if (pipeline <= layers) return undefined;
  const message = `pipeline ${pipeline} exceeds the number of layers of the model (${layers})`;
  return { flag: "pipeline-parallel-size", message, fix: `set parallelism.pipeline to ${layers} or less` };
}

function wrongHeads(facts: ModelFacts, tensor: number): Wrong | undefined {
  const why = whyUnsplittable(facts, tensor);
  if (why === undefined) return undefined;
  const message =
    why === "heads"
      ? `tensor ${tensor} does not divide the model's ${facts.heads} attention heads`
      : `tensor ${tensor} does not divide the model's ${facts.kvHeads} KV heads, and is not a multiple of them`;
  return { flag: TENSOR, message, fix: `set parallelism.tensor to ${tensorSizes(facts).join(", ")}` };
}

const EXPERT = "enable-expert-parallel";

/**
 * Scales of weights that are quantised in blocks cannot be split: each rank's part must be whole blocks. Without expert
 * parallelism every expert is split over tensor × data, as a dense layer is over tensor. Kernels of some releases take groups
 * (GPTQ, AWQ) that are cut, those of others die at the first request: vllm-project/vllm#17604.
 */
function splitBlocks(facts: ModelFacts, tensor: number, data: number): Wrong | undefined {
  const { expertWidth, width, weightBlock, expertGroup } = facts;
  const block = weightBlock ?? (expertWidth === undefined ? undefined : expertGroup);
  if (block === undefined) return undefined;
  const whole = expertWidth ?? width;
  const isWhole = (size: number): boolean => (whole / (expertWidth === undefined ? size : size * data)) % block === 0;
  if (isWhole(tensor)) return undefined;
  const sizes = tensorSizes(facts).filter(isWhole);
  const smaller =
    sizes.length > 0 ? `set parallelism.tensor to ${sizes.join(", ")}` : "use another quantisation of the model";
  const of = expertWidth === undefined ? "its layers are" : "an expert is";
  const ranks = `tensor ${tensor}${data > 1 ? ` × data ${data}` : ""}`;
  const kind = weightBlock === undefined ? "groups" : "blocks";
  return {
    flag: TENSOR,
    message: `${of} ${whole} wide and quantised in ${kind} of ${block}, which ${ranks} would split`,
    fix:
      expertWidth === undefined ? smaller : `set parallelism.expert to true, which keeps experts whole; or ${smaller}`,
    ...(weightBlock === undefined && { severity: "warning" }),
  };
}

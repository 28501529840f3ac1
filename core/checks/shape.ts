import type { Issue } from "../errors.ts";
import { DEVICES, recognise } from "../lower/recognise.ts";
import { flagValue } from "../merge/args.ts";
import { servedModel } from "../models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "./check.ts";
import { type Engine, numberOf } from "./engine.ts";

/** The accelerators that a pod asks for: their resource, how many, and which they are where a layer or the pod says it. */
export function devicesOf({ container, podSpec, role }: Engine, { lowering, accelerators }: CheckSubject) {
  const limits = container.resources?.limits ?? {};
  const resource = Object.keys(limits).find((name) => DEVICES.test(name));
  if (resource === undefined) return undefined;
  const said = accelerators?.[role];
  const own = { ...lowering?.accelerators, ...(said && { [said.name]: said.accelerator }) };
  const found = recognise(podSpec, resource, own) ?? (said?.accelerator.resource === resource ? said : undefined);
  return { resource, count: Number(limits[resource]), ...found };
}

export const DEVICES_CHECK: Check = {
  name: "a node can carry the accelerators of a pod",
  source: "devices of the largest node that is sold (core/lower/catalogue.ts); NCCL, which joins no parts of one GPU",
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
        ? `the pod asks for no accelerator, and other pods of the service do (${others[0]?.path})`
        : `tensor ${ranks} needs ${ranks} accelerators, and the pod asks for none`;
    const path = `${engine.path}.resources.limits`;
    return [{ ...at, code: "NoAccelerator", path, message, fix: "set accelerator, or the limits" }];
  }
  const { resource, count, name = resource, accelerator } = devices;
  const path = `${engine.path}.resources.limits[${resource}]`;
  const most = accelerator?.devicesPerNode;
  const perPod = engine.workload.worker === undefined ? "spread the engine over pods with worker" : "use more pods";
  if (most !== undefined && count > most) {
    const message = `a pod asks for ${count} ${name}, and no node has more than ${most}`;
    return [{ ...at, path, message, fix: `${perPod}, or lower parallelism.tensor to ${most} or less` }];
  }
  if (/mig-/.test(resource) && count > 1) {
    const message = `the parts of a GPU cannot be joined to one engine, and the pod asks for ${count} of ${resource}`;
    return [{ ...at, path, message, fix: "use one part a pod with parallelism.tensor 1, or whole GPUs" }];
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
  source: "ModelConfig.verify_with_parallel_config and get_num_kv_heads, vllm/config/model.py, vLLM 0.23",
  codes: ["ModelShape"],
  judge: (subject) => {
    const facts = servedModel(subject);
    if (facts === undefined) return [];
    return subject.engines
      .filter(({ isVllm }) => isVllm)
      .flatMap((engine): CheckFinding[] => {
        const tensor = numberOf(engine, "tensor-parallel-size") ?? 1;
        const pipeline = numberOf(engine, "pipeline-parallel-size") ?? 1;
        const { heads, kvHeads, layers, latent } = facts;
        const at = (flag: string): Pick<Issue, "code" | "path" | "layer"> => ({
          code: "ModelShape",
          path: `${engine.path}.args`,
          layer: layerOfFlag(subject, engine, flag),
        });
        if (heads % tensor !== 0) {
          const message = `tensor ${tensor} does not divide the model's ${heads} attention heads`;
          return [{ ...at("tensor-parallel-size"), message, fix: `set parallelism.tensor to ${divisors(heads)}` }];
        }
        if (latent === undefined && kvHeads % tensor !== 0 && tensor % kvHeads !== 0) {
          const message = `tensor ${tensor} and the model's ${kvHeads} KV heads: neither divides the other`;
          return [{ ...at("tensor-parallel-size"), message, fix: `set parallelism.tensor to ${divisors(heads)}` }];
        }
        if (facts.expertParameters === 0 && flagValue(engine.args, "enable-expert-parallel") === "true") {
          const message = "expert parallelism is on, and the model has no experts";
          return [{ ...at("enable-expert-parallel"), message, fix: "set parallelism.expert to false" }];
        }
        if (pipeline <= layers) return [];
        const message = `pipeline ${pipeline} has more stages than the model has layers (${layers})`;
        return [{ ...at("pipeline-parallel-size"), message, fix: `set parallelism.pipeline to ${layers} or less` }];
      });
  },
};

function divisors(heads: number): string {
  return [1, 2, 4, 7, 8, 14, 16, 28, 32].filter((size) => heads % size === 0).join(", ");
}

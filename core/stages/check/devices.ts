import { DEVICES, recognise } from "../../knowledge/accelerators/recognise.ts";
import { quantityNumber } from "../../kubernetes/quantity.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import { type Engine, numberOf } from "./engine.ts";

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

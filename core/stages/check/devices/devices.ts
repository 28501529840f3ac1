import { podsOfCopy } from "../../../api/shorthands/parallelism.ts";
import { SHORTHANDS } from "../../../contract/lowering.ts";
import { roleAt } from "../../../contract/role.ts";
import { capabilityOf } from "../../../knowledge/accelerators/accelerators.ts";
import { DEVICES, NETWORK, recognise } from "../../../knowledge/accelerators/recognise.ts";
import { platformOfImage } from "../../../knowledge/stacks/images.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { rememberingLast } from "../../../kubernetes/remember.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type Check, type CheckFinding, type CheckSubject, withFixes } from "../check.ts";
import { type Engine, numberOf, unknownFlags } from "../engine.ts";
import { countFixes } from "./devicecounts.ts";
import { lowerFix } from "./lowersizes.ts";
import { judgeNodes } from "./nodes.ts";
import { ranksOf } from "./sharedmemory.ts";

/**
 * The accelerators that a pod requests: their resource, their number, and their class if a layer or the pod names it.
 * `model` is the class of the catalogue, also if the layer wrote out a class of its own with a label of these devices.
 * Most checks read this.
 */
export const devicesOf = rememberingLast(({ container, podSpec, role }: Engine, subject: CheckSubject) => {
  const { lowering, accelerators } = subject;
  const limits = container.resources?.limits ?? {};
  const resource = Object.keys(limits).find((name) => DEVICES.test(name));
  if (resource === undefined) return undefined;
  const given = accelerators?.[role];
  const own = { ...lowering?.accelerators, ...(given && { [given.name]: given.accelerator }) };
  const found = recognise(podSpec, resource, own) ?? (given?.accelerator.resource === resource ? given : undefined);
  const model = found && capabilityOf(found.name) === undefined ? recognise(podSpec, resource)?.name : found?.name;
  return { resource, count: quantityNumber(entryOf(limits, resource) ?? 0), ...found, model: model ?? found?.name };
});

export const DEVICES_CHECK: Check = {
  name: "a node can carry the accelerators of a pod",
  source:
    "devices of the largest node that is sold (core/knowledge/accelerators/catalogue.ts); NCCL, which joins no parts of one GPU",
  codes: ["GpuShape", "NoAccelerator"],
  judge: (subject) =>
    subject.engines.flatMap((engine) => [
      ...judgeDevices(engine, subject),
      ...judgeNodes(engine),
      ...judgeInterconnect(engine, subject),
    ]),
};

function judgeDevices(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const devices = devicesOf(engine, subject);
  const at = { code: "GpuShape" as const, layer: "merged" };
  const ranks = numberOf(engine, "tensor-parallel-size") ?? 1;
  if (devices === undefined) {
    const others = subject.engines.filter((other) => devicesOf(other, subject) !== undefined);
    if (!engine.isVllm || hasOtherDevices(engine)) return [];
    if (ranks === 1 && others.length === 0) return judgeImage(engine, subject);
    const message =
      ranks === 1
        ? `the pod requests no accelerator, but other pods of the service do (${others[0]?.path})`
        : `tensor ${ranks} needs ${ranks} accelerators, but the pod requests none`;
    const path = `${engine.path}.resources.limits`;
    return [
      {
        ...at,
        code: "NoAccelerator",
        path,
        message,
        fix: "set accelerator, or the limit of the accelerator's resource",
      },
    ];
  }
  const { resource, count, name = resource, accelerator } = devices;
  const path = `${engine.path}.resources.limits[${resource}]`;
  const most = accelerator?.devicesPerNode;
  if (most !== undefined && count > most) {
    const message = `a pod requests ${count} ${name}, but no node has more than ${most}`;
    return [{ ...at, path, message, ...roomFix(engine, { most, count, resource, accelerator }, subject) }];
  }
  if (/mig-/.test(resource) && count > 1) {
    const message = `MIG slices cannot be combined into one engine, but the pod requests ${count} × ${resource}`;
    return [{ ...at, path, message, fix: "use one slice per pod with parallelism.tensor 1, or whole GPUs" }];
  }
  return [];
}

/**
 * A pod without any sign of accelerators whose author chose an image that only runs on them. A note, because a node's
 * default runtime may give such images all its GPUs (NVIDIA_VISIBLE_DEVICES of the image).
 */
function judgeImage({ container, podSpec, path, traced }: Engine, { provenance }: CheckSubject): CheckFinding[] {
  const { image = "", env = [] } = container;
  const { nodeSelector, affinity, nodeName, runtimeClassName, tolerations } = podSpec;
  const layer = provenance.get(`${traced}.image`)?.layer ?? "preset ";
  const isPlaced = [nodeSelector, affinity, nodeName, runtimeClassName, tolerations].some(Boolean);
  const isGiven = isPlaced || env.some(({ name }) => name.endsWith("_VISIBLE_DEVICES"));
  if (platformOfImage(image) !== "cuda" || isGiven || layer.startsWith("preset ") || layer === SHORTHANDS) return [];
  return [
    {
      code: "NoAccelerator",
      severity: "info",
      path: `${path}.resources.limits`,
      layer: "merged",
      message: "the pod requests no accelerator, but its image runs only on NVIDIA GPUs",
      fix: "set accelerator, or the limit of nvidia.com/gpu, unless the runtime of your nodes gives GPUs to every pod",
    },
  ];
}

interface Room {
  most: number;
  count: number;
  resource: string;
  accelerator: { coresPerDevice?: number } | undefined;
}

/**
 * How a pod can request fewer devices: as many as its ranks need, if more were written, otherwise by fewer ranks in it.
 */
function roomFix(
  engine: Engine,
  { most, count, resource, accelerator: { coresPerDevice = 1 } = {} }: Room,
  subject: CheckSubject,
): Pick<CheckFinding, "fix" | "fixes"> {
  const { service, groupSizes } = subject;
  if (!(engine.isVllm || engine.isSglang)) return { fix: `set ${resource} to ${most} or less` };
  const needed = Math.ceil(ranksOf(engine, groupSizes).ranks / coresPerDevice);
  if (needed >= count || needed > most || unknownFlags(engine, SIZES).length > 0)
    return { fix: lowerFix(engine, most, most * coresPerDevice, subject) };
  const fix = `set ${resource} to ${needed}, which is what the engine's ${needed * coresPerDevice === 1 ? "one rank needs" : "ranks need"}`;
  return { fix, ...withFixes(countFixes(service, resource, needed, engine.role)) };
}

const SIZES = ["tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size", "data-parallel-size-local"];

/**
 * Devices by claim (DRA), by a request that still lacks its limit, by an unknown resource, or none: vLLM on CPUs has
 * ranks too.
 */
function hasOtherDevices({ container, podSpec }: Engine): boolean {
  if (Object.keys(container.resources?.requests ?? {}).some((name) => DEVICES.test(name))) return true;
  const claims = (container.resources?.claims?.length ?? 0) + (podSpec.resourceClaims?.length ?? 0);
  const unknown = Object.keys(container.resources?.limits ?? {}).some(
    (name) => isExtended(name) && !NETWORK.test(name),
  );
  return claims > 0 || unknown || /[-/]cpu\b|-cpu-/.test(container.image ?? "");
}

function isExtended(resource: string): boolean {
  return resource.includes("/");
}

/** GPUs that reach GPUs of other nodes only over the network; in the racks of GB200 and GB300 NVLink connects them. */
const BY_NETWORK = /^(nvidia|amd)\.com\//;
const JOINED_RACKS = /gb[23]00/i;

/**
 * Tensor-parallel ranks in several pods without any sign of a fast network between them: each layer exchanges its
 * results. Source: vLLM's documentation, serving/parallelism_scaling.
 */
function judgeInterconnect(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { pod, role, workload, podSpec, isVllm, isSglang } = engine;
  const devices = devicesOf(engine, subject);
  const { tensor = numberOf(engine, "tensor-parallel-size") ?? 1, data, dataLocal } = workload.parallelism ?? {};
  const { pipeline = numberOf(engine, "pipeline-parallel-size") ?? 1 } = workload.parallelism ?? {};
  const isCopied = Boolean(data || dataLocal);
  const pods = podsOfCopy(role, workload, subject.groupSizes);
  if (devices === undefined || pod === "worker" || pods < 2) return [];
  const { count, resource, name = resource, accelerator } = devices;
  const inPod = count * (accelerator?.coresPerDevice ?? 1);
  if (!(isVllm || isSglang) || tensor <= inPod || !BY_NETWORK.test(resource) || JOINED_RACKS.test(name)) return [];
  if (podSpec.hostNetwork === true || hasFastNetwork(engine)) return [];
  return [
    {
      code: "GpuShape",
      severity: "info",
      path: `${roleAt(role)}.parallelism.tensor`,
      layer: "merged",
      message: `the ${tensor} tensor-parallel ranks of the engine are in ${pods} pods, which exchange the results of every layer: this is slow without RDMA, and the pods request no RDMA device`,
      fix: isCopied
        ? `set network.rdma if the nodes have RDMA, or set tensor to ${inPod} or less`
        : `set network.rdma if the nodes have RDMA, or set tensor to ${inPod} and pipeline to ${pipeline * Math.ceil(tensor / inPod)}: pipeline stages exchange far less data`,
    },
  ];
}

/** Whether a pod requests network devices (`rdma/ib`, `vpc.amazonaws.com/efa`), or a variable names network adapters for its libraries. */
export function hasFastNetwork({ container, podSpec }: Engine): boolean {
  const resources = Object.keys(container.resources?.limits ?? {});
  const isConfigured =
    container.env?.some(({ name }) => /^(NCCL_IB_HCA|NCCL_NET|FI_PROVIDER|RCCL_)/.test(name)) === true;
  const isClaimed = (podSpec.resourceClaims?.length ?? 0) > 0;
  return isConfigured || isClaimed || resources.some((one) => isExtended(one) && !DEVICES.test(one));
}

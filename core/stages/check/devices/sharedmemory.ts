import { type GroupSizes, podsOfCopy, podsOfGroup } from "../../../api/shorthands/parallelism.ts";
import { POD_PATH } from "../../../contract/names.ts";
import { sizesOfSglang } from "../../../knowledge/engine/sglang/sizes.ts";
import { quantityNumber, quantityValue } from "../../../kubernetes/quantity.ts";

import type { Check, CheckFinding } from "../check.ts";
import { type Engine, numberOf } from "../engine.ts";

export const SHARED_MEMORY_CHECK: Check = {
  name: "the ranks of a pod have shared memory",
  source:
    "NCCL and vLLM's queues use /dev/shm, which is 64 MiB without a volume; a memory volume counts as the pod's memory",
  codes: ["SharedMemory"],
  judge: ({ engines, groupSizes }) =>
    engines
      .map((engine): PodRanks => ({ engine, ...ranksOf(engine, groupSizes) }))
      .filter(sharesMemory)
      .flatMap(judgeSharedMemory),
};

/** Devices whose ranks are threads of one process, or communicate without NCCL. */
const WITHOUT_SHARING = /^(google\.com\/tpu|aws\.amazon\.com\/neuron)/;

/**
 * The ranks of a pod, and how many of them belong to one copy, which NCCL connects: copies of a model without experts
 * exchange no tensors.
 */
interface PodRanks {
  engine: Engine;
  ranks: number;
  joined: number;
}

/**
 * Several ranks of vLLM in a pod communicate through shared memory. Only the pod's own is checked: with hostIPC it is
 * as large as the host allows.
 */
function sharesMemory({ engine, ranks }: PodRanks): boolean {
  const { container, podSpec, isVllm, isSglang } = engine;
  const devices = Object.keys(container.resources?.limits ?? {});
  const isKnown = isVllm || isSglang;
  return isKnown && podSpec.hostIPC !== true && ranks > 1 && !devices.some((one) => WITHOUT_SHARING.test(one));
}

/** The ranks of an engine's pod, and how many of them belong to one copy of the model. */
export function ranksOf(engine: Engine, groupSizes: GroupSizes | undefined): Ranks {
  const { role, workload, isSglang } = engine;
  if (isSglang) return ranksOfSglang(engine, groupSizes);
  const number = (flag: string): number | undefined => numberOf(engine, flag);
  const local = number("data-parallel-size-local") ?? number("data-parallel-size") ?? 1;
  const copy = (number("tensor-parallel-size") ?? 1) * (number("pipeline-parallel-size") ?? 1);
  const joined = Math.ceil(copy / podsOfCopy(role, workload, groupSizes));
  return { ranks: local * joined, joined };
}

/**
 * Copies with data-parallel attention exchange the results of their experts, so NCCL connects the ranks of all copies.
 */
function ranksOfSglang({ role, workload, args }: Engine, groupSizes: GroupSizes | undefined): Ranks {
  const { tensor = 1, pipeline = 1, dataLocal: copies = 1, isShared } = sizesOfSglang(args) ?? { isShared: false };
  const joined = tensor * pipeline * (isShared ? copies : 1);
  const pods = workload.worker === undefined ? 1 : (podsOfGroup(role, workload, groupSizes) ?? 1);
  const ranks = Math.ceil((tensor * pipeline * copies) / pods);
  return { ranks, joined: Math.min(ranks, Math.ceil(joined / pods)) };
}

type Ranks = Pick<PodRanks, "ranks" | "joined">;

const NAME = "dshm";
/** The size of /dev/shm in a container without a volume there. */
const DEFAULT_BYTES = 64 * 1024 ** 2;

function judgeSharedMemory({ engine, ranks, joined }: PodRanks): CheckFinding[] {
  const { container, podSpec, path, traced } = engine;
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath.replace(/\/$/, "") === POD_PATH.sharedMemory);
  const at = { code: "SharedMemory" as const, layer: "merged" };
  if (mount === undefined) {
    const message = `${ranks} ranks share a pod without a volume at /dev/shm: NCCL fails with the default 64 MiB`;
    const fix = "mount an emptyDir of medium Memory at /dev/shm, as the presets do";
    const pod = `spec.${traced.slice(0, traced.indexOf(".containers["))}`;
    const fixes = [
      { path: `${pod}.volumes[name=${NAME}].emptyDir`, value: { medium: "Memory", sizeLimit: "8Gi" } },
      { path: `spec.${traced}.volumeMounts[mountPath=/dev/shm].name`, value: NAME },
    ];
    const found = { ...at, path: `${path}.volumeMounts`, message, fix, fixes };
    return [joined > 1 ? found : { ...found, severity: "warning" }];
  }
  const { medium, sizeLimit = 0 } = podSpec.volumes?.find(({ name }) => name === mount.name)?.emptyDir ?? {};
  // A limit of 0 means no limit. Source: calculateEmptyDirMemorySize, pkg/volume/emptydir, Kubernetes.
  const size = quantityNumber(sizeLimit) > 0 ? sizeLimit : undefined;
  const limit = container.resources?.limits?.["memory"];
  if (size !== undefined && joined > 1 && quantityNumber(size) <= DEFAULT_BYTES) {
    const message = `the volume at /dev/shm holds ${size}, but ${ranks} ranks share it: NCCL fails with 64 MiB, the size of /dev/shm in a pod without a volume`;
    const limitAt = `spec.${traced.slice(0, traced.indexOf(".containers["))}.volumes[name=${mount.name}].emptyDir.sizeLimit`;
    const fixes = [{ path: limitAt, value: "8Gi" }];
    const found = { ...at, path: `${path}.volumeMounts`, message, fix: "set the volume's sizeLimit to 8Gi", fixes };
    // On a disk the limit does not stop a write: the kubelet evicts the pod later.
    return [medium === "Memory" ? found : { ...found, severity: "warning" }];
  }
  if (size === undefined || limit === undefined || quantityValue(size) < quantityValue(limit)) return [];
  // The volume may stay nearly empty, so this is not certain to fail.
  const message = `the volume at /dev/shm may take ${size}, which counts towards the memory limit ${limit} of the container`;
  const fix = "raise the memory limit above the size of the volume";
  return [{ ...at, path: `${path}.resources.limits.memory`, message, fix, severity: "warning" }];
}

import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import { type GroupSizes, groupSizeOf, type ParallelismSpec, podsOfCopy } from "../../api/shorthands/parallelism.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Provenance } from "../../contract/layer.ts";
import type { LoweringContext, NamedAccelerators, Recognised } from "../../contract/lowering.ts";
import { inRole } from "../../contract/role.ts";
import { DEVICES } from "../../knowledge/accelerators/recognise.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { FLAG_READERS, type FlagPlace, placeOf } from "../../knowledge/engine/flags/flagplace.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { engineStart } from "../../knowledge/engine/start/start.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { quantityNumber } from "../../kubernetes/quantity.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { containerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";
import { bothSizes, classOf, leavesRanksToRay, sizesInArgs, withResource } from "./devices.ts";
import { type DerivePlace, isUsers } from "./place.ts";

/** A workload of groups, and its path. */
interface Grouped {
  workload: WorkloadSpec;
  /** `""`, or `prefill.`. */
  path: string;
  own: LoweringContext["accelerators"];
  named: Recognised | undefined;
}

type Place = Omit<DerivePlace, "path">;

interface GroupsRequest {
  spec: LLMInferenceServiceSpec;
  provenance: Provenance;
  engineVersion?: string;
  lowering?: Pick<LoweringContext, "accelerators">;
  accelerators?: NamedAccelerators;
}

/** Number of pods per group for each role that has groups. */
export function countGroups(request: GroupsRequest, report: Place["report"]): GroupSizes {
  const { spec, provenance, engineVersion, lowering, accelerators } = request;
  const place: Place = { engine: engineOf(spec), engineVersion, provenance, report };
  const own = lowering?.accelerators;
  const count = (role: keyof GroupSizes, workload: WorkloadSpec | undefined): GroupSizes => {
    if (workload?.worker === undefined) return {};
    const path = inRole(role, "");
    const pods = countPods({ workload, path, own, named: accelerators?.[role] }, place);
    return pods === undefined ? {} : { [role]: pods };
  };
  return { ...count("main", spec), ...count("prefill", spec.prefill) };
}

/**
 * The number of pods in a group of a workload; undefined if it cannot be found, which is reported. Data-parallel ranks
 * and stages of a pipeline are spread over pods as in KServe. Tensor-parallel ranks are spread too if a pod has fewer
 * devices: the number that was written, or all devices of a node. An engine whose command line sets the number of its
 * pods (`--nnodes`) has that number.
 */
function countPods(grouped: Grouped, place: Place): number | undefined {
  const { workload, path } = grouped;
  const leader = leaderOf(workload);
  const written = leader && sizesInArgs(leader.container, place.engine, true);
  const sizes = bothSizes(written, workload.parallelism);
  const stated = writtenPodCounts(workload, place.engine);
  const room = roomOf(grouped, place);
  const { data, dataLocal } = { dataLocal: sizes.dataLocal, ...workload.parallelism };
  const isRay = leader !== undefined && leavesRanksToRay(leader.container, place);
  const pods =
    data || dataLocal
      ? podsOfCopies(sizes, { room, isRay, stated: stated[0]?.pods })
      : spread({ ...sizes, tensor: (sizes.tensor ?? 1) * (sizes.data ?? 1) }, room, stated[0]?.pods);
  if (pods === undefined) place.report(noSize(path, sizes, room));
  else if (podsOfCopy("main", workload, { main: pods }) > 1 && stated.length > 0) judgeRanks(grouped, place);
  if (pods !== undefined)
    for (const other of stated.filter((one) => one.pods !== pods)) place.report(otherSize(path, pods, other));
  judgeAlike(grouped, place);
  return pods;
}

/** How many ranks fit into a pod. */
interface Room {
  /** By the number of devices that was written. */
  written?: number;
  /** By the number of devices of the largest node. */
  most?: number;
}

/** What determines an engine's pods besides the sizes. */
interface Spreading {
  room: Room;
  stated: number | undefined;
  isRay: boolean;
}

/**
 * The number of pods of data-parallel ranks, as KServe counts them. An engine may have a rank over several pods if it
 * counts the pods itself (`--nnodes`), or leaves it to Ray and each pod has fewer devices than a rank. Source:
 * nnodes_within_dp of ParallelConfig (vllm/config/parallel.py, from 0.11.1 on), and VLLM_RAY_DP_PACK_STRATEGY
 * (vllm/envs.py).
 */
function podsOfCopies(sizes: ParallelismSpec, { room: { written }, stated, isRay }: Spreading): number | undefined {
  const pods = groupSizeOf(sizes);
  const { tensor = 1, data = 1, dataLocal = 1 } = sizes;
  if (pods === undefined) return pods;
  if (stated !== undefined && stated % pods === 0 && (tensor * data) % stated === 0) return stated;
  const inPod = tensor * dataLocal;
  return isRay && written !== undefined && written > 0 && inPod % written === 0 ? (pods * inPod) / written : pods;
}

function spread({ tensor = 1, pipeline }: ParallelismSpec, room: Room, stated: number | undefined): number | undefined {
  const { written, most = Number.POSITIVE_INFINITY } = room;
  const stages = pipeline ?? 1;
  const ranks = tensor * stages;
  const isWide = tensor > most;
  if (stages > 1 && !isWide) return stages;
  if (stated !== undefined && ranks % stated === 0) return stated;
  if (written !== undefined && written > 0 && written < ranks && ranks % written === 0) return ranks / written;
  if (!isWide) return pipeline;
  // Counts down from the devices of a node, because tensor may be any number.
  for (let inPod = Math.floor(most); inPod > 0; inPod--) if (tensor % inPod === 0) return (tensor / inPod) * stages;
  return pipeline;
}

function leaderOf({ template, worker }: WorkloadSpec): { pod: PodSpec; container: Container } | undefined {
  const pod = template ?? worker;
  const container = pod && containerNamed(pod, MAIN);
  return container && pod && { pod, container };
}

/** The room in the leader's pod, otherwise in the others. */
function roomOf({ workload, path, own, named }: Grouped, { provenance }: Place): Room {
  const rooms = (["worker", "template"] as const).map((name): Room => {
    const pod = workload[name];
    const found = pod && containerNamed(pod, MAIN);
    if (pod === undefined || found === undefined) return {};
    const container = withResource(found, pod, own);
    const limits = container.resources?.limits ?? {};
    const resource = Object.keys(limits).find((one) => DEVICES.test(one));
    const { coresPerDevice = 1, devicesPerNode } = classOf(pod, container, own, named) ?? {};
    const at = `${path}${name}.containers[name=${MAIN}].resources.limits`;
    const isWritten = resource !== undefined && [at, `${at}.${resource}`].some((one) => isUsers(provenance, one));
    return {
      ...(isWritten && { written: quantityNumber(entryOf(limits, resource) ?? 0) * coresPerDevice }),
      ...(devicesPerNode !== undefined && { most: devicesPerNode * coresPerDevice }),
    };
  });
  return { ...rooms[0], ...rooms[1] };
}

type PodName = "template" | "worker";

/** A number of pods in the command line of the leader's engine or of the others', and its path. */
interface WrittenPodCount {
  name: PodName;
  pods: number;
  place: FlagPlace;
}

function writtenPodCounts(workload: WorkloadSpec, engine: EngineKind): WrittenPodCount[] {
  return (["template", "worker"] as const).flatMap((name) => {
    const container = workload[name] && containerNamed(workload[name], MAIN);
    const start = container && engineStart(container, engine);
    if (start === undefined) return [];
    const pods = Number(ENGINE_FLAGS[engine].lines.flagValue(start.args, "--nnodes") ?? Number.NaN);
    const place = placeOf(container ?? {}, "nnodes", FLAG_READERS[engine], start.takesArgs);
    return Number.isInteger(pods) && pods > 0 ? [{ name, pods, place }] : [];
  });
}

/**
 * The pods of a group are one engine: a size that only the flags of the leader or only those of the others set is
 * unknown to the rest.
 */
function judgeAlike({ workload, path }: Grouped, { engine, report }: Place): void {
  const [leader, others] = (["template", "worker"] as const).map((name) => {
    const container = workload[name] && containerNamed(workload[name], MAIN);
    return container && sizesInArgs(container, engine, true);
  });
  if (leader === undefined || others === undefined) return;
  for (const size of ["tensor", "pipeline"] as const) {
    const { [size]: written } = workload.parallelism ?? {};
    const [first, rest] = [leader[size] ?? 1, others[size] ?? 1];
    if (written !== undefined || first === rest) continue;
    report({
      code: "Conflict",
      severity: "error",
      path: `spec.${path}parallelism.${size}`,
      layer: "merged",
      message: `the engine of a group's leader has ${size} ${first}, but that of its other pods has ${rest}: they form one engine, and its ranks would not find each other`,
      fix: `set spec.${path}parallelism.${size}: it applies to all pods of a group`,
      ...(Math.min(first, rest) === 1 && {
        fixes: [{ path: `spec.${path}parallelism.${size}`, value: Math.max(first, rest) }],
      }),
    });
  }
}

/**
 * An engine that counts its pods itself derives the rank of each from that; the preset's count of followers would name
 * ranks that do not exist.
 */
function judgeRanks({ workload: { worker, parallelism = {} }, path }: Grouped, { engine, report }: Place): void {
  const container = worker && containerNamed(worker, MAIN);
  const args = (container && engineStart(container, engine)?.args) ?? [];
  const isRanked = ENGINE_FLAGS[engine].lines.flagValue(args, RANK) !== undefined;
  if (!isRanked || !(parallelism.data || parallelism.dataLocal)) return;
  report({
    code: "Conflict",
    severity: "error",
    path: `spec.${path}worker.containers[name=${MAIN}].command`,
    layer: "merged",
    message: `--nnodes makes several pods share a data-parallel rank, but ${RANK} gives each pod a different one`,
    fix: `set the command of worker to vllm serve with --headless, --node-rank=$(LWS_WORKER_INDEX) and --master-addr=$(LWS_LEADER_ADDRESS), and without ${RANK}`,
  });
}

const RANK = "--data-parallel-start-rank";

function noSize(path: string, { tensor = 1, data = 1 }: ParallelismSpec, room: Room): Parameters<Place["report"]>[0] {
  const at = `spec.${path}parallelism`;
  const sizes = `remove ${path}worker, or set ${at}.data with dataLocal, or ${at}.pipeline`;
  const devices = room.written ?? room.most;
  const isUnknown = tensor > 1 && devices === undefined;
  return {
    code: "MissingField",
    severity: "error",
    path: `spec.${path}worker`,
    layer: "merged",
    message: `worker creates groups of pods, but the number of pods in a group is not set${whyNoSize(tensor, tensor * data, room)}`,
    fix: isUnknown ? `${sizes}, or set accelerator, or the accelerators of one pod in resources.limits` : sizes,
  };
}

/** Why the number of pods does not follow from the accelerators of a pod either. */
function whyNoSize(tensor: number, ranks: number, { written, most }: Room): string {
  if (tensor === 1) return "";
  if (written === undefined && most === undefined)
    return `, and does not follow from tensor ${tensor}: the number of accelerators of a pod is unknown`;
  if (written !== undefined && written < ranks)
    return `, and does not follow from tensor ${tensor}: pods with ${written} accelerators each cannot share ${ranks} ranks evenly`;
  const has = written === undefined ? `a node has up to ${most} accelerators` : `the pod has ${written} accelerators`;
  return `, and tensor ${tensor} needs only one pod: ${has}`;
}

function otherSize(path: string, pods: number, stated: WrittenPodCount): Parameters<Place["report"]>[0] {
  const { field, isScript } = stated.place;
  return {
    code: "Conflict",
    severity: "error",
    path: `spec.${path}parallelism`,
    layer: "merged",
    message: `a group has ${pods} pods by its parallelism, but the engine's --nnodes in ${stated.name} is ${stated.pods}: the engine would wait for pods that do not exist, or would not use all pods`,
    fix: "remove --nnodes: the presets set it to the number of pods",
    ...(isScript !== true && {
      fixes: [{ path: `spec.${path}${stated.name}.containers[name=${MAIN}].${field}[--nnodes]` }],
    }),
  };
}

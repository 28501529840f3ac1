import { switchOf } from "../../../api/shorthands/operations.ts";
import { podsOfGroup } from "../../../api/shorthands/parallelism.ts";
import { nameOf, type WorkloadPart, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { roleTitle, titleOf } from "../../../kubernetes/workloads/disaggregatedset.ts";
import {
  isDeployment,
  isLeaderWorkerSet,
  replicasOf,
  templatesOf,
  type WorkloadObject,
} from "../../../kubernetes/workloads/workloads.ts";
import type { OperatedContext } from "../context.ts";
import { identityLabels, type RoleContext, rolesOf } from "../workload/role.ts";

/** A workload of engines among the objects, and how many pods form one engine. */
export interface EngineWorkload extends WorkloadPart {
  object: WorkloadObject;
  /** What messages call the object: the workload, or a role of a DisaggregatedSet. */
  title: string;
  /** `spec` or `spec.prefill`. */
  path: string;
  /** Whether an engine is a group of pods (LeaderWorkerSet). */
  isGroups: boolean;
  /** Whether the groups have a template for their leader. */
  hasLeader: boolean;
  /** Pods of one engine. */
  size: number;
  /** The pods that serve, alone or for their group, and the labels that only they have. */
  serving: { pod: PodSpec; labels: Record<string, string> };
  /** Number of wanted engines; undefined if an autoscaler decides it. */
  engines?: number;
}

/** The workloads that engines run in: a Deployment or a LeaderWorkerSet for each role. */
export function engineWorkloads(objects: readonly KubernetesObject[], context: OperatedContext): EngineWorkload[] {
  return rolesOf(context).flatMap((one): EngineWorkload[] => {
    const isGroups = one.workload.worker !== undefined;
    const object = objects.find(isOf(one, isGroups));
    if (object === undefined) return [];
    const { role, group, path, workload } = one;
    const size = isGroups ? (podsOfGroup(role, workload, context.groupSizes) ?? 1) : 1;
    return [
      {
        ...{ object, role, path, isGroups, size, serving: servingOf(object, one) },
        title: titleIn(context, object, role),
        ...(group !== undefined && { group }),
        hasLeader: isGroups && workload.template !== undefined,
        ...(workload.scaling === undefined && { engines: replicasOf(object) ?? 1 }),
      },
    ];
  });
}

/** Whether prefill and decode are roles of one set. */
export function isDisaggregatedSetWanted({ operations, spec }: OperatedContext): boolean {
  const chosen = switchOf(operations.pairedRollout)?.disaggregatedSet;
  return switchOf(chosen) !== undefined && spec.prefill !== undefined;
}

/** The name of a role of a DisaggregatedSet. */
export function setRoleOf(role: WorkloadPart["role"]): string {
  return role === "prefill" ? "prefill" : "decode";
}

function titleIn(context: OperatedContext, object: KubernetesObject, role: WorkloadPart["role"]): string {
  if (!isDisaggregatedSetWanted(context)) return titleOf(object);
  return roleTitle(nameOf(context.service.metadata.name, "disaggregatedSet"), setRoleOf(role));
}

function servingOf(object: KubernetesObject, context: RoleContext): EngineWorkload["serving"] {
  const { place, spec: pod } = templatesOf(object)[0] ?? { place: "worker" as const, spec: {} };
  return { pod, labels: identityLabels(context, place) };
}

function isOf(context: RoleContext, isGroups: boolean): (object: KubernetesObject) => object is WorkloadObject {
  const name = workloadNameOf(context.service.metadata.name, isGroups ? "leaderWorkerSet" : "deployment", context);
  const isKind = isGroups ? isLeaderWorkerSet : isDeployment;
  return (object): object is WorkloadObject => isKind(object) && object.metadata.name === name;
}

/** The objects, with a change applied to those of the engines' workloads. */
export function editEngines(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
  edit: (workload: EngineWorkload) => KubernetesObject,
): KubernetesObject[] {
  const edited = new Map(
    engineWorkloads(objects, context).map((one): [KubernetesObject, KubernetesObject] => [one.object, edit(one)]),
  );
  return objects.map((object) => edited.get(object) ?? object);
}

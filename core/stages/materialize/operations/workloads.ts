import { groupSizeOf } from "../../../api/parallelism.ts";
import { type WorkloadRole, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import type { OperatedContext } from "../context.ts";
import { identityLabels, type RoleContext, rolesOf } from "../workload/role.ts";

/** A workload of engines among the objects, and how many pods one engine is. */
export interface EngineWorkload {
  object: KubernetesObject;
  role: WorkloadRole;
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
  /** Engines that are wanted; undefined where an autoscaler decides. */
  engines?: number;
}

/** The workloads that engines run in: a Deployment or a LeaderWorkerSet for each role. */
export function engineWorkloads(objects: readonly KubernetesObject[], context: OperatedContext): EngineWorkload[] {
  return rolesOf(context).flatMap((one): EngineWorkload[] => {
    const isGroups = one.workload.worker !== undefined;
    const object = objects.find(isOf(one, isGroups));
    if (object === undefined) return [];
    const { role, path, workload } = one;
    const { replicas = 1 } = object["spec"] as { replicas?: number };
    const size = isGroups ? (groupSizeOf(workload.parallelism) ?? 1) : 1;
    return [
      {
        ...{ object, role, path, isGroups, size, serving: servingOf(object, one) },
        hasLeader: isGroups && workload.template !== undefined,
        ...(workload.scaling === undefined && { engines: replicas }),
      },
    ];
  });
}

function servingOf(object: KubernetesObject, context: RoleContext): EngineWorkload["serving"] {
  const { template, leaderWorkerTemplate: { leaderTemplate, workerTemplate } = {} } = object["spec"] as Templated;
  const place = template !== undefined ? "single" : leaderTemplate !== undefined ? "leader" : "worker";
  const pod = (template ?? leaderTemplate ?? workerTemplate)?.spec ?? {};
  return { pod, labels: identityLabels(context, place) };
}

function isOf({ service, role }: RoleContext, isGroups: boolean): (object: KubernetesObject) => boolean {
  const [kind, child] = isGroups
    ? ["LeaderWorkerSet", "leaderWorkerSet" as const]
    : ["Deployment", "deployment" as const];
  const name = workloadNameOf(service.metadata.name, child, role);
  return (object) => object.kind === kind && object.metadata.name === name;
}

/** The objects, with those of the engines' workloads changed. */
export function editEngines(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
  edit: (workload: EngineWorkload) => KubernetesObject,
): KubernetesObject[] {
  const edited = new Map(engineWorkloads(objects, context).map((one) => [one.object, edit(one)]));
  return objects.map((object) => edited.get(object) ?? object);
}

interface Template {
  metadata?: object;
  spec: PodSpec;
}
interface Templated {
  template?: Template;
  leaderWorkerTemplate?: { leaderTemplate?: Template; workerTemplate?: Template };
}

/** Which pods of a workload an edit is for: all, or those that stand for their engine (of a group the leader). */
export type Edited = "all" | "engines";

/** A workload with the pods of its templates changed; any other object as it is. */
export function editPods(
  object: KubernetesObject,
  edit: (pod: PodSpec) => PodSpec,
  which: Edited = "all",
): KubernetesObject {
  if (object.kind !== "Deployment" && object.kind !== "LeaderWorkerSet") return object;
  const { template, leaderWorkerTemplate, ...others } = object["spec"] as Templated;
  const edited = (one: Template): Template => ({ ...one, spec: edit(one.spec) });
  if (leaderWorkerTemplate === undefined) {
    return { ...object, spec: { ...others, ...(template && { template: edited(template) }) } };
  }
  const { leaderTemplate, workerTemplate } = leaderWorkerTemplate;
  const isLed = which === "engines" && leaderTemplate !== undefined;
  const groups = {
    ...leaderWorkerTemplate,
    ...(leaderTemplate && { leaderTemplate: edited(leaderTemplate) }),
    ...(workerTemplate && !isLed && { workerTemplate: edited(workerTemplate) }),
  };
  return { ...object, spec: { ...others, leaderWorkerTemplate: groups } };
}

import { share } from "../../api/share.ts";
import { COMPONENT, LABEL } from "../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { ClusterPod } from "./facts.ts";

/** Pods of one kind that a workload wants to have. */
export interface Demand {
  /** `Deployment chat-kserve`. */
  workload: string;
  /** The field of the service's spec that they come from. */
  path: string;
  pod: PodSpec;
  wanted: number;
  /** Of these, on a node by now. */
  running: number;
  /** Pods above the wanted number while the workload rolls, and whether it may roll without room for any of them. */
  surge: { pods: number; mayDoWithout: boolean };
}

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec?: PodSpec;
}
interface WorkloadSpec {
  replicas?: number;
  selector?: { matchLabels?: Record<string, string> };
  strategy?: { type?: string; rollingUpdate?: Rolling };
  rolloutStrategy?: { rollingUpdateConfiguration?: Rolling };
  template?: Template;
  leaderWorkerTemplate?: { size?: number; leaderTemplate?: Template; workerTemplate?: Template };
}
interface Rolling {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
}

const PATHS: Readonly<Record<string, string>> = {
  [COMPONENT.workload]: "spec.template",
  [COMPONENT.workloadPrefill]: "spec.prefill.template",
  [COMPONENT.leader]: "spec.template",
  [COMPONENT.leaderPrefill]: "spec.prefill.template",
  [COMPONENT.worker]: "spec.worker",
  [COMPONENT.workerPrefill]: "spec.prefill.worker",
  [COMPONENT.scheduler]: "spec.router.scheduler.template",
};
const SET_NAME = "leaderworkerset.sigs.k8s.io/name";
const INDEX = "leaderworkerset.sigs.k8s.io/worker-index";
const KUBERNETES_DEFAULT = "25%";

/** What the workloads among the objects demand of nodes, given the pods that there are. */
export function demandsOf(objects: readonly KubernetesObject[], pods: readonly ClusterPod[]): Demand[] {
  return objects.flatMap((object) => {
    if (object.kind === "Deployment") return [ofDeployment(object, pods)];
    return object.kind === "LeaderWorkerSet" ? ofGroups(object, pods) : [];
  });
}

function ofDeployment(object: KubernetesObject, pods: readonly ClusterPod[]): Demand {
  const { replicas = 1, selector, strategy, template } = object["spec"] as WorkloadSpec;
  const own = pods.filter(isOf(object, selector?.matchLabels ?? {}));
  const { maxSurge = KUBERNETES_DEFAULT, maxUnavailable = KUBERNETES_DEFAULT } = strategy?.rollingUpdate ?? {};
  const isRecreated = strategy?.type === "Recreate";
  const surge = isRecreated ? 0 : share(maxSurge, replicas, Math.ceil);
  return {
    ...demand(object, template, replicas, own),
    surge: { pods: surge, mayDoWithout: isRecreated || share(maxUnavailable, replicas, Math.floor) > 0 },
  };
}

/** Leaders and the other pods of groups apart, for their templates may differ. */
function ofGroups(object: KubernetesObject, pods: readonly ClusterPod[]): Demand[] {
  const { replicas = 1, rolloutStrategy, leaderWorkerTemplate = {} } = object["spec"] as WorkloadSpec;
  const { size = 1, leaderTemplate, workerTemplate } = leaderWorkerTemplate;
  const own = pods.filter(isOf(object, { [SET_NAME]: object.metadata.name }));
  const { maxSurge = 0, maxUnavailable = 1 } = rolloutStrategy?.rollingUpdateConfiguration ?? {};
  const groups = share(maxSurge, replicas, Math.ceil);
  const mayDoWithout = share(maxUnavailable, replicas, Math.floor) > 0;
  const part = (template: Template | undefined, each: number, running: readonly ClusterPod[]): Demand => ({
    ...demand(object, template, replicas * each, running),
    surge: { pods: groups * each, mayDoWithout },
  });
  const isLeader = ({ metadata }: ClusterPod): boolean => metadata.labels?.[INDEX] === "0";
  const leaders = part(leaderTemplate ?? workerTemplate, 1, own.filter(isLeader));
  if (size < 2) return [leaders];
  return [
    leaders,
    part(
      workerTemplate,
      size - 1,
      own.filter((pod) => !isLeader(pod)),
    ),
  ];
}

function demand(
  { kind, metadata }: KubernetesObject,
  template: Template | undefined,
  wanted: number,
  own: readonly ClusterPod[],
): Omit<Demand, "surge"> {
  const component = template?.metadata?.labels?.[LABEL.component] ?? "";
  const running = Math.min(wanted, own.filter(({ spec }) => spec?.nodeName !== undefined).length);
  return {
    workload: `${kind} ${metadata.name}`,
    path: entryOf(PATHS, component) ?? "spec.template",
    pod: template?.spec ?? {},
    wanted,
    running,
  };
}

function isOf({ metadata }: KubernetesObject, labels: Record<string, string>): (pod: ClusterPod) => boolean {
  return (pod) =>
    pod.metadata.namespace === metadata.namespace &&
    Object.entries(labels).every(([key, value]) => entryOf(pod.metadata.labels, key) === value);
}

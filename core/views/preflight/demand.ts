import { COMPONENT, LABEL } from "../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { titleOf } from "../../kubernetes/workloads/disaggregatedset.ts";
import {
  type PodKind,
  podLabelsOf,
  WORKER_INDEX_LABEL,
  type Workload,
  type WorkloadObject,
  workloadsOf,
} from "../../kubernetes/workloads/workloads.ts";
import type { ClusterPod } from "./facts.ts";

/** Pods of one kind that a workload needs. */
export interface Demand {
  /** `Deployment chat-kserve`. */
  workload: string;
  /** The field of the service's spec from which they come. */
  path: string;
  pod: PodSpec;
  wanted: number;
  /** The number of these that run on a node already. */
  running: number;
  /** Number of extra pods while the workload rolls, and whether it may roll without room for any of them. */
  surge: { pods: number; mayDoWithout: boolean };
}

const PATHS: Readonly<Record<string, string>> = {
  [COMPONENT.workload]: "spec.template",
  [COMPONENT.workloadPrefill]: "spec.prefill.template",
  [COMPONENT.leader]: "spec.template",
  [COMPONENT.leaderPrefill]: "spec.prefill.template",
  [COMPONENT.worker]: "spec.worker",
  [COMPONENT.workerPrefill]: "spec.prefill.worker",
  [COMPONENT.scheduler]: "spec.router.scheduler.template",
  [COMPONENT.tokenizer]: "spec.router.scheduler.tokenizer.template",
};

/** What the workloads among the objects need from nodes, given the existing pods. */
export function demandsOf(objects: readonly KubernetesObject[], pods: readonly ClusterPod[]): Demand[] {
  return workloadsOf(objects).flatMap((workload) => {
    const own = pods.filter(isOf(workload.object));
    return workload.pods.map((kind) => demandOf(workload, kind, own));
  });
}

/** A leader and the other pods of a group are separate demands if their templates differ. */
function demandOf(workload: Workload, { part, perUnit, labels, spec }: PodKind, own: readonly ClusterPod[]): Demand {
  const { object, surge, mayStopFirst } = workload;
  const wanted = unitsOf(workload) * perUnit;
  const isPart = ({ metadata }: ClusterPod): boolean =>
    part === undefined || (metadata.labels?.[WORKER_INDEX_LABEL] === "0") === (part === "leader");
  const running = own.filter((pod) => isPart(pod) && pod.spec?.nodeName !== undefined).length;
  return {
    workload: titleOf(object),
    path: pathOf(labels),
    pod: spec,
    wanted,
    running: Math.min(wanted, running),
    surge: { pods: surge * perUnit, mayDoWithout: mayStopFirst },
  };
}

/** The field of a workload, in its replica group if it has one. */
function pathOf(labels: PodKind["labels"]): string {
  const path = entryOf(PATHS, labels[LABEL.component] ?? "") ?? "spec.template";
  const group = labels[LABEL.group];
  return group === undefined ? path : path.replace("spec.", `spec.groups.${group}.`);
}

/** An autoscaler that scales to zero when idle returns with one unit, so there must be room for it. */
function unitsOf({ count, most }: Workload): number {
  return most > 0 ? Math.max(1, count) : 0;
}

function isOf(object: WorkloadObject): (pod: ClusterPod) => boolean {
  const labels = Object.entries(podLabelsOf(object));
  return ({ metadata }) =>
    metadata.namespace === object.metadata.namespace &&
    labels.every(([key, value]) => entryOf(metadata.labels, key) === value);
}

import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import type { Rollout } from "../../../kubernetes/workloads/workloads.ts";

type Labels = Record<string, string>;

export interface PodTemplate {
  labels: Labels;
  annotations?: Labels;
  spec: PodSpec;
}

export interface LeaderWorkerSetParts {
  name: string;
  namespace: string;
  labels: Labels;
  annotations?: Labels;
  /** Number of groups. */
  replicas?: number;
  /** Pods of a group, the leader among them. */
  size?: number;
  subGroupSize?: number;
  /** Without one the leader has the template of the workers. */
  leader?: PodTemplate;
  worker: PodTemplate;
  /** How many groups a rollout may stop and start at once. */
  rollout?: Rollout;
}

/**
 * A LeaderWorkerSet: groups that start, fail and roll as one, because the ranks of an engine cannot continue without
 * each other.
 */
export function buildLeaderWorkerSet(parts: LeaderWorkerSetParts): KubernetesObject {
  const { name, namespace, labels, annotations, replicas, size, subGroupSize, leader, worker, rollout } = parts;
  return {
    ...typeMeta("LeaderWorkerSet"),
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    spec: {
      ...(replicas !== undefined && { replicas }),
      leaderWorkerTemplate: {
        ...(leader && { leaderTemplate: podTemplate(leader) }),
        workerTemplate: podTemplate(worker),
        ...(size !== undefined && { size }),
        restartPolicy: "RecreateGroupOnPodRestart",
        ...(subGroupSize !== undefined && { subGroupPolicy: { subGroupSize } }),
      },
      rolloutStrategy: { type: "RollingUpdate", ...(rollout && { rollingUpdateConfiguration: rollout }) },
      startupPolicy: "LeaderCreated",
    },
  };
}

function podTemplate({ labels, annotations, spec }: PodTemplate) {
  return { metadata: { labels, ...(annotations && { annotations }) }, spec };
}

import type { WorkloadSpec } from "../../../api/workload.ts";
import { ROLLOUT_DEFAULTS, type Rollout } from "../../../kubernetes/workloads/workloads.ts";
import type { DeploymentParts } from "../kinds/deployment.ts";

/**
 * How a workload replaces its pods; nothing if it does not set this. A Deployment keeps the defaults of the API.
 * Source: applyDeploymentRolloutStrategy in workload_single_node.go, KServe v0.21.
 */
export function deploymentStrategy(workload: WorkloadSpec): DeploymentParts["strategy"] {
  const rollout = rolloutOf(workload);
  return rollout && { type: "RollingUpdate", rollingUpdate: rollout };
}

/**
 * The same for groups, whose API takes both settings or neither. Source: rollingUpdateConfigFromWorkloadSpec in
 * workload_multi_node.go, KServe v0.21.
 */
export function groupRollout(workload: WorkloadSpec): Rollout | undefined {
  const rollout = rolloutOf(workload);
  return rollout && { ...ROLLOUT_DEFAULTS.LeaderWorkerSet, ...rollout };
}

function rolloutOf({ rolloutStrategy: { maxSurge, maxUnavailable } = {} }: WorkloadSpec): Rollout | undefined {
  if (maxSurge === undefined && maxUnavailable === undefined) return undefined;
  return { ...(maxUnavailable !== undefined && { maxUnavailable }), ...(maxSurge !== undefined && { maxSurge }) };
}

import { type Operations, switchOf } from "../../../api/shorthands/operations.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { type Amount, podLabelsOf, share } from "../../../kubernetes/workloads/workloads.ts";
import type { OperatedContext } from "../context.ts";
import { refusal } from "../issues.ts";

import { type EngineWorkload, engineWorkloads } from "./workloads.ts";

type Budget = Extract<Operations["podDisruptionBudget"], object>;

const PATH = "spec.operations.podDisruptionBudget";

/** A budget for each workload of engines. */
export function buildPodDisruptionBudgets(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): KubernetesObject[] {
  const chosen = switchOf(context.operations.podDisruptionBudget);
  if (chosen === undefined) return [];
  return engineWorkloads(objects, context).map((workload) => buildBudget(workload, chosen, context));
}

/** Pods that are not ready may always be evicted: an engine that cannot start must not block the drain of its node. */
function buildBudget(workload: EngineWorkload, budget: Budget, context: OperatedContext): KubernetesObject {
  const { object, isGroups } = workload;
  const { name, namespace } = context.service.metadata;
  const { labels } = object.metadata;
  return {
    ...typeMeta("PodDisruptionBudget"),
    metadata: { name: workloadNameOf(name, "podDisruptionBudget", workload), namespace, ...(labels && { labels }) },
    spec: {
      ...(isGroups ? ofGroups(workload, budget, context) : ofPods(budget)),
      selector: { matchLabels: podLabelsOf(object) },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}

function ofPods({ minAvailable, maxUnavailable = 1 }: Budget): Budget {
  return minAvailable === undefined ? { maxUnavailable } : { minAvailable };
}

/**
 * A group restarts as a whole when it loses any pod, so the budget covers all pods of the set: of n that may go at a
 * time, each takes at most one group with it, and then the group's other pods count as gone too. A budget over leaders
 * alone would let a drain evict followers, and thereby restart their groups, again and again. So every value becomes a
 * number of groups that may go.
 */
function ofGroups({ engines, title }: EngineWorkload, budget: Budget, { report }: OperatedContext): Budget {
  const { minAvailable, maxUnavailable = 1 } = budget;
  const isNumber = minAvailable === undefined && typeof maxUnavailable === "number";
  if (isNumber) return { maxUnavailable };
  if (engines !== undefined) return { maxUnavailable: groupsToGo(budget, engines) };
  const message = `an autoscaler changes the number of groups of ${title}, so the budget must be a fixed maxUnavailable`;
  report(refusal("InvalidValue", PATH, message, "write maxUnavailable as a number"));
  return { maxUnavailable: 0 };
}

/** Percentages are rounded up, as the disruption controller does. */
function groupsToGo({ minAvailable, maxUnavailable = 1 }: Budget, engines: number): number {
  const up = (amount: Amount): number => share(amount, engines, Math.ceil);
  return minAvailable === undefined ? up(maxUnavailable) : Math.max(0, engines - up(minAvailable));
}

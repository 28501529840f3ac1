import { objectOf, valueAt } from "../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { labelsIn, type Workload, workloadsOf } from "../../core/kubernetes/workloads/workloads.ts";
import { nameOf, objectsIn, rule } from "../rule.ts";
import { enginesOf } from "./pods.ts";

export const DISRUPTION_RULE = rule({
  name: "disruption-budget",
  description:
    "A model with several replicas has a PodDisruptionBudget, so that drained nodes do not stop all of them.",
  level: "advisory",
  scope: "stack",
  fields: {},
  judge: (resources) => {
    const found = objectsIn(resources);
    const objects = found.map(({ object }) => object);
    const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
    return workloadsOf(objects)
      .filter(({ count, pods }) => count > 1 && pods.some((pod) => enginesOf(pod).length > 0))
      .filter((workload) => !budgets.some((budget) => isFor(budget, workload)))
      .map(({ object, count }) => ({
        urn: found.find((one) => one.object === object)?.urn,
        message: `${nameOf(object)}: it has ${count} replicas, but no PodDisruptionBudget; set operations.podDisruptionBudget`,
      }));
  },
});

/** Whether a budget selects pods of a workload. */
function isFor({ metadata, spec }: KubernetesObject, { object, pods }: Workload): boolean {
  if (metadata.namespace !== object.metadata.namespace) return false;
  const expressions = valueAt(spec, ["selector", "matchExpressions"]);
  const selector = Object.entries(labelsIn(objectOf(valueAt(spec, ["selector", "matchLabels"]))));
  // Expressions are not evaluated: a budget with expressions counts as one that may select the workload.
  if (expressions !== undefined) return true;
  return pods.some(({ labels }) => selector.every(([key, value]) => entryOf(labels, key) === value));
}

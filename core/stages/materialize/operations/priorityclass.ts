import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { titleOf } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { editPods } from "../../../kubernetes/workloads/pods.ts";
import type { OperatedContext } from "../context.ts";
import { unused } from "../issues.ts";
import { engineWorkloads } from "./workloads.ts";

/**
 * The PriorityClass of every pod whose template names none, including the scheduler's, because engines cannot serve
 * without it.
 */
export function withPriorityClass(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const { operations, report } = context;
  const { priorityClassName } = operations;
  if (priorityClassName === undefined) return objects;
  const titles = new Map(engineWorkloads(objects, context).map(({ object, title }) => [object.metadata.name, title]));
  return objects.map((object) =>
    editPods(object, (pod): PodSpec => {
      const named = pod.priorityClassName;
      if (named === undefined) return { ...pod, priorityClassName };
      if (named !== priorityClassName) {
        const message = `the pod template of ${titles.get(object.metadata.name) ?? titleOf(object)} already sets the priority class ${named}`;
        report(
          unused(
            "spec.operations.priorityClassName",
            message,
            "remove operations.priorityClassName, or priorityClassName from the template",
          ),
        );
      }
      return pod;
    }),
  );
}

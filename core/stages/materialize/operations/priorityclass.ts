import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { editPods } from "../../../kubernetes/pods.ts";
import type { OperatedContext } from "../context.ts";
import { unused } from "../issues.ts";

/** The PriorityClass of every pod whose template names none: engines are of no use without their scheduler. */
export function withPriorityClass(
  objects: readonly KubernetesObject[],
  { operations, report }: OperatedContext,
): readonly KubernetesObject[] {
  const { priorityClassName } = operations;
  if (priorityClassName === undefined) return objects;
  return objects.map((object) =>
    editPods(object, (pod): PodSpec => {
      const named = pod.priorityClassName;
      if (named === undefined) return { ...pod, priorityClassName };
      if (named !== priorityClassName) {
        const message = `the pod template of ${object.kind} ${object.metadata.name} already sets the priority class ${named}`;
        report(unused("spec.operations.priorityClassName", message, "keep one of them"));
      }
      return pod;
    }),
  );
}

import { LABEL, PART_OF } from "../../core/contract/names.ts";
import { devicesOf } from "../../core/knowledge/accelerators/devices.ts";
import { type JsonObject, objectsOf } from "../../core/kubernetes/json.ts";
import { withRoles } from "../../core/kubernetes/workloads/disaggregatedset.ts";
import { MAIN } from "../../core/kubernetes/workloads/pods.ts";
import { type PodTemplate, templatesOf } from "../../core/kubernetes/workloads/workloads.ts";
import { nameOf, objectsIn, type StackResource, type Violation } from "../rule.ts";

/** The pods of one template among the resources of a stack. */
export interface StackPods extends PodTemplate {
  /** The object that makes them, as messages name it. */
  of: string;
  urn: string;
}

/** The pod templates of Deployments, Jobs, LeaderWorkerSets and DisaggregatedSets. */
export function podsIn(resources: readonly StackResource[]): StackPods[] {
  return objectsIn(resources).flatMap(({ object, urn }) =>
    withRoles([object])
      .flatMap(templatesOf)
      .map((template) => ({ ...template, of: nameOf(object), urn })),
  );
}

/** The containers of a pod, including init containers. */
export function containersOf({ spec }: Pick<PodTemplate, "spec">): JsonObject[] {
  return [...objectsOf(spec.initContainers), ...objectsOf(spec.containers)];
}

/** The containers that run a model: those named `main` in pods of a service, and those with an accelerator. */
export function enginesOf({ spec, labels }: Pick<PodTemplate, "spec" | "labels">): JsonObject[] {
  const isOfService = labels[LABEL.partOf] === PART_OF && labels[LABEL.kserveComponent] === "workload";
  return objectsOf(spec.containers).filter((container) => {
    const devices = devicesOf({ containers: [container as JsonObject & { name: string }] });
    return (isOfService && container["name"] === MAIN) || Object.keys(devices).length > 0;
  });
}

/** A container as messages name it. */
export function named({ name }: JsonObject): string {
  return typeof name === "string" ? `the container ${name}` : "a container without a name";
}

/** A violation at the object that makes some pods. */
export function violates({ of, urn }: StackPods, message: string): Violation {
  return { urn, message: `${of}: ${message}` };
}

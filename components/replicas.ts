import type { KubernetesObject } from "../core/spec/kubernetes.ts";

/**
 * Whose the number of replicas is. Server-side apply lets a field that it loses fall back to its default, which is one
 * replica: so a workload that an autoscaler came to scale keeps the number that it was registered with until the autoscaler
 * has set another, and the kubernetes plugin drops it from its requests from then on. What goes back to a fixed number takes
 * it by force, for the autoscaler's is still there.
 */
const FIELD = "spec.replicas";
const FORCE = "pulumi.com/patchForce";
const WORKLOADS: ReadonlySet<string> = new Set(["Deployment", "LeaderWorkerSet"]);

interface Target {
  apiVersion?: string;
  kind?: string;
  name?: string;
}

/** Whether an object of the plan scales this one. */
export function isScaled(object: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  return objects.some(({ metadata, spec }) => {
    const { scaleTargetRef: target } = (spec ?? {}) as { scaleTargetRef?: Target };
    return (
      target?.kind === object.kind &&
      target.apiVersion === object.apiVersion &&
      target.name === object.metadata.name &&
      metadata.namespace === object.metadata.namespace
    );
  });
}

/** Fields of an object that are another's to change. */
export function ignoredFields(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  return isScaled(object, objects) ? [FIELD] : [];
}

/**
 * A workload with a number of its own, which it takes from whoever had it. The annotation also makes the change back visible
 * where the number is the one of before the autoscaler: the state has it still.
 */
export function withOwnership(object: KubernetesObject): KubernetesObject {
  const { replicas } = (object.spec ?? {}) as { replicas?: unknown };
  if (!WORKLOADS.has(object.kind) || replicas === undefined) return object;
  const { annotations, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [FORCE]: "true" } } };
}

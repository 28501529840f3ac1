import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { isWorkload, replicasOf, scalerOf } from "../../core/kubernetes/workloads/workloads.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { withAnnotations } from "./await.ts";

/**
 * Whose the number of replicas is. Server-side apply lets a field that it loses fall back to its default, which is one
 * replica: so a workload that an autoscaler came to scale keeps the number that it was registered with until the autoscaler
 * has set another, and the kubernetes plugin drops it from its requests from then on. What goes back to a fixed number takes
 * it by force, for the autoscaler's is still there.
 */
const FIELD = "spec.replicas";
/** By this the kubernetes plugin takes fields back that somebody else has set; server-side apply is refused otherwise. */
const FORCE = "pulumi.com/patchForce";
/** Says that the number is the plan's; it goes when an autoscaler comes, so that the way back is a change that is seen. */
const FIXED = "kserve-llm/replicas";
/** Fields of an object that are another's to change. */
export function ignoredFields(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  return isWorkload(object) && scalerOf(object, objects) !== undefined ? [FIELD] : [];
}

/**
 * An object with the annotations that say whose it is: the stack's, by which `kserve-llm recover` knows it again after an
 * interrupted run; and by which its fields are taken back from whoever changed them. A number of replicas of its own is taken
 * from an autoscaler that went: the state still has the one of before, so nothing else would show.
 */
export function withOwnership(object: KubernetesObject): KubernetesObject {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  return withAnnotations(object, {
    [STACK_MARK]: stack,
    [FORCE]: "true",
    ...(isWorkload(object) && replicasOf(object) !== undefined && { [FIXED]: "fixed" }),
  });
}

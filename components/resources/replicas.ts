import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { isWorkload, replicasOf, scalerOf } from "../../core/kubernetes/workloads/workloads.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { withAnnotations } from "./await.ts";

/**
 * Decides who owns the number of replicas. Server-side apply resets a field that it gives up to its default, which is
 * one replica. So a workload that an autoscaler starts to scale keeps its registered number until the autoscaler sets
 * another; from then on the kubernetes plugin leaves the field out of its requests. A workload that returns to a fixed
 * number takes the field over by force, because the autoscaler's number is still there.
 */
const FIELD = "spec.replicas";
/**
 * With this annotation the kubernetes plugin takes back fields that another manager has set; without it, server-side
 * apply reports a conflict.
 */
const FORCE = "pulumi.com/patchForce";
/**
 * Records that the number is the plan's. The record is removed when an autoscaler comes, so that the way back is a
 * visible change.
 */
const FIXED = "kserve-llm/replicas";
/** Fields of an object that another controller may change. */
export function ignoredFields(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  return isWorkload(object) && scalerOf(object, objects) !== undefined ? [FIELD] : [];
}

/**
 * An object with the annotations of its owner: the name of the stack, by which `kserve-llm recover` finds the object
 * after an interrupted run, and the patchForce annotation, which takes its fields back from whoever changed them. A
 * fixed number of replicas is also taken back from an autoscaler that was removed: the state still has the number from
 * before, so nothing else would show the change.
 */
export function withOwnership(object: KubernetesObject): KubernetesObject {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  return withAnnotations(object, {
    [STACK_MARK]: stack,
    [FORCE]: "true",
    ...(isWorkload(object) && replicasOf(object) !== undefined && { [FIXED]: "fixed" }),
  });
}

import type * as pulumi from "@pulumi/pulumi";
import { KUEUE_QUEUE } from "../../core/contract/names.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { isWorkload } from "../../core/kubernetes/workloads/workloads.ts";

/**
 * Kueue refuses an update that moves a running workload into a queue, to another queue, or out of one. So the workload
 * is replaced, and the preview shows the replacement. The old one is deleted first, because both have the same name.
 * Undefined for an object that is not a workload. Sources: ValidateUpdate in leaderworkerset_webhook.go and
 * deployment_webhook.go, Kueue v0.19.
 */
export function queueOptions(object: KubernetesObject): pulumi.CustomResourceOptions | undefined {
  if (!isWorkload(object)) return undefined;
  return { replaceOnChanges: [`metadata.labels[${JSON.stringify(KUEUE_QUEUE)}]`], deleteBeforeReplace: true };
}

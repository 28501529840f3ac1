import type * as pulumi from "@pulumi/pulumi";
import { KUEUE_QUEUE } from "../../core/contract/names.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { isWorkload } from "../../core/kubernetes/workloads/workloads.ts";

/**
 * Kueue refuses an update by which a workload that runs would come into a queue, go to another, or leave. So it is made
 * anew, and the preview shows it; the old one goes first, for it has the name. Undefined for what is no workload.
 * Sources: ValidateUpdate in leaderworkerset_webhook.go and deployment_webhook.go, Kueue v0.19.
 */
export function queueOptions(object: KubernetesObject): pulumi.CustomResourceOptions | undefined {
  if (!isWorkload(object)) return undefined;
  return { replaceOnChanges: [`metadata.labels[${JSON.stringify(KUEUE_QUEUE)}]`], deleteBeforeReplace: true };
}

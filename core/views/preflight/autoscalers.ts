import { LABEL } from "../../contract/names.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { ClusterFacts, ClusterNode, ClusterPod } from "./facts.ts";

/**
 * Labels of nodes that are added and removed on demand, or of a cloud whose autoscaler is not visible in the cluster.
 * Sources: Karpenter's and EKS Auto Mode's references, the well-known labels of GKE, AKS and DigitalOcean.
 */
const LABELS: readonly { label: string; value?: string; title: string }[] = [
  { label: "karpenter.sh/nodepool", title: "Karpenter may add nodes" },
  { label: "karpenter.sh/provisioner-name", title: "Karpenter may add nodes" },
  { label: "eks.amazonaws.com/compute-type", value: "auto", title: "EKS Auto Mode may add nodes" },
  { label: "provisioner.cast.ai/managed-by", title: "CAST AI may add nodes" },
  { label: "cloud.google.com/gke-nodepool", title: "GKE may scale its node pools" },
  { label: "kubernetes.azure.com/cluster", title: "AKS may scale its node pools" },
  { label: "doks.digitalocean.com/node-pool", title: "DOKS may scale its node pools" },
];

/** The labels of an autoscaler's pods in its charts and operators, and the prefixes of their names. */
const NAME_LABELS = [LABEL.name, "app", "k8s-app"];
const PODS: readonly { name: RegExp; title: string }[] = [
  { name: /cluster-autoscaler/, title: "the Cluster Autoscaler may add nodes" },
  { name: /^karpenter(?:-|$)/, title: "Karpenter may add nodes" },
  { name: /^castai-/, title: "CAST AI may add nodes" },
];

/**
 * What may add nodes to a cluster, in words; undefined if nothing is known to: then the existing nodes are all nodes.
 */
export function autoscalerOf({ nodes = [], pods = [] }: Pick<ClusterFacts, "nodes" | "pods">): string | undefined {
  return pods.map(ofPod).find(isKnown) ?? nodes.map(ofNode).find(isKnown);
}

function isKnown(title: string | undefined): boolean {
  return title !== undefined;
}

function ofNode({ metadata: { labels } }: ClusterNode): string | undefined {
  const found = LABELS.find(({ label, value }) => {
    const there = entryOf(labels, label);
    return there !== undefined && (value === undefined || there === value);
  });
  return found?.title;
}

function ofPod({ metadata: { name, labels } }: ClusterPod): string | undefined {
  const names = [name, ...NAME_LABELS.flatMap((label) => entryOf(labels, label) ?? [])];
  return PODS.find((one) => names.some((text) => one.name.test(text)))?.title;
}

/** Whether pods may evict others: those with a priority evict pods that have a lower one. */
export function mayEvict({ priorityClassName = "" }: PodSpec): boolean {
  return priorityClassName !== "";
}

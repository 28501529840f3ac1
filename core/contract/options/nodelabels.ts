/** Who labels the nodes: the device operator with node feature discovery, or a cloud. */
export const NODE_LABELS = ["gpu-operator", "gke", "eks", "aks"] as const;
export type NodeLabels = (typeof NODE_LABELS)[number];

/** The parts that a request passes through, from left to right. */
export const NODE_KINDS = ["gateway", "route", "pool", "service", "scheduler", "pods", "nodes"] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export interface GraphNode {
  id: string;
  kind: NodeKind;
  /** Its name, then its kind and further details. */
  title: string;
  lines: string[];
}

interface GraphEdge {
  from: string;
  to: string;
  label?: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

import type { Graph, GraphNode, NodeKind } from "./types.ts";

/** Columns from left to right; pool and service share one, as scheduler and pods do. */
const COLUMN: Readonly<Record<NodeKind, number>> = {
  gateway: 0,
  route: 1,
  pool: 2,
  service: 2,
  scheduler: 3,
  pods: 3,
  nodes: 4,
};

export const LINE_HEIGHT = 18;
export const PADDING = 12;
/** Character widths of the picture's fonts, rounded up. */
const CHARACTER = { title: 8.5, line: 7.9, label: 6.8 };
/** Space between columns, in addition to their labels. */
const COLUMN_GAP = 56;
/** How far an edge inside a column bends to the right. */
export const BEND = 46;
const ROW_GAP = 28;
const MARGIN = 16;

export interface PlacedNode extends GraphNode {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedEdge {
  from: PlacedNode;
  to: PlacedNode;
  label?: string;
}

export interface Layout {
  width: number;
  height: number;
  nodes: PlacedNode[];
  edges: PlacedEdge[];
}

/** Places a graph in columns: each as wide as its widest text, with its nodes near those that lead to them. */
export function layout(graph: Graph): Layout {
  const used = [...new Set(graph.nodes.map(({ kind }) => COLUMN[kind]))].sort((a, b) => a - b);
  const columns = used.map((column) => graph.nodes.filter(({ kind }) => COLUMN[kind] === column));
  const heights = columns.map((nodes) => nodes.reduce((sum, node) => sum + heightOf(node) + ROW_GAP, -ROW_GAP));
  const tallest = Math.max(0, ...heights);
  const placed = new Map<string, PlacedNode>();
  let x = MARGIN;
  columns.forEach((nodes, index) => {
    const width = Math.max(...nodes.map(widthOf));
    let y = MARGIN + (tallest - (heights[index] ?? 0)) / 2;
    for (const node of byPredecessors(nodes, graph, placed)) {
      placed.set(node.id, { ...node, x, y, width, height: heightOf(node) });
      y += heightOf(node) + ROW_GAP;
    }
    x += width + gapAfter(nodes, columns[index + 1] ?? [], graph);
  });
  const edges = graph.edges.flatMap(({ from, to, label }): PlacedEdge[] => {
    const [start, end] = [placed.get(from), placed.get(to)];
    return start && end ? [{ from: start, to: end, ...(label && { label }) }] : [];
  });
  return {
    width: x + MARGIN,
    height: tallest + 2 * MARGIN,
    nodes: [...placed.values()],
    edges,
  };
}

function widthOf({ title, lines }: GraphNode): number {
  const widths = [title.length * CHARACTER.title, ...lines.map((text) => text.length * CHARACTER.line)];
  return Math.ceil(Math.max(...widths)) + 2 * PADDING;
}

/** Space for the labels of the edges that arrive at the next column, and of those that bend out of this one. */
function gapAfter(column: readonly GraphNode[], next: readonly GraphNode[], { edges }: Graph): number {
  const isIn = (nodes: readonly GraphNode[], id: string): boolean => nodes.some((node) => node.id === id);
  const widest = (labels: readonly (string | undefined)[]): number =>
    Math.max(0, ...labels.map((label = "") => label.length * CHARACTER.label));
  const bent = edges.filter(({ from, to }) => isIn(column, from) && isIn(column, to));
  const arriving = edges.filter(({ to }) => isIn(next, to));
  const inside = bent.length > 0 ? BEND + widest(bent.map(({ label }) => label)) : 0;
  return Math.ceil(inside + (next.length > 0 ? COLUMN_GAP + widest(arriving.map(({ label }) => label)) : 0));
}

function heightOf({ lines }: GraphNode): number {
  return (lines.length + 1) * LINE_HEIGHT + 2 * PADDING - 4;
}

/**
 * The nodes of a column ordered by the mean height of their predecessors, so that few edges cross; ties keep their
 * order.
 */
function byPredecessors(
  nodes: readonly GraphNode[],
  { edges }: Graph,
  placed: ReadonlyMap<string, PlacedNode>,
): GraphNode[] {
  const meanOf = ({ id }: GraphNode): number => {
    const before = edges.filter(({ to }) => to === id).flatMap(({ from }) => placed.get(from) ?? []);
    return before.reduce((sum, { y, height }) => sum + y + height / 2, 0) / Math.max(before.length, 1);
  };
  return [...nodes].sort((a, b) => meanOf(a) - meanOf(b));
}

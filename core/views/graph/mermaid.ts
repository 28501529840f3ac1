import type { Graph, GraphNode, NodeKind } from "./types.ts";

/** How a node of a kind is drawn: the text before and after its label. */
const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  gateway: ["([", "])"],
  route: ["[", "]"],
  pool: ["[[", "]]"],
  service: ["[", "]"],
  scheduler: ["{{", "}}"],
  pods: ["[", "]"],
  nodes: ["[(", ")]"],
};

/** Graphs as one Mermaid flowchart; several services are drawn in boxes with their names. */
export function mermaid(graphs: readonly { name: string; graph: Graph }[]): string {
  const [only] = graphs;
  if (only === undefined) return "flowchart LR\n";
  if (graphs.length === 1) return `flowchart LR\n${body(only.graph, "n", "  ")}`;
  const boxes = graphs.map(({ name, graph }, index) => {
    const inside = body(graph, `s${index}n`, "    ");
    return `  subgraph s${index}["${escaped(name)}"]\n${inside}  end\n`;
  });
  return `flowchart LR\n${boxes.join("")}`;
}

function body({ nodes, edges }: Graph, prefix: string, indent: string): string {
  const ids = new Map(nodes.map((node, index) => [node.id, `${prefix}${index}`]));
  const lines = [
    ...nodes.map((node) => `${ids.get(node.id)}${shaped(node)}`),
    ...edges.map(({ from, to, label }) => {
      const text = label ? `|"${escaped(label)}"|` : "";
      return `${ids.get(from)} -->${text} ${ids.get(to)}`;
    }),
  ];
  return lines.map((line) => `${indent}${line}\n`).join("");
}

function shaped({ kind, title, lines }: GraphNode): string {
  const [open, close] = SHAPES[kind];
  return `${open}"${[title, ...lines].map(escaped).join("<br/>")}"${close}`;
}

/** Mermaid decodes entities in quoted text. */
function escaped(text: string): string {
  return text.replace(/[#"<>&]/g, (character) => `#${character.codePointAt(0)};`);
}

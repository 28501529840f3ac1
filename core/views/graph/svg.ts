import { entryOf } from "../../kubernetes/table.ts";
import { BEND, type Layout, LINE_HEIGHT, layout, PADDING, type PlacedEdge, type PlacedNode } from "./layout.ts";
import { PICTURE_STYLE } from "./style.ts";
import type { Graph } from "./types.ts";

/** A graph as SVG. It uses classes instead of colours: the page around it defines them, light and dark. */
export function svg(graph: Graph, title: string): string {
  const placed = layout(graph);
  return rootOf(title, placed, insideOf(placed, title));
}

const HEADING = 40;

/**
 * Graphs as one self-contained SVG file, one below the other; several services have their names above them. It is light
 * or dark like the reader's system, also if a page shows it as an image.
 */
export function picture(graphs: readonly { name: string; graph: Graph }[]): string {
  const head = graphs.length > 1 ? HEADING : 0;
  let height = 0;
  const parts = graphs.map(({ name, graph }) => {
    const placed = layout(graph);
    const y = height;
    height += placed.height + head;
    const heading = head === 0 ? "" : `<text class="heading" x="16" y="26">${escapeXml(name)}</text>`;
    const inside = `<g transform="translate(0 ${head})">${insideOf(placed, name)}</g>`;
    return { width: placed.width, text: `<g transform="translate(0 ${y})">${heading}\n${inside}</g>` };
  });
  const width = Math.max(0, ...parts.map((part) => part.width));
  const paper = `<rect class="paper" width="${width}" height="${height}"/>`;
  const text = [`<style>${PICTURE_STYLE}</style>`, paper, ...parts.map((part) => part.text)].join("\n");
  return rootOf(graphs.map(({ name }) => name).join(", "), { width, height }, text);
}

function rootOf(title: string, { width, height }: Pick<Layout, "width" | "height">, inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" aria-label="${escapeXml(title)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${inside}
</svg>
`;
}

function insideOf({ nodes, edges }: Layout, title: string): string {
  const arrow = `arrow-${title.replace(/[^a-z0-9]+/gi, "-")}`;
  const head = `<defs><marker id="${arrow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>`;
  const shapes = [...edges.map((edge) => edgeSvg(edge, arrow)), ...nodes.map(nodeSvg), ...edges.map(labelSvg)];
  return [head, shapes.filter(Boolean).join("\n")].join("\n");
}

function nodeSvg({ x, y, width, height, kind, title, lines }: PlacedNode): string {
  const left = x + PADDING;
  const texts = [title, ...lines].map((text, index) => {
    const baseline = y + PADDING + LINE_HEIGHT * (index + 1) - 6;
    return `<text${index === 0 ? ' class="title"' : ""} x="${left}" y="${baseline}">${escapeXml(text)}</text>`;
  });
  return `<g class="node ${kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${texts.join("")}</g>`;
}

function edgeSvg(edge: PlacedEdge, arrow: string): string {
  return `<path class="edge" d="${pathOf(edge)}" marker-end="url(#${arrow})"/>`;
}

/** From right side to left side; inside a column out to the right and back. */
function pathOf({ from, to }: PlacedEdge): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const y2 = to.y + to.height / 2;
  if (from.x === to.x) return `M${x1} ${y1}C${x1 + BEND} ${y1} ${x1 + BEND} ${y2} ${x1 + 1} ${y2}`;
  const middle = (x1 + to.x) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${to.x} ${y2}`;
}

/** At the end of the edge, where the edges of one node are apart. */
function labelSvg({ from, to, label }: PlacedEdge): string {
  if (label === undefined) return "";
  const isInside = from.x === to.x;
  const x = isInside ? from.x + from.width + BEND * 0.75 : to.x - 14;
  const y = isInside ? (from.y + from.height / 2 + to.y + to.height / 2) / 2 + 4 : to.y + to.height / 2 - 7;
  return `<text class="label" x="${x}" y="${y}" text-anchor="${isInside ? "start" : "end"}">${escapeXml(label)}</text>`;
}

export function escapeXml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entryOf(entities, character) ?? character);
}

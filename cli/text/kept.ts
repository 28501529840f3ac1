import { type Document, isCollection, isNode, isScalar, type Node, visit } from "yaml";
import type { PathStep } from "../../core/kubernetes/json.ts";

/**
 * A text in which every value of several lines that the library would write in other lines, as quoted texts and flow
 * collections, is a word, and a function that puts the values back.
 */
export interface Kept {
  text: string;
  restored(text: string): string;
}

/** A word that no text contains by chance. */
const WORD = "kept-3f9ac1-";

/** The values of a text that an edit does not change, as words; undefined if there are none. */
export function keptValues(
  text: string,
  documents: readonly Document[],
  index: number,
  at: readonly PathStep[],
): Kept | undefined {
  const passed = new Set(at.map((_, i) => documents[index]?.getIn(at.slice(0, i), true)));
  const ranges = documents.flatMap((document) => rangesIn(text, document, passed)).sort(([a], [b]) => a - b);
  if (ranges.length === 0 || text.includes(WORD)) return undefined;
  const values = ranges.map(([from, to]) => text.slice(from, to));
  const parts = ranges.map(([from], i) => `${text.slice(ranges[i - 1]?.[1] ?? 0, from)}${WORD}${i}-x`);
  return {
    text: parts.join("") + text.slice(ranges.at(-1)?.[1]),
    restored: (edited) => values.reduce((one, value, i) => one.replace(`${WORD}${i}-x`, () => value), edited),
  };
}

function rangesIn(text: string, document: Document, passed: ReadonlySet<unknown>): [number, number][] {
  const ranges: [number, number][] = [];
  visit(document, {
    Node: (_key, node) => {
      if (!isNode(node) || !isRewritten(node) || passed.has(node)) return undefined;
      const [from, to] = node.range ?? [0, 0];
      if (!text.slice(from, to).includes("\n")) return undefined;
      ranges.push([from, to]);
      return visit.SKIP;
    },
  });
  return ranges;
}

/** Whether the library breaks the lines of a value anew; a block of text keeps them. */
function isRewritten(node: Node): boolean {
  if (isScalar(node)) return node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" || node.type === "PLAIN";
  return isCollection(node) && node.flow === true;
}

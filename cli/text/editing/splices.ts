import { type Document, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import type { Json, PathStep } from "../../../core/kubernetes/json.ts";
import {
  columnOf,
  type commentsIn,
  endOf,
  endOfPair,
  indexOfKey,
  lineStart,
  nextLine,
  nodeAt,
  type YamlPair,
} from "./parsed.ts";
import {
  behindDash,
  behindKey,
  blockItem,
  blockPair,
  indented,
  inline,
  inlinePair,
  keyOf,
  type Layout,
  type Moved,
  nodeOf,
} from "./render.ts";

/** The part of a text that is replaced. */
export interface Splice {
  from: number;
  to: number;
  text: string;
}

/** A text with the document in it that is edited. */
export interface Editing {
  text: string;
  document: Document;
  layout: Layout;
  /** The comments of the text. */
  comments: ReturnType<typeof commentsIn>;
  moved: readonly Moved[];
  /** Whether the removed value is written at another place, with its comments. */
  isMove?: boolean;
}

/** A collection that an edit changes, and the place of the entry in it. */
interface Entry {
  at: readonly PathStep[];
  step: PathStep;
  isFlow: boolean;
}

/** The change of a text that renames a key; undefined if the key is not found. */
export function renameSplice(editing: Editing, at: readonly PathStep[], name: string): Splice | undefined {
  const holder = nodeAt(editing.document, at.slice(0, -1))?.node;
  const pairs = isMap(holder) ? (holder.items as YamlPair[]) : [];
  const key = pairs[indexOfKey(pairs, at.at(-1) ?? "")]?.key;
  if (!isScalar(key) || !key.range) return undefined;
  const node = nodeOf(name, [], undefined, key);
  return { from: key.range[0], to: key.range[1], text: inline(node, editing.layout) };
}

/** The change of a text that sets or removes one value; undefined if the text cannot be changed there. */
export function valueSplice(editing: Editing, at: readonly PathStep[], value: Json | undefined): Splice | undefined {
  const above = at.slice(0, -1);
  const [step, found] = [at.at(-1), nodeAt(editing.document, above)];
  if (step === undefined || found === undefined) return undefined;
  const { node } = found;
  if (!isMap(node) && !isSeq(node)) return undefined;
  const entry: Entry = { at: above, step, isFlow: found.isFlow || node.flow === true };
  const i = isSeq(node) ? Number(step) : indexOfKey(node.items as YamlPair[], step);
  const isThere = i >= 0 && i < node.items.length;
  // The author of empty brackets chose no style for what comes into them.
  const isBare = node.items.length === 0 && !found.isFlow && !editing.layout.isJson && above.length > 0;
  if (value !== undefined && isBare) return valueSplice(editing, above, isSeq(node) ? [value] : { [step]: value });
  if (value !== undefined)
    return isThere ? replaced(editing, node, i, entry, value) : added(editing, node, entry, value);
  if (!isThere) return undefined;
  // A block without entries cannot be written.
  if (node.items.length === 1 && !entry.isFlow) return valueSplice(editing, above, isSeq(node) ? [] : {});
  return entry.isFlow ? removedInline(node, i) : removedLines(editing, node, i);
}

function added(editing: Editing, node: YAMLMap | YAMLSeq, { step, isFlow }: Entry, value: Json): Splice | undefined {
  const { text, layout, moved } = editing;
  const name = String(step);
  const inner = nodeOf(value, moved, isSeq(node) ? undefined : name);
  if (isFlow) {
    const shown = isSeq(node) ? inline(inner, layout) : inlinePair(name, inner, layout);
    return addedInline(editing, node, shown);
  }
  const from = nextLine(text, endOf(node));
  const shown = isSeq(node) ? blockItem(inner, layout) : blockPair(keyOf(name, value, moved), inner, layout);
  const column = columnOfEntries(text, node);
  const isOpen = from > 0 && text.charAt(from - 1) !== "\n";
  const lines = indented(`\n${shown}`, column).slice(1);
  return { from, to: from, text: isOpen ? `\n${lines.replace(/\n$/, "")}` : lines };
}

/** The column of the keys of a mapping, or of the dashes of a list. */
function columnOfEntries(text: string, node: YAMLMap | YAMLSeq): number {
  return columnOf(text, startOf(node, 0) ?? 0);
}

/** Where an entry of a collection starts: its key, its dash, or its value in brackets. */
function startOf(node: YAMLMap | YAMLSeq, i: number): number | undefined {
  if (isMap(node)) return (node.items as YamlPair[])[i]?.key.range?.[0];
  return node.flow === true ? (node.items[i] as Node).range?.[0] : dashOf(node, i);
}

function dashOf(node: YAMLSeq, i: number): number | undefined {
  const token = node.srcToken;
  const start = token?.type === "block-seq" ? (token.items[i]?.start ?? []) : [];
  return start.find(({ type }) => type === "seq-item-ind")?.offset;
}

/** The entry behind the last one in brackets, in a line of its own if that has one. */
function addedInline({ text, layout }: Editing, node: YAMLMap | YAMLSeq, shown: string): Splice | undefined {
  const [start, end] = node.range ?? [0, 0];
  const last = node.items.length - 1;
  const pad = layout.options.flowCollectionPadding === true && !layout.isJson && isMap(node) ? " " : "";
  if (last < 0) return { from: start + 1, to: end - 1, text: `${pad}${shown}${pad}` };
  const from = isSeq(node) ? endOf(node.items[last] as Node) : endOfPair(node.items[last] as YamlPair);
  const entry = startOf(node, last) ?? from;
  const line = text.slice(lineStart(text, entry), entry);
  const comma = text.slice(from, end).search(/\S/);
  const isCommaThere = text.charAt(from + comma) === ",";
  const at = isCommaThere ? from + comma + 1 : from;
  const blank = /^\s*$/.test(line) && text.slice(start, entry).includes("\n") ? `\n${line}` : " ";
  return { from: at, to: at, text: `${isCommaThere ? "" : ","}${blank}${shown}${isCommaThere ? "," : ""}` };
}

function removedInline(node: YAMLMap | YAMLSeq, i: number): Splice | undefined {
  const end = (j: number): number =>
    isSeq(node) ? endOf(node.items[j] as Node) : endOfPair(node.items[j] as YamlPair);
  const [from, next] = [startOf(node, i), i + 1 < node.items.length ? startOf(node, i + 1) : undefined];
  if (from === undefined) return undefined;
  if (next !== undefined) return { from, to: next, text: "" };
  if (i > 0) return { from: end(i - 1), to: end(i), text: "" };
  const [start, stop] = node.range ?? [0, 0];
  return { from: start + 1, to: stop - 1, text: "" };
}

/** An entry without its lines; comments in them stay, except those that are moved with the value. */
function removedLines(editing: Editing, node: YAMLMap | YAMLSeq, i: number): Splice | undefined {
  const { text } = editing;
  const start = startOf(node, i);
  if (start === undefined) return undefined;
  const end = isSeq(node) ? endOf(node.items[i] as Node) : endOfPair(node.items[i] as YamlPair);
  const column = " ".repeat(columnOf(text, start));
  const isFirstInLine = text.slice(lineStart(text, start), start).trim() === "";
  if (isFirstInLine) {
    const from = editing.isMove ? aboveOf(editing, start).from : lineStart(text, start);
    const to = nextLine(text, end);
    const kept = commentsBetween(editing, from, to);
    return { from, to, text: kept.map((comment) => `${column}${comment}\n`).join("") };
  }
  const next = startOf(node, i + 1);
  if (next === undefined) return undefined;
  const kept = commentsBetween(editing, start, next);
  return { from: start, to: next, text: kept.map((comment) => `${comment}\n${column}`).join("") };
}

/** The comment in the lines directly above an entry, if it is indented as the entry is, and where its lines start. */
export function aboveOf(
  { text, comments }: Pick<Editing, "text" | "comments">,
  start: number,
): { from: number; comment?: string } {
  const column = columnOf(text, start);
  const lines: string[] = [];
  let from = lineStart(text, start);
  while (from > 0) {
    const before = lineStart(text, from - 1);
    const own = comments.find(({ at }) => at === before + column);
    if (own === undefined || text.slice(before, own.at).trim() !== "") break;
    lines.unshift(own.text.slice(1));
    from = before;
  }
  return lines.length === 0 ? { from } : { from, comment: lines.join("\n") };
}

function commentsBetween({ comments, isMove }: Editing, from: number, to: number): string[] {
  return isMove ? [] : comments.filter(({ at }) => at >= from && at < to).map(({ text }) => text);
}

function replaced(
  editing: Editing,
  node: YAMLMap | YAMLSeq,
  i: number,
  { isFlow }: Entry,
  value: Json,
): Splice | undefined {
  const { text, layout, moved } = editing;
  const pair = isSeq(node) ? undefined : (node.items[i] as YamlPair);
  const before = pair === undefined ? (node.items[i] as Node) : pair.value;
  const inner = nodeOf(value, moved, pair && String((pair.key as { value?: unknown }).value), before ?? undefined);
  if (before === null) {
    const at = pair && isFlow ? endOf(pair.key) : undefined;
    return at === undefined ? undefined : { from: at, to: at, text: `: ${inline(inner, layout)}` };
  }
  const [start, end] = before.range ?? [0, 0];
  if (isFlow) return { from: start, to: end, text: `${start === end ? " " : ""}${inline(inner, layout)}` };
  const tail = isSeq(node) ? behindDash(inner, layout) : behindKey(inner, layout);
  const isOneLine = !tail.includes("\n");
  const isBlock =
    ((isMap(before) || isSeq(before)) && before.flow !== true) ||
    (isScalar(before) && BLOCKS.includes(before.type ?? ""));
  if (isOneLine && !isBlock) return { from: start, to: end, text: start === end ? tail : tail.trimStart() };
  const indicator = isSeq(node) ? dashOf(node, i) : colonOf(pair);
  return indicator === undefined
    ? undefined
    : lines(editing, { from: indicator + 1, end: endOf(before), tail, column: columnOfEntries(text, node) });
}

const BLOCKS: readonly string[] = ["BLOCK_LITERAL", "BLOCK_FOLDED"];

function colonOf(pair: YamlPair | undefined): number | undefined {
  return pair?.srcToken?.sep?.find(({ type }) => type === "map-value-ind")?.offset;
}

/** A value of several lines, before or after: the comment behind the key stays there, others follow the value. */
function lines(
  editing: Editing,
  { from, end, tail, column }: { from: number; end: number; tail: string; column: number },
): Splice {
  const { text } = editing;
  const to = nextLine(text, end);
  const [first = "", ...others] = indented(tail, column).split("\n");
  // A value that moves has its comments already.
  const isWritten = (comment: string): boolean => tail.split("\n").some((line) => line.endsWith(` ${comment}`));
  const kept = commentsBetween(editing, from, to).filter((comment) => !isWritten(comment));
  const own = editing.comments.find((one) => one.at >= from && one.at < nextLine(text, from) && !isWritten(one.text));
  const behind = own === undefined ? [] : kept.slice(0, 1);
  const rest = own === undefined ? kept : kept.slice(1);
  const head = [first, ...behind.map((comment) => ` ${comment}`)].join("");
  const isOpen = text.charAt(to - 1) !== "\n";
  const all = [head, ...others, ...rest.map((comment) => `${" ".repeat(column)}${comment}`)].join("\n");
  return { from, to, text: isOpen ? all : `${all}\n` };
}

import { Document, isScalar, type Node, Pair, Scalar, type ToStringOptions, YAMLMap, YAMLSeq } from "yaml";
import { isObject, type Json } from "../../../core/kubernetes/json.ts";

/** How the text of a file is laid out. */
export interface Layout {
  options: ToStringOptions;
  /** JSON has no other form for a value. */
  isJson: boolean;
}

/** The layout of a text, so that new lines look like the rest. */
export function layoutOf(text: string, isJson: boolean): Layout {
  const lines = text.split("\n").filter((line) => !/^ *(#|$)/.test(line));
  const indents = lines.map((line) => line.length - line.trimStart().length);
  const indent = indents.find((spaces) => spaces > 0);
  const dash = lines.findIndex((line, i) => i > 0 && line.trimStart().startsWith("- ") && lines[i - 1]?.endsWith(":"));
  const options = {
    lineWidth: 0,
    flowCollectionPadding: !lines.some((line) => /[{[][^\s{}[\]]/.test(line)),
    indentSeq: dash < 0 || (indents[dash] ?? 0) > (indents[dash - 1] ?? 0),
    ...(indent !== undefined && indent <= 8 && { indent }),
  };
  return { options, isJson };
}

function written(node: Node, { options }: Layout): string {
  const document = new Document(undefined, { version: "1.1" });
  document.contents = node;
  return document.toString(options);
}

function flowMap(pairs: Pair[]): YAMLMap {
  const map = new YAMLMap();
  map.flow = true;
  map.items.push(...pairs);
  return map;
}

function flowSeq(items: Node[]): YAMLSeq {
  const seq = new YAMLSeq();
  seq.flow = true;
  seq.items.push(...items);
  return seq;
}

function withoutBrackets(text: string): string {
  return text.trim().slice(1, -1).trim();
}

/** A value in one line, as it stands in brackets or behind a key. */
export function inline(node: Node, layout: Layout): string {
  return layout.isJson ? JSON.stringify(plain(node)) : withoutBrackets(written(flowSeq([node]), layout));
}

/** A field in one line, as it stands in brackets. */
export function inlinePair(key: string, node: Node, layout: Layout): string {
  if (layout.isJson) return `${JSON.stringify(key)}: ${JSON.stringify(plain(node))}`;
  return withoutBrackets(written(flowMap([new Pair(new Scalar(key), node)]), layout));
}

function plain(node: Node): unknown {
  return node.toJS(new Document());
}

/** A field in separate lines. */
export function blockPair(key: Node, node: Node, layout: Layout): string {
  const map = new YAMLMap();
  map.items.push(new Pair(key, node));
  return written(map, layout);
}

/** An item of a list in separate lines. */
export function blockItem(node: Node, layout: Layout): string {
  const seq = new YAMLSeq();
  seq.items.push(node);
  return written(seq, layout);
}

/** What stands behind a key: ` value`, or a line break and the lines of the value. */
export function behindKey(node: Node, layout: Layout): string {
  return blockPair(new Scalar("k"), node, layout).slice("k:".length).replace(/\n$/, "");
}

/** What stands behind the dash of an item. */
export function behindDash(node: Node, layout: Layout): string {
  return blockItem(node, layout).slice("-".length).replace(/\n$/, "");
}

/** Lines with more blanks in front of all but the first, and of blank ones. */
export function indented(text: string, by: number): string {
  return text.replaceAll(/\n(?!\n|$)/g, `\n${" ".repeat(by)}`);
}

/** A value that a fix moves: its node with quotes and comments, and the comment above its field. */
export interface Moved {
  value: Json;
  node: Node;
  key?: string;
  above?: string;
}

/** A value as nodes: what a fix moves keeps its nodes, and a text keeps the quotes of the one that it replaces. */
export function nodeOf(value: Json, moved: readonly Moved[], key?: string, before?: Node): Node {
  const own = moved.find((one) => isSame(one, value, key));
  if (own !== undefined) return own.node;
  if (Array.isArray(value)) {
    const seq = new YAMLSeq();
    seq.items.push(...value.map((item) => nodeOf(item, moved)));
    return seq;
  }
  if (isObject(value)) {
    const map = new YAMLMap();
    for (const [name, item] of Object.entries(value))
      map.items.push(new Pair(keyOf(name, item ?? null, moved), nodeOf(item ?? null, moved, name)));
    return map;
  }
  const scalar = new Scalar(value);
  const isQuoted =
    isScalar(before) &&
    typeof before.value === "string" &&
    (before.type === "QUOTE_DOUBLE" || before.type === "QUOTE_SINGLE");
  if (isQuoted && typeof value === "string" && before.type) scalar.type = before.type;
  return scalar;
}

/** The key of a field, with the comment that stood above it where the field is moved from. */
export function keyOf(name: string, value: Json, moved: readonly Moved[]): Scalar {
  const key = new Scalar(name);
  const above = moved.find((one) => isSame(one, value, name))?.above;
  if (above !== undefined) key.commentBefore = above;
  return key;
}

function isSame(moved: Moved, value: Json, key: string | undefined): boolean {
  if (JSON.stringify(moved.value) !== JSON.stringify(value)) return false;
  return typeof value === "object" || moved.key === undefined || moved.key === key;
}

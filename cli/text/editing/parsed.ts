import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, visit } from "yaml";
import { asText, isObject, type PathStep } from "../../../core/kubernetes/json.ts";

/**
 * The documents of a text with their places in it. Texts such as `e5` and `.`, which the library takes for a number
 * without digits, stay texts.
 */
export function documentsOf(text: string): Document[] {
  const options = { version: "1.1", uniqueKeys: false, keepSourceTokens: true } as const;
  const documents = [...parseAllDocuments(text, options)];
  for (const document of documents)
    visit(document, {
      Scalar: (_, scalar) => {
        if (Number.isNaN(scalar.value) && !NOT_A_NUMBER.test(scalar.source ?? "")) scalar.value = scalar.source;
      },
    });
  return documents;
}

const NOT_A_NUMBER = /^\.nan$/i;

export type YamlPair = Pair<Node, Node | null>;

/** The position of a key among the pairs of a mapping; -1 if it has no such key. */
export function indexOfKey(pairs: readonly YamlPair[], step: PathStep): number {
  return pairs.findIndex(({ key }) => isScalar(key) && asText(key.value) === String(step));
}

/** A value, and whether it is in a collection that is written in brackets. */
interface Found {
  node: Node;
  isFlow: boolean;
}

/** The value at a path of a document; undefined if it does not exist, or if an alias stands for it. */
export function nodeAt({ contents }: Document, at: readonly PathStep[]): Found | undefined {
  let found: Found | undefined = contents === null ? undefined : { node: contents as Node, isFlow: false };
  for (const step of at) {
    const node = found?.node;
    if (!isMap(node) && !isSeq(node)) return undefined;
    const isFlow: boolean = found?.isFlow === true || node.flow === true;
    const pairs = node.items as YamlPair[];
    const inner = isSeq(node) ? (node.items[Number(step)] as Node) : pairs[indexOfKey(pairs, step)]?.value;
    found = inner ? { node: inner, isFlow } : undefined;
  }
  return found;
}

/** A comment, with its mark, and the place where it starts. */
interface Comment {
  at: number;
  text: string;
}

/** The comments within the tokens of a text. */
export function commentsIn(token: unknown): Comment[] {
  const found: Comment[] = [];
  const open: unknown[] = [token];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) for (const one of next) open.push(one);
    else if (isObject(next) && next["type"] === "comment")
      found.push({ at: Number(next["offset"]), text: asText(next["source"]) });
    else if (isObject(next)) open.push(...Object.values(next).filter((one) => typeof one === "object" && one !== null));
  }
  return found.sort((one, other) => one.at - other.at);
}

/** Where the content of a value ends, without comments behind it. */
export function endOf(node: Node): number {
  const items = (isMap(node) || isSeq(node)) && node.flow !== true ? node.items : [];
  const last = items.at(-1);
  if (last === undefined) return node.range?.[1] ?? 0;
  return isSeq(node) ? endOf(last as Node) : endOfPair(last as YamlPair);
}

export function endOfPair({ key, value }: YamlPair): number {
  return value === null ? endOf(key) : endOf(value);
}

/** The start of the line of a place. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** The start of the line after a place; the end of a line belongs to that line. */
export function nextLine(text: string, at: number): number {
  if (at > 0 && text.charAt(at - 1) === "\n") return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

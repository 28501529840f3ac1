import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { mayBeCredential } from "../../core/knowledge/secretforms.ts";
import type { Json, JsonObject } from "../../core/kubernetes/json.ts";
import type { Problem } from "./decode.ts";
import { type Plain, readingsOf } from "./scalar.ts";

/** One document of a text, with the line on which it starts. */
interface ReadDocument {
  value: Json;
  line: number;
}

/** The content of a text: if there are problems, its documents must not be used. Lines are counted from 1. */
export interface ReadText {
  documents: ReadDocument[];
  problems: Problem[];
  notes: Problem[];
}

/** Deeper than anything that Kubernetes stores, and shallow enough for every walk over a document. */
export const DEEPEST = 500;
/** Maximum number of values in one document that aliases may repeat. */
const MOST_REPEATED = 100_000;

/**
 * Reads YAML (or JSON, which is YAML) as kubectl does. If readers of YAML 1.2 would understand another value, that is a
 * problem or a note: docs/cli.md describes which.
 */
export function readYaml(text: string): ReadText {
  const lines = new LineCounter();
  const lineOf = (offset: number): number => Math.max(lines.linePos(offset).line, 1);
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tokens.map(tooDeep).find((offset) => offset !== undefined);
  if (deep !== undefined) return refused(lineOf(deep), `values are nested more than ${DEEPEST} deep`);
  const options = { schema: "failsafe", resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const;
  const parsed = [...new Composer({ ...options, lineCounter: lines }).compose(tokens)];
  const broken = parsed.flatMap(({ errors }) => errors);
  const problems = broken.map(({ pos, message }) => ({ line: lineOf(pos[0]), text: withoutSource(message) }));
  if (problems.length > 0) return { documents: [], problems, notes: [] };
  const read = parsed.map((document) => {
    const converter = new Converter(lineOf);
    const value = converter.document(document);
    return { value, line: lineOf(firstOffset(document)), converter };
  });
  return {
    documents: read.map(({ value, line }) => ({ value, line })),
    problems: read.flatMap(({ converter }) => converter.problems),
    notes: read.flatMap(({ converter }) => converter.notes),
  };
}

/** A problem of the parser without the words of the text that it quotes at the end: they may hold a secret. */
function withoutSource(message: string): string {
  return message.split(": ", 1)[0] ?? message;
}

function refused(line: number, text: string): ReadText {
  return { documents: [], problems: [{ line, text }], notes: [] };
}

function firstOffset({ contents, range }: Document): number {
  return (contents as Node | null)?.range?.[0] ?? range?.[0] ?? 0;
}

/**
 * The place where a document is nested too deeply, if it is. It is walked without recursion, which would overflow the
 * stack.
 */
function tooDeep(document: CST.Token): number | undefined {
  const open: [CST.Token, number][] = [[document, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (depth > DEEPEST) return token.offset;
    if ("value" in token && token.value) open.push([token.value as CST.Token, depth]);
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push([key, depth + 1]);
      if (value) open.push([value, depth + 1]);
    }
  }
  return undefined;
}

const TAG = "tag:yaml.org,2002:";
/** Tags that only repeat the type of a node. */
const KNOWN_TAGS = {
  scalar: ["str", "int", "float", "bool", "null", "timestamp"],
  map: ["map"],
  list: ["seq"],
} as const;
/** Fields with a file's mode, which Kubernetes documents in octal. */
const MODES = ["defaultMode", "mode"];
const MERGE = "<<";

type Anchored = { value: Json } | "open";
type Entry = [string, Json];

/** Turns one document into JSON. */
class Converter {
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  readonly #anchors = new Map<string, Anchored>();
  readonly #lineOf: (offset: number) => number;
  #repeated = 0;

  constructor(lineOf: (offset: number) => number) {
    this.#lineOf = lineOf;
  }

  document({ contents, directives, range }: Document.Parsed | Document): Json {
    const version = directives?.yaml;
    if (version?.explicit && version.version !== "1.1") {
      this.#problem(range?.[0], `kubectl does not read documents of YAML ${version.version} — remove the %YAML line`);
    }
    return contents === null ? null : this.#value(contents as Node);
  }

  #value(node: Node, field?: string): Json {
    if (isAlias(node)) return this.#repeat(node);
    const { anchor } = node as Scalar | YAMLMap | YAMLSeq;
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    const value = this.#content(node, field);
    if (anchor !== undefined) this.#anchors.set(anchor, { value });
    return value;
  }

  #content(node: Node, field?: string): Json {
    if (isScalar(node)) return this.#scalar(node, field);
    if (isMap(node)) return this.#isTagged(node, "map") ? null : this.#mapping(node);
    if (isSeq(node)) return this.#isTagged(node, "list") ? null : this.#list(node);
    return null;
  }

  /** Whether a node has a tag that cannot be kept, which is a problem. */
  #isTagged(node: Node, kind: keyof typeof KNOWN_TAGS): boolean {
    const tag = node.tag?.replace(TAG, "");
    if (tag === undefined || KNOWN_TAGS[kind].some((known) => known === tag)) return false;
    const shown = node.tag?.startsWith(TAG) ? `!!${tag}` : tag;
    this.#problem(node, `the tag ${shown} has no meaning in a Kubernetes object — write a plain mapping, list or text`);
    return true;
  }

  /** A copy of an anchor's value, because documents are trees. */
  #repeat(node: Alias): Json {
    const anchored = this.#anchors.get(node.source);
    if (anchored === undefined)
      return this.#problem(node, `the alias *${node.source} refers to an anchor that is not defined above it`);
    if (anchored === "open") return this.#problem(node, `the alias *${node.source} is inside its own anchor`);
    const before = this.#repeated;
    this.#repeated += sizeOf(anchored.value, MOST_REPEATED);
    if (this.#repeated <= MOST_REPEATED) return structuredClone(anchored.value);
    if (before > MOST_REPEATED) return null;
    return this.#problem(node, `aliases repeat more than ${MOST_REPEATED} values — write the values without aliases`);
  }

  /** The word behind a flag is read as a field of that name. */
  #list(node: YAMLSeq): Json {
    let flag: string | undefined;
    return node.items.map((item) => {
      const value = this.#value(item as Node, flag);
      if (typeof value === "string" && value.startsWith("-")) flag = value;
      return value;
    });
  }

  #mapping(node: YAMLMap): Json {
    const fields = new Map<string, Json>();
    const own = new Set<string>();
    const variable = variableOf(node);
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      if (isMerge(pair.key)) {
        for (const [name, value] of this.#merged(pair, own, fields)) fields.set(name, value);
        continue;
      }
      const name = this.#key(pair.key);
      if (name === undefined) continue;
      if (own.has(name))
        this.#problem(pair.key, `duplicate key ${JSON.stringify(name)} in one mapping — remove one of the two`);
      own.add(name);
      fields.set(
        name,
        pair.value === null ? null : this.#value(pair.value, name === "value" ? (variable ?? name) : name),
      );
    }
    return Object.fromEntries(fields) satisfies JsonObject;
  }

  /** The fields that `<<` adds. In a list of mappings the earlier wins. */
  #merged({ key, value }: Pair<Node, Node | null>, own: Set<string>, fields: ReadonlyMap<string, Json>): Entry[] {
    if (own.has(MERGE)) this.#problem(key, "duplicate << in one mapping — write one: <<: [*a, *b]");
    own.add(MERGE);
    const found = value === null ? null : this.#value(value);
    const sources = Array.isArray(found) ? found.toReversed() : [found];
    const merged = new Map<string, Json>();
    for (const source of sources) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) {
        this.#problem(key, "<< takes a mapping or a list of mappings");
        return [];
      }
      for (const [name, item] of Object.entries(source)) merged.set(name, item ?? null);
    }
    for (const [name, item] of merged) {
      if (!fields.has(name) || JSON.stringify(fields.get(name)) === JSON.stringify(item)) continue;
      const both = "kubectl uses the value from <<, other parsers use the value of the mapping";
      this.#problem(key, `${JSON.stringify(name)} is set before << and inside it: ${both} — write << first`);
    }
    return [...merged];
  }

  /** A key, which is a text for every reader. */
  #key(node: Node): string | undefined {
    const written = isAlias(node) ? this.#repeat(node) : isScalar(node) ? sourceOf(node) : undefined;
    if (typeof written !== "string") {
      this.#problem(node, "a key must be a string, not a mapping or list");
      return undefined;
    }
    if (isScalar(node)) this.#isTagged(node, "scalar");
    if (!isScalar(node) || !isPlain(node)) return written;
    const { kubectl, core } = readingsOf(written);
    if (kubectl === written || (isKeyText(kubectl, written) && isKeyText(core, written))) return written;
    const read = written === "" ? "an empty key" : `the key ${written}`;
    this.#problem(
      node,
      `${read} is ${named(kubectl)} to kubectl, but keys must be strings — write "${written}" in quotes`,
    );
    return undefined;
  }

  #scalar(node: Scalar, field?: string): Json {
    const written = sourceOf(node);
    if (this.#isTagged(node, "scalar")) return null;
    const tag = node.tag?.replace(TAG, "");
    if (tag === "str" || tag === "timestamp" || (tag === undefined && !isPlain(node))) return this.#text(node, written);
    const value = this.#plain(node, written, field);
    if (tag !== undefined && !isOfTag(value, tag)) {
      const shown = field !== undefined && mayBeCredential(field) ? `the value of ${field}` : shortly(written);
      return this.#problem(node, `${shown} does not match its tag !!${tag}`);
    }
    return value;
  }

  #text(node: Node, text: string): Json {
    if (/\p{Cs}/u.test(text)) this.#problem(node, "a text contains half of a surrogate pair, which is not a character");
    return text;
  }

  #plain(node: Scalar, text: string, field?: string): Json {
    const { kubectl, core } = readingsOf(text);
    const isHidden = field !== undefined && mayBeCredential(field);
    const written = isHidden ? `the value of ${field}` : text;
    if (typeof kubectl === "number") {
      if (!Number.isFinite(kubectl)) return this.#problem(node, `${written} is not a number that JSON can represent`);
      if (Number.isInteger(kubectl) && !Number.isSafeInteger(kubectl) && /^[-+]?\d+$/.test(text)) {
        return this.#problem(
          node,
          `${shortly(written)} is too large to be represented exactly as a number — write it in quotes`,
        );
      }
    }
    if (typeof kubectl === "string") return this.#text(node, kubectl);
    if (kubectl === core) return kubectl;
    if (MODES.includes(field ?? "") && /^0[0-7]+$/.test(text)) return kubectl;
    if (isHidden) {
      const other = `${written} is not the same to kubectl as to YAML 1.2 parsers — write it in quotes`;
      return this.#problem(node, other);
    }
    const both = `${written} is ${named(kubectl)} to kubectl, but ${named(core)} to YAML 1.2 parsers`;
    const numbers = typeof core === "number" ? ` or ${core}` : "";
    const fix = `write ${String(kubectl)}${numbers}, or "${written}" in quotes`;
    if (typeof kubectl !== "boolean") return this.#problem(node, `${both} — ${fix}`);
    this.notes.push({ line: this.#line(node), text: `${both}; the value is read as kubectl reads it — ${fix}` });
    return kubectl;
  }

  #line(where: Node | number | undefined): number {
    return this.#lineOf(typeof where === "number" ? where : (where?.range?.[0] ?? 0));
  }

  #problem(where: Node | number | undefined, text: string): null {
    this.problems.push({ line: this.#line(where), text });
    return null;
  }
}

/** The name of a variable, which stands next to its value. */
function variableOf(node: YAMLMap): string | undefined {
  const name = (node.items as Pair<Node, Node | null>[]).find(
    ({ key }) => isScalar(key) && sourceOf(key) === "name",
  )?.value;
  return isScalar(name) ? sourceOf(name) : undefined;
}

function isPlain(node: Scalar): boolean {
  return node.type === undefined || node.type === "PLAIN";
}

function isMerge(key: Node): boolean {
  return isScalar(key) && isPlain(key) && key.tag === undefined && sourceOf(key) === MERGE;
}

/** The text of a scalar, which the failsafe schema leaves as it is written. */
function sourceOf({ value }: Scalar): string {
  return typeof value === "string" ? value : "";
}

/**
 * Whether a boolean or a whole number is the key as written: kubectl and others convert such keys to texts, as in
 * `data: {8080: …}`.
 */
function isKeyText(value: Plain, written: string): boolean {
  return value !== null && (typeof value !== "number" || Number.isInteger(value)) && String(value) === written;
}

function isOfTag(value: Json, tag: string): boolean {
  if (tag === "null") return value === null;
  if (tag === "bool") return typeof value === "boolean";
  return typeof value === "number" && (tag === "float" || Number.isInteger(value));
}

function named(value: Plain): string {
  if (value === null) return "null";
  if (typeof value === "string") return `the text "${value}"`;
  return `the ${typeof value} ${value}`;
}

function shortly(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** The number of values in a value; it is only counted up to a bound. */
function sizeOf(value: Json, bound: number): number {
  let size = 0;
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined && size <= bound; next = open.pop()) {
    size += 1;
    if (typeof next === "object" && next !== null) open.push(...Object.values(next).map((item) => item ?? null));
  }
  return size;
}

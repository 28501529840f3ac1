import { entryOf } from "../table.ts";

/**
 * The part of the Common Expression Language that CRD rules use: literals, lists, fields, indices, operators, `? :`,
 * functions and the macros has, all, exists, exists_one, filter, map. The rules of embedded APIs come as CEL text from
 * their publishers, so they are evaluated as they stand instead of being written a second time.
 * Source: the CEL specification (grammar), Kubernetes 1.36 (escapes such as `__namespace__`).
 */
export type Node =
  | { op: "literal"; value: string | number | boolean | null }
  | { op: "list"; items: Node[] }
  | { op: "name"; name: string }
  | { op: "field"; of: Node; name: string }
  | { op: "index"; of: Node; at: Node }
  | { op: "call"; name: string; on?: Node; args: Node[] }
  | { op: "macro"; name: Macro; on: Node; variable: string; body: Node }
  | { op: "has"; of: Node; name: string }
  | { op: "not" | "negative"; of: Node }
  | { op: "binary"; sign: string; left: Node; right: Node }
  | { op: "choice"; test: Node; yes: Node; no: Node };

export type Macro = "all" | "exists" | "exists_one" | "filter" | "map";
const MACROS: ReadonlySet<string> = new Set<Macro>(["all", "exists", "exists_one", "filter", "map"]);

const TOKEN =
  /\s+|(r?)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[-+*/%!<>?:.,()[\]])/gy;

interface Token {
  kind: "text" | "number" | "word" | "sign" | "end";
  text: string;
}

/** Parses one expression; throws an Error that names the place where it is not CEL of this part. */
export function parseCel(source: string): Node {
  const parser = new Parser(tokensOf(source), source);
  return parser.whole();
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`not CEL at ${start}: ${source.slice(start, start + 20)}`);
    const [, raw, text, number, word, sign] = match;
    if (text !== undefined) tokens.push({ kind: "text", text: unquoted(text, raw === "r") });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return [...tokens, { kind: "end", text: "" }];
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

function unquoted(literal: string, raw: boolean): string {
  const quotes = /^("""|''')/.test(literal) ? 3 : 1;
  const inner = literal.slice(quotes, -quotes);
  return raw ? inner : inner.replace(/\\(.)/gs, (_, letter: string) => entryOf(ESCAPES, letter) ?? letter);
}

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+", "-"],
  ["*", "/", "%"],
];

class Parser {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(tokens: readonly Token[], source: string) {
    this.#tokens = tokens;
    this.#source = source;
  }

  whole(): Node {
    const node = this.#choice();
    if (this.#next.kind !== "end") this.#fail();
    return node;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  #fail(): never {
    throw new Error(`unexpected "${this.#next.text}" in: ${this.#source}`);
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #takes(sign: string): boolean {
    if (this.#next.kind === "text" || this.#next.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) this.#fail();
  }

  #choice(): Node {
    const test = this.#binary(0);
    if (!this.#takes("?")) return test;
    const yes = this.#choice();
    this.#expect(":");
    return { op: "choice", test, yes, no: this.#choice() };
  }

  #binary(level: number): Node {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    while (this.#next.kind !== "text" && signs.includes(this.#next.text)) {
      const sign = this.#take().text;
      left = { op: "binary", sign, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Node {
    if (this.#takes("!")) return { op: "not", of: this.#unary() };
    if (this.#takes("-")) return { op: "negative", of: this.#unary() };
    return this.#members(this.#primary());
  }

  #members(start: Node): Node {
    let node = start;
    for (;;) {
      if (this.#takes(".")) node = this.#member(node);
      else if (this.#takes("[")) {
        node = { op: "index", of: node, at: this.#choice() };
        this.#expect("]");
      } else return node;
    }
  }

  #member(of: Node): Node {
    const name = this.#take();
    if (name.kind !== "word") this.#fail();
    if (!this.#takes("(")) return { op: "field", of, name: unescaped(name.text) };
    const args = this.#list(")");
    if (!MACROS.has(name.text)) return { op: "call", name: name.text, on: of, args };
    const [variable, body] = args;
    if (variable?.op !== "name" || body === undefined || args.length !== 2) this.#fail();
    return { op: "macro", name: name.text as Macro, on: of, variable: variable.name, body };
  }

  #primary(): Node {
    const token = this.#take();
    if (token.kind === "text") return { op: "literal", value: token.text };
    if (token.kind === "number") return { op: "literal", value: Number(token.text) };
    if (token.kind === "word") return this.#word(token.text);
    if (token.text === "(") {
      const inner = this.#choice();
      this.#expect(")");
      return inner;
    }
    if (token.text === "[") return { op: "list", items: this.#list("]") };
    this.#at -= 1;
    this.#fail();
  }

  #word(name: string): Node {
    if (name === "true" || name === "false") return { op: "literal", value: name === "true" };
    if (name === "null") return { op: "literal", value: null };
    if (!this.#takes("(")) return { op: "name", name };
    const args = this.#list(")");
    if (name !== "has") return { op: "call", name, args };
    const [field] = args;
    if (field?.op !== "field") this.#fail();
    return { op: "has", of: field.of, name: field.name };
  }

  #list(end: string): Node[] {
    const items: Node[] = [];
    while (!this.#takes(end)) {
      if (items.length > 0) this.#expect(",");
      items.push(this.#choice());
    }
    return items;
  }
}

/** Kubernetes writes a field whose name CEL reserves as `__name__`. */
function unescaped(name: string): string {
  return /^__(\w+)__$/.exec(name)?.[1] ?? name;
}

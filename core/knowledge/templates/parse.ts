import { lex, type Piece, TemplateSyntaxError, type Token } from "./lex.ts";

/** An operand of a pipeline. */
export type Operand =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "dot" }
  | { kind: "variable"; name: string; fields: string[] }
  | { kind: "fields"; fields: string[] }
  | { kind: "function"; name: string }
  | { kind: "group"; pipeline: Pipeline; fields: string[] };
export interface Command {
  operands: Operand[];
}
export interface Pipeline {
  /** Variables to which the pipeline's value is assigned; `declares` distinguishes `:=` from `=`. */
  variables: string[];
  declares: boolean;
  commands: Command[];
}
export type Node =
  | { kind: "text"; text: string }
  | { kind: "print"; pipeline: Pipeline; source: string }
  | { kind: "if" | "with" | "range"; pipeline: Pipeline; then: Node[]; else: Node[]; source: string };

/** Keywords of Go's templates that configs do not need. */
const UNSUPPORTED = ["define", "template", "block", "break", "continue"];

const DEEPEST = 100;

/** Parses a template; throws {@link TemplateSyntaxError} for a mistake or an unsupported feature. */
export function parse(template: string, functions: ReadonlySet<string>): Node[] {
  const reader = new Reader(lex(template), functions);
  const nodes = reader.list([]);
  return nodes;
}

class Reader {
  readonly #pieces: readonly Piece[];
  readonly #functions: ReadonlySet<string>;
  #at = 0;
  #depth = 0;
  /** What ended the list that was read last: `end`, `else`, or `else if …`. */
  #ending: { word: string; rest: readonly Token[]; source: string } | undefined;

  constructor(pieces: readonly Piece[], functions: ReadonlySet<string>) {
    this.#pieces = pieces;
    this.#functions = functions;
  }

  /** Nodes up to one of the words that may end the list; at the top level none may. */
  list(endings: readonly string[]): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at++] as Piece;
      if (piece.kind === "text") {
        nodes.push(piece);
        continue;
      }
      const tokens = trimSpace(piece.tokens);
      const word = tokens[0]?.kind === "word" ? tokens[0].text : "";
      if (UNSUPPORTED.includes(word)) throw new TemplateSyntaxError(`{{ ${word} }} is not supported`);
      if (word === "end" || word === "else") {
        if (!endings.includes(word)) throw new TemplateSyntaxError(`unexpected {{ ${word} }}`);
        this.#ending = { word, rest: trimSpace(tokens.slice(1)), source: piece.source };
        return nodes;
      }
      if (word === "if" || word === "with" || word === "range") {
        nodes.push(this.#control(word, tokens.slice(1), piece.source));
      } else {
        nodes.push({ kind: "print", pipeline: this.#pipeline(tokens), source: piece.source });
      }
    }
    if (endings.length > 0) throw new TemplateSyntaxError("unexpected end of the template: {{ end }} is missing");
    return nodes;
  }

  /** Runs a parser one level deeper; templates that people write have a few levels. */
  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new TemplateSyntaxError(`the template is nested more than ${DEEPEST} levels deep`);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #control(kind: "if" | "with" | "range", tokens: readonly Token[], source: string): Node {
    return this.#nested(() => this.#block(kind, tokens, source));
  }

  #block(kind: "if" | "with" | "range", tokens: readonly Token[], source: string): Node {
    const pipeline = this.#pipeline(tokens);
    const then = this.list(["end", "else"]);
    const ending = this.#ending;
    if (ending?.word !== "else") return { kind, pipeline, then, else: [], source };
    const [first] = ending.rest;
    if (first === undefined) return { kind, pipeline, then, else: this.list(["end"]), source };
    if (first.kind === "word" && first.text === kind && kind !== "range") {
      // `else if` shares the `end` of its `if`.
      return { kind, pipeline, then, else: [this.#control(kind, ending.rest.slice(1), ending.source)], source };
    }
    throw new TemplateSyntaxError(`{{ ${ending.source} }} is not supported`);
  }

  #pipeline(all: readonly Token[]): Pipeline {
    const tokens = trimSpace(all);
    const assigned = readVariables(tokens);
    const body = trimSpace(tokens.slice(assigned.length));
    if (body.length === 0) throw new TemplateSyntaxError("missing value for command");
    const cursor = { tokens: body, at: 0 };
    const commands = this.#commands(cursor);
    if (cursor.at < body.length) throw new TemplateSyntaxError(`unexpected ${JSON.stringify(body[cursor.at]?.text)}`);
    return { variables: assigned.variables, declares: assigned.declares, commands };
  }

  #commands(cursor: { tokens: readonly Token[]; at: number }): Command[] {
    const commands: Command[] = [{ operands: [] }];
    const isOpen = (): boolean => cursor.at < cursor.tokens.length && cursor.tokens[cursor.at]?.text !== ")";
    while (isOpen()) {
      const token = cursor.tokens[cursor.at] as Token;
      const command = commands.at(-1) as Command;
      if (token.kind === "space") cursor.at++;
      else if (token.text === "|") {
        if (command.operands.length === 0) throw new TemplateSyntaxError("missing value before |");
        commands.push({ operands: [] });
        cursor.at++;
      } else command.operands.push(this.#operand(cursor));
    }
    if (commands.some((command) => command.operands.length === 0))
      throw new TemplateSyntaxError("missing value for command");
    return commands;
  }

  #operand(cursor: { tokens: readonly Token[]; at: number }): Operand {
    const token = cursor.tokens[cursor.at++] as Token;
    switch (token.kind) {
      case "string":
        return { kind: "literal", value: token.value ?? "" };
      case "number":
        return { kind: "literal", value: Number(token.text) };
      case "variable":
        return { kind: "variable", name: token.text, fields: readFields(cursor) };
      case "field":
        if (token.text === ".") return { kind: "dot" };
        return { kind: "fields", fields: [token.text.slice(1), ...readFields(cursor)] };
      case "word":
        return this.#word(token.text);
      default:
        return this.#group(token, cursor);
    }
  }

  #word(text: string): Operand {
    if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
    if (text === "nil") return { kind: "literal", value: null };
    if (!this.#functions.has(text))
      throw new TemplateSyntaxError(`the function ${JSON.stringify(text)} is not defined`);
    return { kind: "function", name: text };
  }

  #group(token: Token, cursor: { tokens: readonly Token[]; at: number }): Operand {
    if (token.text !== "(") throw new TemplateSyntaxError(`unexpected ${JSON.stringify(token.text)}`);
    const commands = this.#nested(() => this.#commands(cursor));
    if (cursor.tokens[cursor.at]?.text !== ")") throw new TemplateSyntaxError("unclosed left parenthesis");
    cursor.at++;
    return { kind: "group", pipeline: { variables: [], declares: false, commands }, fields: readFields(cursor) };
  }
}

function trimSpace(tokens: readonly Token[]): Token[] {
  const first = tokens.findIndex((token) => token.kind !== "space");
  const last = tokens.findLastIndex((token) => token.kind !== "space");
  return first < 0 ? [] : tokens.slice(first, last + 1);
}

function readFields(cursor: { tokens: readonly Token[]; at: number }): string[] {
  const fields: string[] = [];
  for (let token = cursor.tokens[cursor.at]; token?.kind === "field"; token = cursor.tokens[cursor.at]) {
    if (token.text === ".") throw new TemplateSyntaxError('unexpected "."');
    fields.push(token.text.slice(1));
    cursor.at++;
  }
  return fields;
}

/** `$x :=`, `$x =` or `$i, $x :=` at the start; `length` is the number of its tokens. */
function readVariables(tokens: readonly Token[]): { variables: string[]; declares: boolean; length: number } {
  const solid = tokens.map((token, index) => ({ token, index })).filter(({ token }) => token.kind !== "space");
  const texts = solid.map(({ token }) => token.text);
  const isVariable = (index: number): boolean => solid[index]?.token.kind === "variable";
  const isAssignment = (index: number): boolean => texts[index] === ":=" || texts[index] === "=";
  const upTo = (index: number) => ({ declares: texts[index] === ":=", length: (solid[index]?.index ?? 0) + 1 });
  if (isVariable(0) && isAssignment(1)) return { variables: texts.slice(0, 1), ...upTo(1) };
  if (isVariable(0) && texts[1] === "," && isVariable(2) && isAssignment(3)) {
    return { variables: [texts[0] ?? "", texts[2] ?? ""], ...upTo(3) };
  }
  return { variables: [], declares: false, length: 0 };
}

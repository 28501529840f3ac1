/** A token of a template action. `text` is the source; for strings `value` is the meaning. */
export interface Token {
  kind: "field" | "variable" | "word" | "string" | "number" | "punctuation" | "space";
  text: string;
  value?: string;
}

/** What a template consists of: text, and actions between `{{` and `}}`. */
export type Piece = { kind: "text"; text: string } | { kind: "action"; tokens: Token[]; source: string };

/** A template cannot be read; has the reason and the position. */
export class TemplateSyntaxError extends Error {}

const TOKEN =
  /(?<space>\s+)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<number>[+-]?\d+(?:\.\d+)?)|(?<variable>\$\w*)|(?<field>\.\w*)|(?<word>[A-Za-z_]\w*)|(?<punctuation>:=|[|(),=])/y;

/** Splits a template into pieces; `{{-` and `-}}` trim the text next to them, comments are dropped. */
export function lex(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= template.length) {
    const open = template.indexOf("{{", at);
    const end = open < 0 ? template.length : open;
    let text = template.slice(at, end);
    if (trimNext) text = text.trimStart();
    if (open < 0) {
      pieces.push({ kind: "text", text });
      break;
    }
    const trims = /^\{\{-\s/.test(template.slice(open, open + 4));
    pieces.push({ kind: "text", text: trims ? text.trimEnd() : text });
    const action = lexAction(template, open + (trims ? 3 : 2));
    if (action.tokens.length > 0) pieces.push({ kind: "action", tokens: action.tokens, source: action.source });
    trimNext = action.trimsAfter;
    at = action.end;
  }
  return pieces.filter((piece) => piece.kind === "action" || piece.text !== "");
}

interface Action {
  tokens: Token[];
  source: string;
  end: number;
  trimsAfter: boolean;
}

function lexAction(template: string, start: number): Action {
  const comment = /\s*\/\*[\s\S]*?\*\/(\s+-)?\}\}/y;
  comment.lastIndex = start;
  const commented = comment.exec(template);
  if (commented !== null) {
    return { tokens: [], source: "", end: comment.lastIndex, trimsAfter: commented[1] !== undefined };
  }
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    const closing = /(\s-)?\}\}/y;
    closing.lastIndex = at;
    const closed = closing.exec(template);
    if (closed !== null) {
      const source = template.slice(start, at).trim();
      if (tokens.every((token) => token.kind === "space")) throw new TemplateSyntaxError("missing value for command");
      return { tokens, source, end: closing.lastIndex, trimsAfter: closed[1] !== undefined };
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(template);
    if (match === null || isCutShort(match, template)) throw new TemplateSyntaxError(complaint(template, start, at));
    tokens.push(toToken(match));
    at = TOKEN.lastIndex;
  }
}

/** A number ends before a character that is not a letter, digit or dot. */
function isCutShort({ 0: text, index, groups }: RegExpExecArray, template: string): boolean {
  return groups?.["number"] !== undefined && /[\w.]/.test(template.charAt(index + text.length));
}

function complaint(template: string, start: number, at: number): string {
  if (at >= template.length) return `unclosed action "{{${template.slice(start).trimEnd()}"`;
  const context = template.slice(start, Math.min(at + 1, start + 60)).trim();
  return `bad character ${JSON.stringify(template.charAt(at))} in the action "{{ ${context}"`;
}

function toToken(match: RegExpExecArray): Token {
  const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] as Token["kind"];
  const text = match[0];
  return kind === "string" ? { kind, text, value: unquote(text) } : { kind, text };
}

function unquote(text: string): string {
  if (text.startsWith("`")) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new TemplateSyntaxError(`the string ${text} has an escape that is not supported`);
  }
}

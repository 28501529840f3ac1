import { tableOf } from "../../core/kubernetes/table.ts";
/** Text for people: lines in which input cannot end the line, move the cursor or change the terminal. */
export type Line = string | readonly Piece[];
export type Piece = string | Styled;
export interface Styled {
  text: string;
  style: Style;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof STYLES;

export function styled(text: string, style: Style): Styled {
  return { text, style };
}

/** Several pieces joined to one line. */
export function line(...pieces: readonly Piece[]): Line {
  return pieces;
}

/** Blocks of lines with an empty line between them; a block without lines is left out. */
export function paragraphs(blocks: readonly (readonly Line[])[]): Line[] {
  return blocks.filter((block) => block.length > 0).flatMap((block, at) => (at === 0 ? block : ["", ...block]));
}

export function indented(lines: readonly Line[], by = "    "): Line[] {
  return lines.map((one) => [by, ...(typeof one === "string" ? [one] : one)]);
}

/** Lines as they are printed. All text for people is escaped here. */
export function shownLines(lines: readonly Line[], colour: boolean): string {
  return lines.map((one) => `${shownLine(one, colour)}\n`).join("");
}

function shownLine(one: Line, colour: boolean): string {
  if (typeof one === "string") return visible(one);
  return one
    .map((piece) => {
      if (typeof piece === "string") return visible(piece);
      const text = visible(piece.text);
      return colour ? `\u001b[${STYLES[piece.style]}m${text}\u001b[0m` : text;
    })
    .join("");
}

/** Control characters, line and paragraph separators, invisible formatting (bidi overrides …), and what is not a character. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
const SHORT = tableOf({ "\n": "\\n", "\r": "\\r", "\t": "\\t" });

/** The text with every invisible character as an escape: `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => SHORT.get(character) ?? escaped(character));
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/** JSON or double-quoted YAML with every invisible character of a text as an escape of that language. */
export function withEscapes(source: string, language: "json" | "yaml"): string {
  return source.replace(INVISIBLE, (character) => {
    if (character === "\n") return character;
    const code = character.codePointAt(0) ?? 0;
    if (language === "yaml" && code > 0xffff) return `\\U${code.toString(16).padStart(8, "0")}`;
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/** Whether a text contains an invisible character. */
export function hasInvisible(text: string): boolean {
  return text.search(INVISIBLE) >= 0;
}

/** The text, or its beginning and end with the number of characters between them. */
export function shortened(text: string, widest: number): string {
  if (text.length <= widest) return text;
  const head = Math.ceil(widest * 0.7);
  const tail = widest - head;
  return `${text.slice(0, head)}… (${text.length - widest} characters) …${text.slice(text.length - tail)}`;
}

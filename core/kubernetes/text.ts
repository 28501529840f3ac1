/** Text functions, most of which would need more than linear time as a pattern. */

type IsDropped = (character: string) => boolean;

/** The text without the given characters at its end. */
export function withoutEnd(text: string, isDropped: IsDropped): string {
  let end = text.length;
  while (end > 0 && isDropped(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The text without the given characters at its start. */
export function withoutStart(text: string, isDropped: IsDropped): string {
  let start = 0;
  while (start < text.length && isDropped(text.charAt(start))) start++;
  return text.slice(start);
}

/** White space, and quotes of keyboards and of text processors. */
const isQuote: IsDropped = (character) => character.trim() === "" || "\"'`“”„‘’‚«»".includes(character);

/** The text without the quotes and the white space around it. */
export function unquoted(text: string): string {
  return withoutStart(withoutEnd(text, isQuote), isQuote);
}

/** Words as people list them: `1, 2 or 4`. */
export function inWords(words: readonly (string | number)[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

export const isSlash: IsDropped = (character) => character === "/";
export const isDigit: IsDropped = (character) => character >= "0" && character <= "9";

/** Whether a value is a text that contains a template action (`{{ … }}`). */
export function isTemplate(value: unknown): boolean {
  return typeof value === "string" && value.includes("{{");
}

/** The pieces of a text between its template actions (`{{ … }}`); the whole text if it has none. */
export function betweenActions(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; ; ) {
    const open = text.indexOf("{{", at);
    const close = open < 0 ? -1 : text.indexOf("}}", open + 2);
    if (close < 0) return [...pieces, text.slice(at)];
    pieces.push(text.slice(at, open));
    at = close + 2;
  }
}

/** Whether a text consists of the pieces, in their order, with anything between them. */
export function isMadeOf(text: string, pieces: readonly string[]): boolean {
  const [first = "", ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at + last.length <= text.length;
}

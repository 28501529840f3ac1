import type { FlagBook } from "./flagbook.ts";

/** Another value of a flag: its value as it is written, and the one in its place. */
export interface Replacement {
  flag: string;
  written: string;
  wanted: string;
}

/** A script with another value of a flag; undefined unless it sets the flag once, with its value as text. */
export function withFlagInScript(script: string, replacement: Replacement, book: FlagBook): string | undefined {
  // White space is kept, at odd positions.
  const words = script.split(/(\s+)/);
  const name = book.flagName(replacement.flag);
  const found = words.flatMap((word, at) => (flagIn(word, book) === name ? [at] : []));
  const [at, ...others] = found;
  if (at === undefined || others.length > 0) return undefined;
  const word = words[at] ?? "";
  const equals = word.indexOf("=") + 1;
  if (equals === 0 && replacement.wanted === "true") return replaced(words, at, positive(word));
  const place = equals > 0 ? at : at + 2;
  const head = word.slice(0, equals);
  const value = withValue(equals > 0 ? word.slice(equals) : (words[place] ?? ""), replacement);
  return replaced(words, place, value === undefined ? undefined : head + value);
}

const QUOTE = /^["']/;
/** What may stand behind a word: a closing quote, and the end of a command. */
const END = /^["';|&)]*$/;

/** The flag that a word of a script sets. */
function flagIn(word: string, book: FlagBook): string | undefined {
  const bare = word.replace(QUOTE, "");
  return bare.startsWith("-") ? book.flagName(bare.split("=", 1)[0] ?? "") : undefined;
}

/** A switch that is on. */
function positive(word: string): string | undefined {
  return /--no[-_]/.test(word) ? word.replace(/--no[-_]/, "--") : undefined;
}

function withValue(text: string, { written, wanted }: Replacement): string | undefined {
  const quote = QUOTE.exec(text)?.[0] ?? "";
  const rest = text.slice(quote.length);
  if (!rest.startsWith(written) || !END.test(rest.slice(written.length))) return undefined;
  return `${quote}${wanted}${rest.slice(written.length)}`;
}

function replaced(words: readonly string[], at: number, word: string | undefined): string | undefined {
  return word === undefined ? undefined : words.map((one, i) => (i === at ? word : one)).join("");
}

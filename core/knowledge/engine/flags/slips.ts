import { shellWordsOf } from "../../../kubernetes/shellwords.ts";
import { TEXT_DASH } from "./commandline.ts";
import { rootOf, takesOf } from "./flagbook.ts";
import type { EngineFlags } from "./known.ts";
import type { Arg } from "./latestargs.ts";

/** A word that is not what its writer meant. */
export interface Slip {
  message: string;
  fix: string;
  /** The flags that the word was meant to be, each with at most one value. */
  flags?: readonly { name: string; value: string }[];
}

/** A word with flags behind its first space. */
const LINE = /\s--[a-z]/;

/** The beginning of a JSON document, which may contain anything. */
const DOCUMENT = /^\s*[{[]/;

/** A command line in one item of the args; undefined for any other word. */
export function oneWord(word: string): Slip | undefined {
  return LINE.test(word) ? single(word, word) : undefined;
}

function single(word: string, line: string): Slip {
  const items = JSON.stringify(shellWordsOf(line).map(({ read }) => read));
  const message = `${JSON.stringify(word)} is a single argument: no shell splits it at its spaces`;
  return { message, fix: `write each word as a separate item: ${items}` };
}

/**
 * A flag and its value, or several flags, in one item of the args; undefined if it does not begin with a known flag.
 */
export function oneWordFlag(name: string, written: string, engine: EngineFlags): Slip | undefined {
  if (!/\s/.test(rootOf(name))) return undefined;
  const flags = engine.lines.parseArgs(shellWordsOf(written).map(({ read }) => read));
  if (engine.book.flagNamed(flags[0]?.flag ?? "") === undefined) return undefined;
  return { ...single(written, written), ...splitInto(flags, engine) };
}

/** Flags that a value holds behind a space: the engine reads them as part of the value. */
export function flagsInValue({ flag: name = "", values, words }: Arg, engine: EngineFlags): Slip | undefined {
  const value = values.find((one) => LINE.test(one) && !DOCUMENT.test(one));
  if (value === undefined || words.length > 2) return undefined;
  const line = words.join(" ");
  const [own, ...flags] = engine.lines.parseArgs(shellWordsOf(line).map(({ read }) => read));
  const isKnown = flags.every(({ flag = "" }) => engine.book.flagNamed(flag) !== undefined);
  if (own?.flag !== name || flags.length === 0 || !isKnown) return undefined;
  return { ...single(words.at(-1) ?? "", line), ...splitInto([own, ...flags], engine) };
}

/** None if a flag lacks its value. */
function splitInto(parsed: readonly Arg[], { book }: EngineFlags): Pick<Slip, "flags"> {
  const isWhole = ({ flag = "", values }: Arg): boolean => {
    const known = book.flagNamed(flag);
    return values.length === 1 || (values.length === 0 && known !== undefined && takesOf(known) === "nothing");
  };
  const isPlain = parsed.every((arg) => arg.flag !== undefined && !arg.negated && isWhole(arg));
  return isPlain ? { flags: parsed.map(({ flag = "", values: [value = "true"] }) => ({ name: flag, value })) } : {};
}

/** All dashes at the beginning of a word: hyphens, Unicode's dashes and its minus sign. */
const DASHES = /^[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+/;

/** A flag of the engine whose dashes a text editor has replaced: the engine reads the word as a value. */
export function dashedFlag(word: string, { book, title }: EngineFlags): Slip | undefined {
  const [dashes] = TEXT_DASH.test(word) ? (DASHES.exec(word) ?? []) : [];
  if (dashes === undefined) return undefined;
  const meant = `--${word.slice(dashes.length)}`;
  const [name = ""] = meant.split("=", 1);
  if (book.flagNamed(book.flagName(name)) === undefined) return undefined;
  const wrong = [...dashes].find((one) => one !== "-") ?? "";
  const code = wrong.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const message = `${JSON.stringify(word)} begins with the dash U+${code} in place of hyphens, so ${title} does not read it as a flag`;
  return { message, fix: `write ${meant}` };
}

import { engineOf } from "../../../knowledge/engine/engines.ts";
import { type Flag, type FlagBook, flagMeant, takesOf } from "../../../knowledge/engine/flags/flagbook.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import {
  asText,
  itemAt,
  type Json,
  type JsonObject,
  objectOf,
  type PathStep,
  textsOf,
  valueAt,
} from "../../../kubernetes/json.ts";
import { type Edit, made, type Place, workloadAt } from "./place.ts";

/**
 * The flags of the engine that the command line belongs to; undefined for another container, whose flags are in no
 * table.
 */
type Book = FlagBook | undefined;

/**
 * The edits that set or remove one flag of a command line: existing words are changed in their form, or a new word is
 * appended. Without a value the flag is removed; if only a lower layer has it, by `unsetArgs` of its workload.
 */
export function flagEdits(document: JsonObject, place: Place, flag: string, value: Json | undefined): Edit[] {
  const steps = [...place.at, ...place.rest];
  const isEngine = isOfEngine(steps);
  const book = bookAt(document, steps);
  if (!place.isThere) {
    if (value === undefined) return isEngine ? unsetFlag(document, place, flag) : [];
    return [{ at: place.at, value: made(place, addedWords(flag, value, book)) }];
  }
  const args = textsOf(itemAt(document, place.at));
  const found = occurrences(args, flag, book);
  const last = found.at(-1);
  // A switch that cannot be negated is off if it is not written.
  if (value === undefined || (asText(value) === "false" && isPositive(flag, book))) {
    if (last === undefined) return isEngine ? unsetFlag(document, place, flag) : [];
    // From the end, so that earlier positions stay valid.
    const words = found.flatMap(({ at, words: count }) => Array.from({ length: count }, (_, i) => at + i));
    // An empty list would remove all flags of the layers below.
    if (words.length === args.length) return [{ at: place.at }];
    return words.reverse().map((index): Edit => ({ at: [...place.at, index] }));
  }
  if (last === undefined)
    return addedWords(flag, value, book).map((word, i) => ({ at: [...place.at, args.length + i], value: word }));
  // A switch has no value.
  if (isSwitch(flag, book)) {
    const word = { at: [...place.at, last.at], value: wordOf(flag, value, book) };
    return last.words > 1 ? [{ at: [...place.at, last.at + 1] }, word] : [word];
  }
  // Further words of a list, from the end as above.
  const others = Array.from({ length: Math.max(0, last.words - 2) }, (_, i) => last.at + last.words - 1 - i);
  const rest = others.map((index): Edit => ({ at: [...place.at, index] }));
  if (last.words > 1) return [...rest, { at: [...place.at, last.at + 1], value: asText(value) }];
  return [{ at: [...place.at, last.at], value: wordOf(flag, value, book) }];
}

function isOfEngine(steps: readonly PathStep[]): boolean {
  return ["template", "worker"].includes(String(steps[workloadAt(steps).length]));
}

function bookAt(document: JsonObject, steps: readonly PathStep[]): Book {
  // A replica group may have another engine than the service.
  const written = { ...objectOf(document["spec"]), ...objectOf(valueAt(document, workloadAt(steps))) };
  return isOfEngine(steps) ? ENGINE_FLAGS[engineOf(written)].book : undefined;
}

/**
 * The edits that write another flag where one is written now, so that it keeps its place; undefined if the one is not
 * written once, or if the other one is written too.
 */
export function renamingEdits(
  document: JsonObject,
  place: Place,
  from: string,
  to: [string, Json],
): Edit[] | undefined {
  const [name, value] = to;
  const book = bookAt(document, [...place.at, ...place.rest]);
  const args = textsOf(itemAt(document, place.at));
  const [found, ...others] = place.isThere ? occurrences(args, from, book) : [];
  if (found === undefined || others.length > 0 || occurrences(args, name, book).length > 0) return undefined;
  const [first, second] = [0, 1].map((i) => [...place.at, found.at + i]) as [PathStep[], PathStep[]];
  const [word = "", ...more] = addedWords(name, value, book);
  if (found.words === 1 && more.length === 0) return [{ at: first, value: word }];
  if (found.words !== 2) return undefined;
  if (isSwitch(name, book)) return [{ at: second }, { at: first, value: word }];
  return [
    { at: first, value: `--${name}` },
    { at: second, value: asText(value) },
  ];
}

/** A word that argparse reads as a value: not a flag, but possibly a number below zero. */
function isValue(word: string): boolean {
  return !word.startsWith("-") || /^-(?:\d+|\d*\.\d+)$/.test(word);
}

/** The position of a flag, in any of its spellings, and the number of its words, values among them. */
function occurrences(args: readonly string[], flag: string, book: Book): { at: number; words: number }[] {
  return args.flatMap((word, at) => {
    const [, dashes = "", written, equals] = /^(--?)([A-Za-z][^=]*)(=)?/.exec(word) ?? [];
    if (written === undefined || !isNamed(dashes, written, flag, book)) return [];
    if (equals !== undefined) return [{ at, words: 1 }];
    if (isSwitch(flag, book)) return [{ at, words: /^(?:true|false)$/i.test(args[at + 1] ?? "") ? 2 : 1 }];
    const after = args.slice(at + 1);
    const end = after.findIndex((value) => !isValue(value));
    const values = end < 0 ? after.length : end;
    return [{ at, words: 1 + (isList(flag, book) ? values : Math.min(1, values)) }];
  });
}

function isNamed(dashes: string, written: string, flag: string, book: Book): boolean {
  const name = written.replaceAll("_", "-");
  if (written === flag || name === flag || name === `no-${flag}`) return true;
  return book !== undefined && known(flag, book) !== undefined && book.flagName(dashes + written) === flag;
}

/** The flag of a name, which may be written with one dash too few. */
function known(flag: string, book: Book): Flag | undefined {
  return book && flagMeant(book, flag);
}

function isSwitch(flag: string, book: Book): boolean {
  const found = known(flag, book);
  return found !== undefined && takesOf(found) === "nothing";
}

function isList(flag: string, book: Book): boolean {
  const found = known(flag, book);
  return found !== undefined && takesOf(found) === "list";
}

/** Whether it is a switch without a `--no-` form. */
function isPositive(flag: string, book: Book): boolean {
  return book?.flagNamed(flag)?.kind === "once";
}

/** A flag as it is added: a text of several lines, such as a configuration, becomes a separate word. */
function addedWords(flag: string, value: Json, book: Book): string[] {
  return /\s/.test(asText(value)) ? [`--${flag}`, asText(value)] : [wordOf(flag, value, book)];
}

/** A flag as one word. A switch of an engine has no value, and is turned off by its negated name. */
function wordOf(flag: string, value: Json, book: Book): string {
  if (!isSwitch(flag, book)) return `--${flag}=${asText(value)}`;
  return asText(value) === "false" ? `--no-${flag}` : `--${flag}`;
}

function unsetFlag(document: JsonObject, { at }: Place, flag: string): Edit[] {
  const workload = workloadAt(at);
  const unset = valueAt(document, [...workload, "unsetArgs"]);
  const word = `--${flag}`;
  if (Array.isArray(unset))
    return unset.includes(word) ? [] : [{ at: [...workload, "unsetArgs", unset.length], value: word }];
  return [{ at: [...workload, "unsetArgs"], value: [word] }];
}

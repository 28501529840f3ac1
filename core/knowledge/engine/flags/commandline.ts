import { remembering, rememberingItems, rememberingLast } from "../../../kubernetes/remember.ts";
import { type FlagBook, flagMeant, rootOf, type Takes, takesOf } from "./flagbook.ts";
import { VLLM_FLAGS } from "./flags.ts";
import { documentsOf } from "./keyedflags.ts";
import { type Arg, latestOfEach } from "./latestargs.ts";

const FLAG = /^--?[A-Za-z]/;
const END = "--";
const SWITCH = /^(?:enable|disable)-/;
/** `-O3` is `-O 3`, and `-n2` is `-n 2`: the number of a short form of one letter may follow without a space. */
const ATTACHED = /^-([A-Za-z])(\d+)$/;
/**
 * Words that people write after a switch. argparse takes no value there, and any other word after a switch is the
 * model.
 */
const ON_OFF = /^(?:true|false)$/i;
/** Numbers, assignments and answers: leftover words of a flag, because no model has such a name. */
const LEFT_OVER = /^(?:true|false|yes|no|on|off|[-+]?\d+(?:\.\d+)?[a-z]?|[\w.-]+=.*)$/i;
/** A dash of a text in place of hyphens begins a flag that is written wrongly, never the name of a model. */
export const TEXT_DASH = /^-?[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;

/** Command lines of one engine, by its flags. */
export interface CommandLines {
  /** Splits a command line into flags with their values, and bare words. The same list is split once. */
  parseArgs(args: readonly string[]): readonly Arg[];
  /**
   * The later arguments over the earlier. The same flag is replaced in its place, a new one comes after the others. A
   * list is one value and is replaced as a whole, as argparse itself takes the last; a flag that may be repeated adds
   * to the earlier ones. JSON is one value too, and removes earlier keys of its flag (`--flag.key`). Bare words (the
   * model) are replaced as a whole and come first, because after a list they would belong to it. A bare word that
   * cannot be a model does not replace the model: it stays after it, where it is reported as unexpected. Neither input
   * is changed.
   */
  mergeArgs(base: readonly string[], added: readonly string[]): string[];
  /**
   * The arguments without some flags, which may be written in any of their forms; a JSON flag is removed with all of
   * its keys.
   */
  removeFlags(args: readonly string[], flags: readonly string[]): string[];
  /**
   * A flag's value: a list joined by spaces, "true" or "false" for a switch; undefined if it is not set. The last one
   * counts. For a JSON flag whose keys are written (`--flag.key`), the document that they form: it replaces the flag's
   * own.
   */
  flagValue(args: readonly string[], flag: string): string | undefined;
  /** The same for callers that need many flags of a command line. */
  valuesOf(args: readonly string[]): Values;
}

/** What is known of a command line. */
interface Line {
  parsed: readonly Arg[];
  /** The values of its flags; made on demand. */
  values?: Values;
}

type Values = (flag: string) => string | undefined;

export function commandLines(book: FlagBook): CommandLines {
  const headOf = remembering((written) => readHead(written, book), 2048);
  const parse = (args: readonly string[]): readonly Arg[] => {
    const parsed: Arg[] = [];
    for (let at = 0; at < args.length; ) {
      const arg = parseAt(args, at, headOf);
      parsed.push(arg);
      at += arg.words.length;
    }
    return parsed;
  };
  // Many services have the same flags, and a plan copies lists of them.
  const lineOfWords = rememberingItems((words: readonly string[]): Line => ({ parsed: parse(words) }), 16);
  const lineOf = rememberingLast((args: readonly string[]): Line => lineOfWords(args, undefined));
  const parseArgs = (args: readonly string[]): readonly Arg[] => lineOf(args).parsed;
  const valuesOf = (args: readonly string[]): Values => {
    const line = lineOf(args);
    line.values ??= valuesIn(line.parsed, book);
    return line.values;
  };
  const isRepeated = (flag: string): boolean => book.flagNamed(flag)?.kind === "repeated";
  return {
    parseArgs,
    mergeArgs: (base, added) => mergedArgs(parseArgs(base), parseArgs(added), isRepeated).flatMap(({ words }) => words),
    removeFlags(args, flags) {
      const removed = new Set(flags.map(book.flagName));
      return parseArgs(args)
        .filter(({ flag }) => flag === undefined || !(removed.has(flag) || removed.has(rootOf(flag))))
        .flatMap(({ words }) => words);
    },
    flagValue: (args, flag) => valuesOf(args)(flag),
    valuesOf,
  };
}

/** The values of the flags of a command line. Checks ask for the same flags, so each is looked up once. */
function valuesIn(parsed: readonly Arg[], book: FlagBook): Values {
  const last = new Map(parsed.map((arg) => [arg.flag, arg]));
  const documents = documentsOf(parsed, (flag) => book.flagNamed(flag)?.kind === "json");
  const valueNamed = (name: string): string | undefined => {
    const found = last.get(name);
    if (documents.has(name)) return documents.get(name);
    if (found === undefined) return undefined;
    if (found.values.length > 0) return found.values.join(" ");
    return found.negated ? "false" : "true";
  };
  const known = new Map<string, string | undefined>();
  return (flag) => {
    const before = known.get(flag);
    if (before !== undefined || known.has(flag)) return before;
    const value = valueNamed(book.flagName(flag));
    known.set(flag, value);
    return value;
  };
}

/**
 * Bare words of the later arguments, otherwise of the earlier ones; then each flag with its last value; `--` and
 * everything after it at the end.
 */
function mergedArgs(earlier: readonly Arg[], later: readonly Arg[], isRepeated: (flag: string) => boolean): Arg[] {
  const latest = (is: (arg: Arg) => boolean): readonly Arg[] =>
    [later, earlier].map((args) => args.filter(is)).find((words) => words.length > 0) ?? [];
  const bare = [...latest((arg) => isBare(arg) && !isLeftOver(arg)), ...latest(isLeftOver)];
  const flags = latestOfEach(
    [...earlier, ...later].filter((arg) => !isBare(arg)),
    isRepeated,
  );
  const end = flags.filter(({ flag }) => flag === END);
  return [...bare, ...flags.filter(({ flag }) => flag !== END), ...end];
}

/** Those of vLLM. */
export const VLLM_LINES: CommandLines = commandLines(VLLM_FLAGS);
export const { parseArgs, mergeArgs, removeFlags, flagValue, valuesOf } = VLLM_LINES;

/** A flag as it is written, without a value after an equals sign. */
interface Head {
  flag: string;
  negated: boolean;
  takes: Takes;
}

function readHead(written: string, book: FlagBook): Head {
  const flag = book.flagName(written);
  const negated = /^--no[-_]/.test(written);
  return { flag, negated, takes: negated ? "nothing" : takes(flag, book) };
}

function parseAt(args: readonly string[], at: number, headOf: (written: string) => Head): Arg {
  const word = args[at] ?? "";
  if (word === END) return { flag: END, values: args.slice(at + 1), negated: false, words: args.slice(at) };
  if (!FLAG.test(word)) return { values: [], negated: false, words: [word] };
  const [, letter, number] = ATTACHED.exec(word) ?? [];
  const short = letter === undefined ? undefined : headOf(`-${letter}`).flag;
  if (number !== undefined && short !== undefined && short !== letter)
    return { flag: short, values: [number], negated: false, words: [word] };
  const equals = word.indexOf("=");
  const { flag, negated, takes } = headOf(equals < 0 ? word : word.slice(0, equals));
  if (equals >= 0) return { flag, values: [word.slice(equals + 1)], negated, words: [word] };
  const values = followingValues(args, at + 1, takes);
  return { flag, values, negated, words: [word, ...values] };
}

function takes(name: string, book: FlagBook): Takes {
  const flag = flagMeant(book, name);
  if (flag !== undefined) return takesOf(flag);
  return SWITCH.test(name) ? "nothing" : "list";
}

/** Words that are not flags; a negative number is not a flag, nor is JSON. */
function followingValues(args: readonly string[], start: number, kind: Takes): string[] {
  if (kind === "nothing") return ON_OFF.test(args[start] ?? "") ? args.slice(start, start + 1) : [];
  const most = kind === "value" ? start + 1 : args.length;
  let end = start;
  while (end < most && end < args.length && args[end] !== END && !FLAG.test(args[end] ?? "")) end++;
  return args.slice(start, end);
}

function isBare({ flag }: Arg): boolean {
  return flag === undefined;
}

function isLeftOver({ flag, words: [word = ""] }: Arg): boolean {
  return flag === undefined && (LEFT_OVER.test(word) || TEXT_DASH.test(word));
}

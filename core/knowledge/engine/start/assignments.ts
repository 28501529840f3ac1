import { expandWord, rawText, type ScriptCommand, type ScriptWord } from "./shellscript.ts";

/** The value of a variable; null if it is known only where the script runs, undefined without a value. */
export type ValueFor = (name: string) => string | null | undefined;

const OPENS: ReadonlySet<string> = new Set(["if", "while", "until", "for", "case", "select", "{", "function"]);
const CLOSES: ReadonlySet<string> = new Set(["fi", "done", "esac", "}"]);
/** Commands that give variables values that cannot be read. */
const READS: ReadonlySet<string> = new Set(["for", "select", "read", "mapfile", "readarray", "getopts", "unset"]);
const DECLARES: ReadonlySet<string> = new Set(["export", "readonly", "declare", "typeset", "local"]);

/** What may come before the name of a command. */
const KEYWORDS: ReadonlySet<string> = new Set(["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"]);

/** A command without the keywords before it. */
function simple(words: readonly ScriptWord[]): string[] {
  const texts = words.map(rawText);
  const first = texts.findIndex((text) => !KEYWORDS.has(text));
  return first < 0 ? [] : texts.slice(first);
}

/** Files that only set up programs, and contain no sizes: those of Python's environments. */
const OF_PYTHON = /(?:^|\/)(?:activate|conda\.sh)$/;

/** Whether a command reads a file that may set any variable. */
export function readsFile({ words }: ScriptCommand): boolean {
  const [command = "", file = ""] = simple(words);
  return (command === "." || command === "source") && !OF_PYTHON.test(file);
}

/** Whether a script changes `$@`: by `set -- …`, by `shift`, or in functions, which have their own. */
export function changesPassed(commands: readonly ScriptCommand[]): boolean {
  return commands.some(({ words, before }, at) => {
    const [command = "", option = ""] = simple(words);
    if (command === "shift" || command === "function" || (command === "set" && option.startsWith("--"))) return true;
    // `NAME=()` is an array.
    const [name] = commands[at - 1]?.words ?? [];
    return before.startsWith("()") && name !== undefined && assignedBy(name) === undefined;
  });
}

/**
 * The variables that a script sets, by name. A value is known if exactly one command sets it, runs in any case, and
 * uses known words; otherwise it is null: set in a branch, a loop, a function or a subshell, twice, or by a program.
 */
export function assignedIn(commands: readonly ScriptCommand[], outer: ValueFor): ReadonlyMap<string, string | null> {
  const known = new Map<string, string | null>();
  const valueFor: ValueFor = (name) => (known.has(name) ? known.get(name) : outer(name));
  let depth = 0;
  let subshells = 0;
  for (const [at, { words, before }] of commands.entries()) {
    const first = rawText(words[0] ?? []);
    subshells = Math.max(0, subshells + count(before, "(") - count(before, ")"));
    if (readsFile({ words, before })) for (const name of known.keys()) known.set(name, null);
    if (OPENS.has(first)) depth += 1;
    if (CLOSES.has(first)) depth = Math.max(0, depth - 1);
    const isSure = depth === 0 && subshells === 0 && !/[&|]/.test(before) && isAssignment(words);
    // `NAME=(…)` is an array.
    const isWhole = isSure && commands[at + 1]?.before.startsWith("(") !== true;
    for (const name of namesIn(words)) {
      const value = isWhole && !known.has(name) ? valueIn(words, name, valueFor) : undefined;
      known.set(name, value ?? null);
    }
  }
  return known;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function namesIn(words: readonly ScriptWord[]): string[] {
  const texts = words.map(rawText);
  // Assignments for one command come before it: `IFS= read NAME`.
  const [command = "", ...others] = simple(words.filter((word) => assignedBy(word) === undefined));
  const read = READS.has(texts[0] ?? "") ? texts.slice(1) : READS.has(command) ? others : [];
  return [
    ...words.flatMap((word) => assignedBy(word)?.name ?? []),
    ...read.filter((text) => /^[A-Za-z_]\w*$/.test(text)),
  ];
}

interface Assigned {
  name: string;
  isAdded: boolean;
  value: ScriptWord;
}

/** `NAME=…` and `NAME+=…`, also after `export`. */
function assignedBy(word: ScriptWord): Assigned | undefined {
  const [first, ...others] = word;
  const [written, name, plus] = /^([A-Za-z_]\w*)(\+?)=/.exec(first?.text ?? "") ?? [];
  if (first === undefined || first.quote !== "" || written === undefined || name === undefined) return undefined;
  return { name, isAdded: plus === "+", value: [{ ...first, text: first.text.slice(written.length) }, ...others] };
}

/** Whether a command only sets variables. */
function isAssignment([first = [], ...others]: readonly ScriptWord[]): boolean {
  const isDeclared = DECLARES.has(rawText(first));
  const words = isDeclared ? others.filter((word) => !rawText(word).startsWith("-")) : [first, ...others];
  return words.length > 0 && words.every((word) => assignedBy(word)?.isAdded === false);
}

/** The value in an assignment; undefined if it is known only where the script runs. */
function valueIn(words: readonly ScriptWord[], name: string, valueFor: ValueFor): string | undefined {
  const { value = [] } = words.map(assignedBy).findLast((one) => one?.name === name) ?? {};
  // A value is not split into words, whatever its quotes are.
  const whole = value.map((piece) => (piece.quote === "" ? { ...piece, quote: '"' as const } : piece));
  const text = expandWord(whole, valueFor)
    .map((one) => one.text)
    .join(" ");
  return /[$`]/.test(text) ? undefined : text;
}

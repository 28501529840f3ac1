import type { Container } from "../../../kubernetes/objects.ts";
import { rememberingLast } from "../../../kubernetes/remember.ts";
import { shellWordsOf } from "../../../kubernetes/shellwords.ts";
import type { EngineKind } from "../engines.ts";
import { flagName } from "./flags.ts";
import { ENGINE_FLAGS } from "./known.ts";

/** The field of a container that contains a flag; in a `command` with the position of the word. */
export interface FlagPlace {
  field: "args" | "command";
  index?: number;
  /** Whether the word is a script that contains the flag among others, which a program cannot change. */
  isScript?: boolean;
}

/**
 * Returns a function that gives, for lists of words, the index at which a flag first occurs, by its name. Each list is
 * read once.
 */
function reader(read: (word: string) => string): (words: readonly string[]) => ReadonlyMap<string, number> {
  return rememberingLast((words: readonly string[]) => {
    const places = new Map<string, number>();
    for (const [index, word] of words.entries()) {
      const name = word.startsWith("-") ? read(word.split("=", 1)[0] ?? "") : "";
      if (name !== "" && !places.has(name)) places.set(name, index);
    }
    return places;
  });
}
type Reader = ReturnType<typeof reader>;

/** The same for words that are scripts: the flags among what a shell splits. */
const inScripts: Reader = rememberingLast((words: readonly string[]) => {
  const places = new Map<string, number>();
  for (const [index, word] of words.entries()) {
    const parts = /\s/.test(word) ? word.split(/[\s="';|&()]/) : [];
    for (const part of parts.filter((one) => one.startsWith("--"))) {
      const name = part.slice(2).replaceAll("_", "-");
      if (!places.has(name)) places.set(name, index);
    }
  }
  return places;
});

const NONE: readonly string[] = [];

/**
 * Where a flag of a command line is written. A flag that is not written belongs into `args`, unless the command is a
 * script that does not pass them on.
 */
export function placeOf(
  { command = NONE, args = NONE }: { command?: readonly string[]; args?: readonly string[] },
  flag: string,
  read: Reader,
  takesArgs = true,
): FlagPlace {
  // What a script is given but does not pass on has no effect.
  if (read(args).has(flag)) return { field: "args", ...(!takesArgs && command.length > 0 && { isScript: true }) };
  const index = read(command).get(flag);
  if (index !== undefined) return { field: "command", index };
  const script = inScripts(command).get(flag);
  if (script !== undefined) return { field: "command", index: script, isScript: true };
  if (takesArgs || command.length === 0) return { field: "args" };
  return { field: args.length > 0 ? "args" : "command", isScript: true };
}

/** The parsers of the flags of a command line, by their owner. */
export const FLAG_READERS = {
  vllm: reader(flagName),
  sglang: reader(ENGINE_FLAGS.sglang.book.flagName),
  go: reader((word) => word.replace(/^--?/, "")),
} as const;

/** The variable in which KServe's presets take further words of vLLM's command line. */
const ADDITIONAL = "VLLM_ADDITIONAL_ARGS";

/**
 * Whether a container writes a flag of its engine, in any form that the engine's parser reads: in its command line, in
 * a script, or in KServe's variable with more of the command line.
 */
export function isWritten({ command = [], args = [], env = [] }: Container, flag: string, engine: EngineKind): boolean {
  const name = ENGINE_FLAGS[engine].book.flagName(flag);
  const additional = env.filter((one) => one.name === ADDITIONAL).map(({ value = "" }) => shellWordsOf(value));
  const lines = [command, args, ...additional.map((words) => words.map(({ read }) => read))];
  return lines.some((words) => FLAG_READERS[engine](words).has(name) || inScripts(words).has(name));
}

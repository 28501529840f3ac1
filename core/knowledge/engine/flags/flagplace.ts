import { rememberingLast } from "../../../kubernetes/remember.ts";
import { flagName } from "./flags.ts";
import { ENGINE_FLAGS } from "./known.ts";

/** The field of a container where a flag stands; with the place of the word in a `command`. */
export interface FlagPlace {
  field: "args" | "command";
  index?: number;
  /** Whether the word is a script that has the flag among others, which no program changes. */
  isScript?: boolean;
}

/** Tells of lists of words, each read once, at which index a flag first stands, by its name. */
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

/** The same of the words that are scripts: the flags among what a shell takes apart. */
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

/** Where a flag of a command line stands. One that stands nowhere belongs into `args`, unless the command is a script that passes none on. */
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

/** What reads the flags of a command line, by whose they are. */
export const FLAG_READERS = {
  vllm: reader(flagName),
  sglang: reader(ENGINE_FLAGS.sglang.book.flagName),
  go: reader((word) => word.replace(/^--?/, "")),
} as const;

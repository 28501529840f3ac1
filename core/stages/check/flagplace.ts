import { flagName } from "../../knowledge/engine/flags.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/known.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { rememberingOf } from "../../kubernetes/remember.ts";
import type { Engine } from "./engine.ts";

/** The field of a container where a flag stands; with the place of the word in a `command`. */
interface FlagPlace {
  field: "args" | "command";
  index?: number;
  /** Whether the word is a script that has the flag among others, which no program changes. */
  isScript?: boolean;
}

/** Tells of lists of words, each read once, at which index a flag first stands, by its name. */
function reader(read: (word: string) => string): (words: readonly string[]) => ReadonlyMap<string, number> {
  return rememberingOf((words: readonly string[]) => {
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
const inScripts: Reader = rememberingOf((words: readonly string[]) => {
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
function placeOf(
  { command = NONE, args = NONE }: { command?: readonly string[]; args?: readonly string[] },
  flag: string,
  read: Reader,
  takesArgs = true,
): FlagPlace {
  if (read(args).has(flag)) return { field: "args" };
  const index = read(command).get(flag);
  if (index !== undefined) return { field: "command", index };
  const script = inScripts(command).get(flag);
  if (script !== undefined) return { field: "command", index: script, isScript: true };
  if (takesArgs || command.length === 0) return { field: "args" };
  return { field: args.length > 0 ? "args" : "command", isScript: true };
}

const READ = {
  vllm: reader(flagName),
  sglang: reader(ENGINE_FLAGS.sglang.book.flagName),
  go: reader((word) => word.replace(/^--?/, "")),
} as const;

function placeIn(
  { container, start, isSglang }: Pick<Engine, "container" | "start" | "isSglang">,
  flag: string,
): FlagPlace {
  return placeOf(container, flag, isSglang ? READ.sglang : READ.vllm, start?.takesArgs !== false);
}

function written(path: string, { field, index }: FlagPlace): string {
  return `${path}.${field}${index === undefined ? "" : `[${index}]`}`;
}

/** The path of a finding about a flag of an engine: its `args`, or the word of its `command`. */
export function flagPathOf(engine: Engine, flag: string): string {
  return written(engine.path, placeIn(engine, flag));
}

/** The field of an engine that holds a flag, from its container on. */
export function flagFieldOf(
  engine: Pick<Engine, "container" | "start" | "isSglang">,
  flag: string,
): "args" | "command" {
  const { field, isScript } = placeIn(engine, flag);
  return isScript ? "args" : field;
}

/** The same of a flag that Go's packages read. */
export function goFlagPath(path: string, container: Container, flag: string): string {
  return written(path, placeOf(container, flag, READ.go));
}

export function goFlagField(container: Container, flag: string): "args" | "command" {
  return placeOf(container, flag, READ.go).field;
}

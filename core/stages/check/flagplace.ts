import { flagName } from "../../knowledge/engine/flags.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/known.ts";
import type { Container } from "../../kubernetes/objects.ts";
import type { Engine } from "./engine.ts";

/** The field of a container where a flag stands; with the place of the word in a `command`. */
interface FlagPlace {
  field: "args" | "command";
  index?: number;
  /** Whether the word is a script that has the flag among others, which no program changes. */
  isScript?: boolean;
}

/**
 * Where a flag of a command line stands. One that stands nowhere belongs into `args`, unless the command is a script that passes
 * none on. `read` tells the name of the flag that a word is.
 */
function placeOf(
  { command = [], args = [] }: Container,
  flag: string,
  read: (word: string) => string,
  takesArgs = true,
): FlagPlace {
  const isFlag = (word: string): boolean => word.startsWith("-") && read(word.split("=", 1)[0] ?? "") === flag;
  const isScript = (word: string): boolean => /\s/.test(word) && word.replaceAll("_", "-").includes(`--${flag}`);
  if (flag !== "" && args.some(isFlag)) return { field: "args" };
  const index = command.findIndex(isFlag);
  if (flag !== "" && index >= 0) return { field: "command", index };
  const script = command.findIndex(isScript);
  if (flag !== "" && script >= 0) return { field: "command", index: script, isScript: true };
  if (takesArgs || command.length === 0) return { field: "args" };
  return { field: args.length > 0 ? "args" : "command", isScript: true };
}

function placeIn(
  { container, start, isSglang }: Pick<Engine, "container" | "start" | "isSglang">,
  flag: string,
): FlagPlace {
  const read = isSglang ? ENGINE_FLAGS.sglang.book.flagName : flagName;
  return placeOf(container, flag, read, start?.takesArgs !== false);
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

const goName = (word: string): string => word.replace(/^--?/, "");

/** The same of a flag that Go's packages read. */
export function goFlagPath(path: string, container: Container, flag: string): string {
  return written(path, placeOf(container, flag, goName));
}

export function goFlagField(container: Container, flag: string): "args" | "command" {
  return placeOf(container, flag, goName).field;
}

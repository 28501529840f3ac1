import type { Json } from "../json.ts";
import { mergeArgs, parseArgs } from "./args.ts";

/** The fields that hold a command line of the model server, of any role: what `args: "flags"` merges flag by flag. */
interface ArgsField {
  type: string;
  field: string;
  where: RegExp;
  combine(base: Json, added: Json): Json;
}

const MAIN = String.raw`^(?:prefill\.)?(?:template|worker)\.containers\[name=main\]`;

export const ARGS_FIELDS: readonly ArgsField[] = [
  { type: "Container", field: "args", where: new RegExp(String.raw`${MAIN}\.args$`), combine: combineArgs },
  {
    type: "EnvVar",
    field: "value",
    where: new RegExp(String.raw`${MAIN}\.env\[name=VLLM_ADDITIONAL_ARGS\]\.value$`),
    combine: combineText,
  },
];

/** The flags of a command line that stands at a path, each with the path that provenance gives it; none elsewhere. */
export function flagPaths(path: string, value: Json): string[] {
  if (!(ARGS_FIELDS[0] as ArgsField).where.test(path) || !isStrings(value)) return [];
  return parseArgs(value).flatMap(({ flag }) => (flag === undefined || flag === "--" ? [] : [flagPath(path, flag)]));
}

/** Where provenance has a flag of the command line at a path: `….args[--FLAG]`. */
export function flagPath(path: string, flag: string): string {
  return `${path}[--${flag}]`;
}

function combineArgs(base: Json, added: Json): Json {
  return isStrings(base) && isStrings(added) ? mergeArgs(base, added) : added;
}

/** The same for args in one text, split where a shell would split them; quotes stay. */
function combineText(base: Json, added: Json): Json {
  if (typeof base !== "string" || typeof added !== "string") return added;
  return mergeArgs(words(base), words(added)).join(" ");
}

function words(text: string): string[] {
  return text.match(/(?:[^\s"']|"(?:\\.|[^"])*"|'[^']*')+/g) ?? [];
}

function isStrings(value: Json): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

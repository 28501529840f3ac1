import type { Json } from "../../kubernetes/json.ts";
import { mergeArgs, parseArgs, removeFlags } from "./commandline.ts";
import { shellWordsOf } from "./shellwords.ts";

/** The fields that hold a command line of the model server, of any role: what `args: "flags"` merges flag by flag. */
interface ArgsField {
  type: string;
  field: string;
  where: RegExp;
  combine(base: Json, added: Json): Json;
  /** Takes words away, where that is not by equality. */
  remove?(base: Json, removed: readonly Json[]): Json;
}

const MAIN = String.raw`^(?:prefill\.)?(?:template|worker)\.containers\[name=main\]`;

export const ARGS_FIELDS: readonly ArgsField[] = [
  {
    type: "Container",
    field: "args",
    where: new RegExp(String.raw`${MAIN}\.args$`),
    combine: combineArgs,
    remove: withoutFlags,
  },
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

/** How a layer takes flags away from the layers below: a directive of its container, whose words are flags in any of their forms. */
export const removal = { DIRECTIVE: "$deleteFromPrimitiveList/args", ALL: "*" } as const;

/** A command line without some flags; without any where they are {@link removal}.ALL. Bare words stay, unless all go. */
function withoutFlags(args: Json, flags: readonly Json[]): Json {
  if (flags.includes(removal.ALL)) return [];
  return isStrings(args) ? removeFlags(args, flags.map(String)) : args;
}

function combineArgs(base: Json, added: Json): Json {
  return isStrings(base) && isStrings(added) ? mergeArgs(base, added) : added;
}

/** The same for args in one text, split where a shell would split them; quotes stay. */
function combineText(base: Json, added: Json): Json {
  if (typeof base !== "string" || typeof added !== "string") return added;
  return mergeArgs(words(base), words(added)).join(" ");
}

/** The words that a shell would make of a text, its quotes taken away. */
export function shellWords(text: string): string[] {
  return shellWordsOf(text).map(({ read }) => read);
}

function words(text: string): string[] {
  return shellWordsOf(text).map(({ written }) => written);
}

function isStrings(value: Json): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

import type { Json } from "../../../kubernetes/json.ts";
import { isTexts } from "../../../kubernetes/json.ts";
import { shellWordsOf } from "../../../kubernetes/shellwords.ts";
import type { EngineKind } from "../engines.ts";
import { type CommandLines, mergeArgs } from "./commandline.ts";
import { ENGINE_FLAGS } from "./known.ts";

/**
 * The fields that hold a command line of the model server, of any role: the fields that `args: "flags"` merges flag by
 * flag.
 */
interface ArgsField {
  type: string;
  field: string;
  where: RegExp;
  combine(base: Json, added: Json): Json;
  /** Removes words, if that is not by equality. */
  remove?(base: Json, removed: readonly Json[]): Json;
}

const MAIN = String.raw`^(?:prefill\.)?(?:template|worker)\.containers\[name=main\]`;

const ENGINE = new RegExp(`${MAIN}$`);

const ARGS = new RegExp(String.raw`${MAIN}\.args$`);

const ADDITIONAL: ArgsField = {
  type: "EnvVar",
  field: "value",
  where: new RegExp(String.raw`${MAIN}\.env\[name=VLLM_ADDITIONAL_ARGS\]\.value$`),
  combine: combineText,
};

/** By the engine of the service. */
export const ARGS_FIELDS: Readonly<Record<EngineKind, readonly ArgsField[]>> = {
  vllm: [argsOf(ENGINE_FLAGS.vllm.lines), ADDITIONAL],
  sglang: [argsOf(ENGINE_FLAGS.sglang.lines)],
};

function argsOf(lines: CommandLines): ArgsField {
  return {
    type: "Container",
    field: "args",
    where: ARGS,
    combine: (base, added) => combineArgs(base, added, lines),
    remove: (base, removed) => withoutFlags(base, removed, lines),
  };
}

/** The flags of a command line at a path, each with its path in provenance; none for other fields. */
export function flagPaths(path: string, value: Json, engine: EngineKind = "vllm"): string[] {
  if (!ARGS.test(path) || !isTexts(value)) return [];
  return ENGINE_FLAGS[engine].lines
    .parseArgs(value)
    .flatMap(({ flag }) => (flag === undefined || flag === "--" ? [] : [flagPath(path, flag)]));
}

/** The path of a flag of a command line: `….args[--FLAG]`, and `….args[-FLAG]` for one that has a dash too few. */
export function flagPath(path: string, flag: string): string {
  return `${path}[${flag.startsWith("-") ? "" : "--"}${flag}]`;
}

/** The flag of the last step of such a path; undefined for another step. */
export function flagOfStep(step: string): string | undefined {
  const [, flag, short] = /^\[(?:--([^-].*)|(-[^-].*))\]$/.exec(step) ?? [];
  return flag ?? short;
}

/**
 * How a layer removes flags of the layers below: a directive of its container, whose words are flags in any of their
 * forms.
 */
export const removal = { DIRECTIVE: "$deleteFromPrimitiveList/args", ALL: "*" } as const;

/**
 * A command line without some flags; empty if they are {@link removal}.ALL. Bare words stay, unless everything is
 * removed.
 */
function withoutFlags(args: Json, flags: readonly Json[], { removeFlags }: CommandLines): Json {
  if (flags.includes(removal.ALL)) return [];
  return isTexts(args) ? removeFlags(args, flags.map(String)) : args;
}

/** Whether the container at a path belongs to an engine. */
export function isEngine(path: string): boolean {
  return ENGINE.test(path);
}

/** Whether a path is that of the args of an engine's container. */
export function isEngineArgs(path: string): boolean {
  return ARGS.test(path);
}

/** Merges flag by flag; empty args override too, like every empty value. */
function combineArgs(base: Json, added: Json, lines: CommandLines): Json {
  return isTexts(base) && isTexts(added) && added.length > 0 ? lines.mergeArgs(base, added) : added;
}

/** The same for args in one text, split like a shell would; quotes stay. */
function combineText(base: Json, added: Json): Json {
  if (typeof base !== "string" || typeof added !== "string") return added;
  return mergeArgs(words(base), words(added)).join(" ");
}

/** The words that a shell would make of a text, without its quotes. */
export function shellWords(text: string): string[] {
  return shellWordsOf(text).map(({ read }) => read);
}

function words(text: string): string[] {
  return shellWordsOf(text).map(({ written }) => written);
}

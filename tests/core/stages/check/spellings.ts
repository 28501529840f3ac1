import { parseArgs } from "../../../../core/knowledge/engine/flags/commandline.ts";
import { rootOf, takesOf } from "../../../../core/knowledge/engine/flags/flagbook.ts";
import { VLLM_FLAGS } from "../../../../core/knowledge/engine/flags/flags.ts";
import { ALIASES } from "../../../../core/knowledge/engine/flags/flagtable.ts";
import type { Arg } from "../../../../core/knowledge/engine/flags/latestargs.ts";
import { isObject, type JsonObject } from "../../../../core/kubernetes/json.ts";

/**
 * Other ways to write a command line, which vLLM reads alike.
 * Source: argparse, and FlexibleArgumentParser.parse_args of vllm/utils/argparse_utils.py, from 0.9 on.
 */
type Spelling = (args: readonly string[], release: number) => string[];

const SPELLINGS: Readonly<Record<string, Spelling>> = {
  "each value in a word of its own": (args) => rewritten(args, (arg) => (isOfOneValue(arg) ? apart(arg) : undefined)),
  "each value behind an equals sign": (args) =>
    rewritten(args, (arg) => (isOfOneValue(arg) ? [`${written(arg)}=${arg.values[0]}`] : undefined)),
  "underscores in the place of dashes": (args) => rewritten(args, withUnderscores),
  "the shortest beginning that no other flag of the release has": (args, release) =>
    rewritten(args, (arg) => shortened(arg, release)),
  "the keys of JSON one by one": (args) => rewritten(args, ofKeys),
};

function rewritten(args: readonly string[], write: (arg: Arg) => string[] | undefined): string[] {
  return parseArgs(args).flatMap((arg) => (isKnown(arg) ? write(arg) : undefined) ?? [...arg.words]);
}

/** Only flags of the table are respelled, because the number of values of other flags is unknown. */
function isKnown({ flag = "", words: [word = ""] }: Arg): boolean {
  return word.startsWith("--") && word !== "--" && VLLM_FLAGS.flagNamed(flag) !== undefined;
}

/** The flag as it is written, without its value. */
function written({ words: [word = ""] }: Arg): string {
  return word.split("=", 1)[0] ?? word;
}

/** A value that begins with a dash would be read as a flag, and a switch has no value. */
function isOfOneValue({ flag = "", values }: Arg): boolean {
  const known = VLLM_FLAGS.flagNamed(flag);
  const [value = ""] = values;
  return known !== undefined && takesOf(known) === "value" && values.length === 1 && !value.startsWith("-");
}

function apart(arg: Arg): string[] {
  return [written(arg), ...arg.values];
}

function withUnderscores(arg: Arg): string[] {
  const [word = "", ...rest] = arg.words;
  const flag = written(arg);
  const [root = "", ...keys] = flag.split(".");
  const other = [`--${root.slice(2).replaceAll("-", "_")}`, ...keys].join(".");
  return [other + word.slice(flag.length), ...rest];
}

/** A name that stands for another flag in other releases is left out. */
function shortened(arg: Arg, release: number): string[] | undefined {
  const { flag = "", negated } = arg;
  const [word = "", ...rest] = arg.words;
  const own = written(arg);
  if (negated || own !== `--${flag}` || !VLLM_FLAGS.flagsOf(release).includes(flag)) return undefined;
  const isOnly = (prefix: string): boolean =>
    VLLM_FLAGS.flagsWithPrefix(prefix, release).length === 1 && !"no-".startsWith(prefix.slice(0, 3));
  for (let length = 1; length < flag.length; length++)
    if (isOnly(flag.slice(0, length))) return [`--${flag.slice(0, length)}${word.slice(own.length)}`, ...rest];
  return undefined;
}

function ofKeys(arg: Arg): string[] | undefined {
  const { flag = "", values } = arg;
  const document =
    VLLM_FLAGS.flagNamed(flag)?.kind === "json" && values.length === 1 ? readObject(values[0]) : undefined;
  if (document === undefined || flag !== rootOf(flag) || Object.keys(document).length === 0) return undefined;
  if (Object.keys(document).some((key) => !/^\w+$/.test(key))) return undefined;
  return Object.entries(document).map(
    ([key, value]) => `--${flag}.${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

function readObject(text = ""): JsonObject | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Equivalent forms of a container that has its flags in args, and starts vLLM as its image or a preset does. */
export type Wording = (main: JsonObject, release: number) => JsonObject;

export const WORDINGS: Readonly<Record<string, Wording>> = {
  ...Object.fromEntries(
    Object.entries(SPELLINGS).map(([name, spell]): [string, Wording] => [
      name,
      (main, release) => (main["args"] === undefined ? main : { ...main, args: spell(argsOf(main), release) }),
    ]),
  ),
  "short forms of flags": (main) =>
    main["args"] === undefined ? main : { ...main, args: rewritten(argsOf(main), short) },
  "numbers in variables of the container": withVariables,
  "flags in the command of vLLM": (main) => started(main, ["vllm", "serve", "/mnt/models"]),
  "flags of the server's module": (main) =>
    started(main, ["python3", "-m", "vllm.entrypoints.openai.api_server", "--model=/mnt/models"]),
  "flags behind a script that passes them on": (main) =>
    main["args"] === undefined || main["command"] !== undefined
      ? main
      : { ...main, command: ["/bin/sh", "-c", `exec vllm serve /mnt/models "$@"`, "vllm"] },
  "an image of a mirror": withImage(
    (image) => `registry.example.com/mirror/${image.replace(/^[\w.-]+\.[\w.-]+\//, "")}`,
  ),
  "an image with its digest": withImage((image) => (image.includes("@") ? image : `${image}@sha256:${"a".repeat(64)}`)),
};

function argsOf({ args }: JsonObject): string[] {
  return Array.isArray(args) ? args.map(String) : [];
}

const SHORT: ReadonlyMap<string, string> = new Map(Object.entries(ALIASES).map(([short, long]) => [long, short]));

function short(arg: Arg): string[] | undefined {
  const { flag = "", negated } = arg;
  const [word = "", ...rest] = arg.words;
  const known = SHORT.get(flag);
  if (known === undefined || negated || known.length > 3) return undefined;
  return [`-${known}${word.slice(written(arg).length)}`, ...rest];
}

/** Kubernetes expands the container's variables in its args. */
function withVariables(main: JsonObject): JsonObject {
  if (main["args"] === undefined) return main;
  const env: JsonObject[] = [];
  const args = rewritten(argsOf(main), (arg) => {
    if (!isOfOneValue(arg) || !/^\d+$/.test(arg.values[0] ?? "")) return undefined;
    env.push({ name: `NUMBER_${env.length}`, value: arg.values[0] ?? "" });
    return [`${written(arg)}=$(${env.at(-1)?.["name"]})`];
  });
  const before = Array.isArray(main["env"]) ? main["env"] : [];
  return env.length === 0 ? main : { ...main, args, env: [...before, ...env] };
}

/** All flags in the command; `[]` removes the args of a preset. */
function started(main: JsonObject, words: readonly string[]): JsonObject {
  if (main["args"] === undefined || main["command"] !== undefined) return main;
  return { ...main, command: [...words], args: argsOf(main) };
}

function withImage(change: (image: string) => string): Wording {
  return (main) => (typeof main["image"] === "string" ? { ...main, image: change(main["image"]) } : main);
}

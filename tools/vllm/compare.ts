import { join } from "node:path";
import { flagsOf } from "../../core/knowledge/engine/flags/flags.ts";
import { positionIn, readSpan, releaseNumber } from "../../core/knowledge/engine/release.ts";
import { WITHOUT_LORA, WITHOUT_STAGES } from "../../core/knowledge/engine/rules/classfeatures.ts";
import { KEYS } from "../../core/knowledge/engine/rules/keytable.ts";
import * as words from "../../core/knowledge/engine/rules/wordtable.ts";
import { VARIABLES } from "../../core/knowledge/engine/variables/variabletable.ts";
import { run } from "../toolchain/processes/run.ts";

const USAGE = `usage: node tools/bootstrap.mjs tools/vllm/compare.ts FOLDER [RELEASE]

Compares the tables of core/knowledge/engine with the package vllm that is unpacked in FOLDER (pip download, then unzip), and prints what
only one of the two has (from 0.10.1 on: earlier registries look different). RELEASE is the last part of FOLDER by default. Exits 1 where they differ.
`;

/** The output of sources.py for a release. */
export interface Read {
  flags: readonly string[];
  variables: readonly string[];
  keys: Readonly<Record<string, readonly string[]>>;
  words: Readonly<Record<string, readonly string[]>>;
  /** The classes of models, and of these the ones that lack a feature; empty if there is no registry. */
  classes: Readonly<Partial<Record<"all" | "adapters" | "stages", readonly string[]>>>;
}

/** A flag without such a call: the parser itself reads it. */
const OF_PARSER = ["config"];
const WORDS: Readonly<Record<string, string>> = {
  "tool-call-parser": words.TOOL_PARSERS,
  "reasoning-parser": words.REASONING_PARSERS,
  quantization: words.QUANTIZATIONS,
  "load-format": words.LOAD_FORMATS,
  kv_connector: words.CONNECTORS,
};
/** Words that are not in vLLM's sources: plugins add them. */
const OF_PLUGINS: readonly string[] = ["ascend", "auto-round", "identity", "layered"];

/** What only the tables, or only the release, contain. A class or a registry that could not be read is not compared. */
export function differences(read: Read, release: string): string[] {
  const number = releaseNumber(release) ?? 0;
  const inside = (text: string): string[] => [
    ...new Set(
      text
        .trim()
        .split(/\s+/)
        .map(readSpan)
        .filter((span) => positionIn(span, number) === "inside")
        .map(({ name }) => name),
    ),
  ];
  const named = (found: Read["keys"]): [string, readonly string[]][] =>
    Object.entries(found).filter(([, names]) => names.length > 0);
  const ofPlugins = (known: readonly string[]): string[] => OF_PLUGINS.filter((one) => known.includes(one));
  const variables = inside(VARIABLES).map((name) => `VLLM_${name}`);
  return [
    ...differing("flag", flagsOf(number), [...read.flags, ...OF_PARSER]),
    ...differing("variable", variables, read.variables),
    ...named(read.keys).flatMap(([flag, found]) => differing(`key of --${flag}`, inside(KEYS[flag] ?? ""), found)),
    ...named(read.words).flatMap(([what, found]) => {
      const known = inside(WORDS[what] ?? "");
      return differing(`word of ${what}`, known, [...found, ...ofPlugins(known)]);
    }),
    // A span may be open before the first release of its class.
    ...(["adapters", "stages"] as const).flatMap((feature) => {
      const { all = [], [feature]: found = [] } = read.classes;
      const known = inside(feature === "adapters" ? WITHOUT_LORA : WITHOUT_STAGES);
      return differing(
        `class without ${feature}`,
        known.filter((one) => all.includes(one)),
        found,
      );
    }),
  ];
}

function differing(what: string, ours: readonly string[], theirs: readonly string[]): string[] {
  const [known, read] = [new Set(ours), new Set(theirs)];
  return [
    ...ours.filter((one) => !read.has(one)).map((one) => `${what} ${one}: only the table has it`),
    ...[...read].filter((one) => !known.has(one)).map((one) => `${what} ${one}: only the release has it`),
  ].sort();
}

/** Reads an unpacked release with Python's own parser; none of it is run. */
export async function readRelease(folder: string): Promise<Read> {
  return JSON.parse(await run("python3", [join(import.meta.dirname, "sources.py"), folder])) as Read;
}

async function main([
  folder,
  release = folder?.replace(/\/$/, "").split("/").at(-1) ?? "",
]: readonly string[]): Promise<number> {
  if (folder === undefined || releaseNumber(release) === undefined) {
    process.stdout.write(USAGE);
    return 2;
  }
  const found = differences(await readRelease(folder), release);
  process.stdout.write(found.length === 0 ? `The tables are those of vLLM ${release}.\n` : `${found.join("\n")}\n`);
  return found.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));

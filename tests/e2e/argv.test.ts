import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { allFlags, flagNamed, VLLM_FLAGS } from "../../core/knowledge/engine/flags/flags.ts";
import { judgeArgs, type Release } from "../../core/knowledge/engine/flags/judge.ts";
import { positionIn, releaseNumber } from "../../core/knowledge/engine/release.ts";
import { vllmStart } from "../../core/knowledge/engine/start/start.ts";
import { workloadsOf } from "../../core/kubernetes/workloads/workloads.ts";
import { VLLM_RELEASE, vllmCommand, vllmProblem } from "../../tools/vllm/environment.ts";
import { fileServices, goldenServices } from "../core/services.ts";
import { renderedEverywhere } from "./rendered.ts";
import { skipWhere } from "./skip.ts";

const RELEASE: Release = { text: VLLM_RELEASE, number: releaseNumber(VLLM_RELEASE) ?? 0 };
const CASES = join(import.meta.dirname, "../core/knowledge/engine/flags/judge.yaml");
/** Known only in the pod: a number also works as a text. */
const UNKNOWN = /\$\([^()]*\)|\$\(\([^()]*\)\)|\{\{[^{}]*\}\}/g;
/** Its choices are the devices of the machine. */
const BY_MACHINE = "mm-processor-device";
/** Errors of pydantic about the keys and values of JSON, which the table does not contain. */
const OF_CLASSES = /pydantic\.dev/;

const lineOf = (words: readonly string[]): string => JSON.stringify(words.map((word) => word.replaceAll(UNKNOWN, "1")));

/** The command lines of the engines, each with its source; equal ones only once. */
async function rendered(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { from, objects } of await renderedEverywhere([...goldenServices(), ...fileServices()])) {
    for (const { containers = [] } of workloadsOf(objects).flatMap(({ pods }) => pods.map(({ spec }) => spec))) {
      for (const start of containers.map(vllmStart).filter((one) => one !== undefined)) {
        const key = lineOf(start.args);
        if (!found.has(key)) found.set(key, from);
      }
    }
  }
  return found;
}

/** The cases of the table of flags for which the release makes no difference. */
function ofTable(): Map<string, string> {
  const cases = parse(readFileSync(CASES, "utf8")) as { name: string; args: string[] }[];
  return new Map(cases.map(({ name, args }) => [lineOf(args.map(String)), name]));
}

interface Parsed {
  /** By the parser's long options: their choices. */
  options: Record<string, string[] | null>;
  problems: (string | null)[];
}

function ask(lines: readonly string[]): Parsed {
  const { command, args, env } = vllmCommand("parse.py");
  const { stdout, stderr, status } = spawnSync(command, args, {
    input: lines.map((line) => `${line}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env,
  });
  assert.equal(status, 0, stderr.slice(-2000));
  const [options, ...problems] = stdout
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  return { options: options as Parsed["options"], problems: problems as (string | null)[] };
}

/**
 * Flags with their choices. Lists in the table with the choices of each word of a list are not the parser's choices.
 */
function listed(flags: ReadonlyMap<string, readonly string[]>): string[] {
  return [...flags].map(([name, choices]) => [name, ...[...choices].sort()].join(" ")).sort();
}

describe(`vLLM ${VLLM_RELEASE}'s own argument parser`, () => {
  let lines: Map<string, string>;
  let cases: Map<string, string>;
  let parsed: Parsed;

  before(async function () {
    skipWhere(this, vllmProblem());
    [lines, cases] = [await rendered(), ofTable()];
    parsed = ask([...lines.keys(), ...cases.keys()]);
  });

  it("accepts every command line of an engine in the goldens, examples and presets", () => {
    assert.ok(lines.size > 20, `only ${lines.size} command lines were found`);
    const refused = [...lines].flatMap(([line, from], i) =>
      parsed.problems[i] === null ? [] : [`${from}: ${parsed.problems[i]}: ${line}`],
    );
    assert.deepEqual(refused, []);
  });

  it("has the flags and the choices that the table has for its release", () => {
    const ours = allFlags().flatMap((name) => {
      const flag = flagNamed(name);
      return flag !== undefined && positionIn(flag, RELEASE.number) === "inside" ? [flag] : [];
    });
    const known = new Map(ours.map((flag) => [flag.name, VLLM_FLAGS.choicesOf(flag, RELEASE.number) ?? []]));
    const theirs = new Map(
      Object.entries(parsed.options)
        .filter(([name]) => name !== "help" && !(name.startsWith("no-") && known.has(name.slice(3))))
        .map(([name, choices]) => [name, name === BY_MACHINE ? [] : (choices ?? []).filter((one) => one !== "None")]),
    );
    assert.deepEqual(listed(known), listed(theirs));
  });

  it("has the verdict of the table on each case of its release", () => {
    const differing = [...cases].flatMap(([line, name], i) => {
      const problem = parsed.problems[lines.size + i] ?? null;
      const found = judgeArgs(JSON.parse(line) as string[], RELEASE).filter(({ severity }) => severity === undefined);
      // Any word may be a model: errors about it appear when the weights are loaded.
      const isOfModel = problem === null && found.every(({ flag }) => flag === "");
      return (problem === null) === (found.length === 0) || isOfModel || OF_CLASSES.test(problem ?? "")
        ? []
        : [`${name}: ${problem} but ${JSON.stringify(found.map(({ message }) => message))}`];
    });
    assert.deepEqual(differing, []);
  });
});

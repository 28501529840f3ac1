import type { z } from "zod";
import { tuning } from "../../api/shorthands/tuning.ts";
import type { Fix, Issue } from "../../contract/issues/issue.ts";
import { roleAt } from "../../contract/role.ts";
import type { EngineKind } from "../../knowledge/engine/engines.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import type { FlagChange } from "../../knowledge/engine/flags/judge.ts";
import { ENGINE_FLAGS, type EngineFlags } from "../../knowledge/engine/flags/known.ts";
import { type Json, type JsonObject, objectsOf, textsOf, valueAt } from "../../kubernetes/json.ts";
import { rememberingLast } from "../../kubernetes/remember.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import type { CheckSubject } from "./check.ts";
import type { Engine } from "./engine.ts";
import { flagFieldOf, isInScript } from "./flagplace.ts";

/** The path of a flag of an engine, as fixes write it. */
export function flagAt(engine: Pick<Engine, "traced" | "container" | "start" | "isSglang">, flag: string): string {
  return flagPath(`spec.${engine.traced}.${flagFieldOf(engine, flag)}`, flag);
}

/**
 * A finding without fixes of flags that a script sets, and of sizes that become flags which a script does not pass on:
 * a program cannot change a script.
 */
export function withoutScripts<Found extends { fixes?: readonly Fix[] }>(
  finding: Found,
  engines: readonly Engine[],
): Found {
  const { fixes = [], ...rest } = finding;
  const isHidden = fixes.some(({ path }) => engines.some((engine) => isOfScript(path, engine)));
  return isHidden ? (rest as Found) : finding;
}

function isOfScript(path: string, engine: Engine): boolean {
  if (path.startsWith(`${roleAt(engine.role)}.parallelism.`)) return engine.start?.takesArgs === false;
  const flag = path.startsWith(`spec.${engine.traced}.`) ? FLAG.exec(path)?.[1] : undefined;
  return flag !== undefined && isInScript(engine, flag);
}

const FLAG = /\.(?:args|command)\[(?:--)?([\w.-]+)\]$/;

/**
 * The change of a flag as changes of the service. None for a flag with several values, or for one that no layer has in
 * its args.
 */
export function flagFixes(engine: Engine, flag: string, change: FlagChange | undefined, subject: CheckSubject): Fix[] {
  if (change === undefined || !(engine.isVllm || engine.isSglang)) return [];
  const field = engine.derived.get(flag);
  if (field !== undefined) return change.to === "value" ? [{ path: `spec.${field}`, value: Number(change.value) }] : [];
  const tuned = engine.tuned.get(flag);
  if (tuned !== undefined && change.to === "value")
    return [{ path: tuned.path, value: typed(tuned.path, change.value) }];
  if (tuned !== undefined && change.to === "nothing") return [{ path: tuned.path }];
  const kind = engine.isVllm ? "vllm" : "sglang";
  const values = READERS[kind].values(engine.args).get(flag) ?? [];
  // A document that is written key by key is several flags.
  if (change.to === "value" && engine.args.some((word) => word.replaceAll("_", "-").startsWith(`--${flag}.`)))
    return [];
  const at = engine.role === "prefill" ? ["prefill"] : [];
  if (!(subject.layers ?? []).some(({ spec }) => hasFlag(spec as Json, at, flag, kind))) return [];
  if (change.to === "value") return [{ path: flagAt(engine, flag), value: change.value }];
  const gone = { path: flagAt(engine, flag) };
  if (change.to === "nothing") return [gone];
  const written = READERS[kind].values(engine.args);
  if (change.to === "flags" && change.flags.some(({ name }) => name !== flag && written.has(name))) return [];
  if (change.to === "flags")
    return [gone, ...change.flags.map(({ name, value }) => ({ path: flagAt(engine, name), value }))];
  // Which of two values is meant is the user's to say.
  const isTwice = READERS[kind].values(engine.args).has(change.name);
  if (values.length > 1 || isTwice) return [];
  return [
    gone,
    {
      path: flagPath(`spec.${engine.traced}.${flagFieldOf(engine, flag)}`, change.name),
      value: change.value ?? values[0] ?? "true",
    },
  ];
}

/** A flag's value, which is a text, in the type of the field of `tuning` at a path. */
function typed(path: string, text: string): Json {
  const schema = entryOf<z.ZodType>(tuning.shape, path.slice(path.lastIndexOf(".") + 1));
  const number = Number(text);
  const other: Json = text === "true" || text === "false" ? text === "true" : number;
  return schema?.safeParse(other).success === true ? other : text;
}

/** A finding about a setting of `tuning`, with a fix that names the field and not its flag. */
export function inTuning<Found extends Pick<Issue, "path" | "fix">>(finding: Found, engines: readonly Engine[]): Found {
  const { path, fix } = finding;
  if (fix !== undefined && SIZE_SETTING.test(path)) return { ...finding, fix: inSizes(fix) };
  const engine = engines.find(({ tuned }) => [...tuned.values()].some((one) => one.path === path));
  if (engine === undefined || fix === undefined) return finding;
  const named = fix.replace(/--([a-z0-9-]+)(=?)/g, (word, flag: string, equals: string) => {
    const field = engine.tuned.get(flag)?.path.slice("spec.".length);
    return field === undefined ? word : `${field}${equals === "" ? "" : ": "}`;
  });
  return { ...finding, fix: named.replace(/\bthe flag\b/g, path.slice("spec.".length)) };
}

/** The fields of `tuning` that set sizes, by their fields of `parallelism`. */
const SIZE_SETTINGS: Readonly<Record<string, string>> = {
  tensor: "tensorParallelSize",
  pipeline: "pipelineParallelSize",
  expert: "enableExpertParallel",
};
const SIZE_SETTING = /\.tuning\.(?:tensorParallelSize|pipelineParallelSize|enableExpertParallel)$/;

/** A fix with the fields of `tuning` in place of those of `parallelism`. */
function inSizes(fix: string): string {
  return fix.replace(
    /\bparallelism\.(tensor|pipeline|expert)\b/g,
    (_, field: string) => `tuning.${entryOf(SIZE_SETTINGS, field)}`,
  );
}

/** A fix with the names of fields in place of those of the flags that follow from them. */
export function inFields(fix: string, { derived }: Engine): string {
  return fix.replace(/--([a-z-]+)/g, (word, flag: string) => derived.get(flag) ?? word);
}

/** Whether a layer has a flag in the args, or among the words of the command, of a workload's engines. */
export function hasFlag(spec: Json, at: readonly string[], flag: string, kind: EngineKind = "vllm"): boolean {
  const workload = valueAt(spec, at);
  return ["template", "worker"].some((name) => {
    const containers = objectsOf(valueAt(workload, [name, "containers"]));
    const main = containers.find((container) => container["name"] === MAIN);
    return main !== undefined && READERS[kind].flags(main).has(ENGINE_FLAGS[kind].book.flagName(flag));
  });
}

/** Each command line is read once, however many of its flags are needed. */
const readers = ({ lines: { parseArgs } }: EngineFlags) => ({
  values: rememberingLast(
    (args: readonly string[]) => new Map(parseArgs(args).map(({ flag, values }) => [flag, values])),
  ),
  flags: rememberingLast(
    (container: JsonObject) =>
      new Set(
        [container["command"], container["args"]].flatMap((words) => parseArgs(textsOf(words)).map(({ flag }) => flag)),
      ),
  ),
});
const READERS = { vllm: readers(ENGINE_FLAGS.vllm), sglang: readers(ENGINE_FLAGS.sglang) };

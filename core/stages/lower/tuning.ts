import { tuning } from "../../api/shorthands/tuning.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { flagValue, parseArgs } from "../../knowledge/engine/flags/commandline.ts";
import { flagName } from "../../knowledge/engine/flags/flags.ts";
import { asFlagsOfSglang } from "../../knowledge/engine/sglang/settings.ts";
import { asText, formatPath, isObject, type JsonObject } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import { type TuningFlag, type TuningSize, tuningFlags, tuningSizes } from "./flags.ts";
import { readBy } from "./fromzod.ts";
import type { Place, Reading } from "./reading.ts";

/** The meaning of `tuning`: flags of the engine, and sizes that belong to `parallelism`. */
export interface Tuned {
  flags: string[];
  parallelism: JsonObject;
  /** The field that sets each such size. */
  fields: Readonly<Record<string, string>>;
  /** The field that sets each flag, by the flag's name with each engine. */
  flagFields: ReadonlyMap<string, string>;
}

const NOTHING: Tuned = { flags: [], parallelism: {}, fields: {}, flagFields: new Map() };

/**
 * Reads the tuning of a workload. A value that the same document also sets in `parallelism` or in the engine's args
 * must be equal: between layers the later one wins, but within one document it is unclear which was meant.
 */
export function readTuning(workload: JsonObject, place: Place): Reading<Tuned> {
  const value = workload["tuning"];
  if (value === undefined || value === null) return { value: NOTHING, issues: [] };
  const { value: read, issues } = readBy(tuning, value, { path: formatPath(tuningPath(place)), layer: place.layer });
  if (read === undefined) return { value: NOTHING, issues };
  const flags = tuningFlags(read).map(parsed);
  const sizes = tuningSizes(read);
  return {
    value: {
      flags: flags.map(({ flag }) => flag),
      parallelism: Object.fromEntries(sizes.map(({ size, value: given }) => [size, given])),
      fields: Object.fromEntries(sizes.map(({ field, size }) => [size, field])),
      flagFields: new Map(flags.flatMap(({ field, flag }) => namesOf(flag).map((name) => [name, field]))),
    },
    issues: [
      ...(["template", "worker"] as const).flatMap((pod) => otherArgs(flags, workload, pod, place)),
      ...unsetFlags(flags, workload, place),
      ...otherSizes(sizes, workload, place),
    ],
  };
}

function tuningPath({ path }: Place): string[] {
  return [...path, "tuning"];
}

/** A field of the tuning contradicts another field of the same document. */
function clash(field: string, message: string, other: string, place: Place): Issue {
  const path = formatPath([...tuningPath(place), field]);
  const fix = `keep one of ${path} and ${other}`;
  return { code: "Conflict", severity: "error", path, layer: place.layer, message, fix };
}

/** A flag of the tuning with its name and its value. */
interface ParsedFlag extends TuningFlag {
  name: string;
  value: string;
}

function parsed(given: TuningFlag): ParsedFlag {
  const [arg] = parseArgs([given.flag]);
  const { flag: name = "" } = arg ?? {};
  return { ...given, name, value: flagValue([given.flag], name) ?? "" };
}

/** Flags of the tuning that the args of a pod in the same document set to another value. */
function otherArgs(
  flags: readonly ParsedFlag[],
  workload: JsonObject,
  pod: "template" | "worker",
  place: Place,
): Issue[] {
  const { args, at } = argsOf(workload, [...place.path, pod]);
  if (args.length === 0) return [];
  return flags.flatMap(({ field, name, value: wanted }) => {
    const written = flagValue(args, name);
    if (written === undefined || written === wanted) return [];
    const set = `${formatPath([...tuningPath(place), field])} sets --${name} to ${wanted}`;
    return [clash(field, `${set}, but ${at} sets it to ${written}`, at, place)];
  });
}

/** Flags of the tuning that the same document removes. */
function unsetFlags(flags: readonly ParsedFlag[], { unsetArgs }: JsonObject, place: Place): Issue[] {
  const unset = Array.isArray(unsetArgs) ? unsetArgs.map((flag) => flagName(asText(flag))) : [];
  return flags.flatMap(({ field, name }) => {
    if (!unset.includes(name)) return [];
    const set = `${formatPath([...tuningPath(place), field])} sets --${name}`;
    return [clash(field, `${set}, but unsetArgs removes it`, "unsetArgs", place)];
  });
}

/** Sizes of the tuning that `parallelism` of the same document sets to another value. */
function otherSizes(sizes: readonly TuningSize[], workload: JsonObject, place: Place): Issue[] {
  const written = isObject(workload["parallelism"]) ? workload["parallelism"] : {};
  return sizes.flatMap(({ field, size, value }) => {
    const own = written[size];
    if (own === undefined || own === null || own === value) return [];
    const other = formatPath([...place.path, "parallelism", size]);
    return [clash(field, `${field} is ${value}, but ${other} is ${asText(own)}`, other, place)];
  });
}

/** The names of a flag of vLLM, and of what it becomes with SGLang. */
function namesOf(flag: string): string[] {
  return [flag, ...asFlagsOfSglang([flag])].map((word) => flagName(word.split("=", 1)[0] ?? word));
}

/** The args of the engine's container in a pod of one document, and their path. */
function argsOf(workload: JsonObject, path: string[]): { args: string[]; at: string } {
  const pod = entryOf(workload, path.at(-1) ?? "");
  const containers = isObject(pod) && Array.isArray(pod["containers"]) ? pod["containers"] : [];
  const index = containers.findIndex((one) => isObject(one) && one["name"] === MAIN);
  const container = containers[index];
  const args = isObject(container) && Array.isArray(container["args"]) ? container["args"] : [];
  const at = formatPath([...path, "containers", index, "args"]);
  return { args: args.filter((word): word is string => typeof word === "string"), at };
}

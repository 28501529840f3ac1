import { type Tuning, tuning } from "../../api/tuning.ts";
import type { Issue } from "../../contract/issue.ts";
import { flagValue, parseArgs } from "../../knowledge/engine/commandline.ts";
import { flagName } from "../../knowledge/engine/flags.ts";
import { formatPath, isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { MAIN } from "../../kubernetes/pods.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { tuningFlags, tuningSizes } from "./flags.ts";
import { readBy } from "./fromzod.ts";

/** What `tuning` amounts to: flags of the engine, and sizes that belong into `parallelism`. */
export interface Tuned {
  flags: string[];
  parallelism: JsonObject;
  /** By such a size, the field that says it. */
  fields: Readonly<Record<string, string>>;
}

const NOTHING: Tuned = { flags: [], parallelism: {}, fields: {} };

/**
 * Reads the tuning of a workload. What the same document also says as `parallelism` or in the engine's args must mean the
 * same: between layers the later one wins, but within one nobody can know which was meant.
 */
export function readTuning(workload: JsonObject, path: string[], layer: string, issues: Issue[]): Tuned {
  const value = workload["tuning"];
  if (value === undefined || value === null) return NOTHING;
  const at = formatPath([...path, "tuning"]);
  const read: Tuning | undefined = readBy(tuning, value, { path: at, layer }, issues);
  if (read === undefined) return NOTHING;
  const flags = tuningFlags(read);
  const clash = (field: string, message: string, other: string): void => {
    const fix = `keep one of ${at}.${field} and ${other}`;
    issues.push({ code: "Conflict", severity: "error", path: `${at}.${field}`, layer, message, fix });
  };
  for (const pod of ["template", "worker"] as const) {
    const { args, at: argsPath } = argsOf(workload, [...path, pod]);
    for (const { field, flag } of flags) {
      const [name, wanted] = nameAndValue(flag);
      const written = flagValue(args, name);
      if (written !== undefined && written !== wanted)
        clash(field, `${at}.${field} sets --${name} to ${wanted}, but ${argsPath} sets it to ${written}`, argsPath);
    }
  }
  const unset = Array.isArray(workload["unsetArgs"]) ? workload["unsetArgs"].map((flag) => flagName(String(flag))) : [];
  for (const { field, flag } of flags) {
    const [name] = nameAndValue(flag);
    if (unset.includes(name)) clash(field, `${at}.${field} sets --${name}, but unsetArgs removes it`, "unsetArgs");
  }
  return {
    flags: flags.map(({ flag }) => flag),
    parallelism: sizesOf(read, workload, path, clash),
    fields: Object.fromEntries(tuningSizes(read).map(({ field, size }) => [size, field])),
  };
}

function sizesOf(
  read: Tuning,
  workload: JsonObject,
  path: string[],
  clash: (field: string, message: string, other: string) => void,
): JsonObject {
  const written = isObject(workload["parallelism"]) ? workload["parallelism"] : {};
  return Object.fromEntries(
    tuningSizes(read).map(({ field, size, value }): [string, Json] => {
      const other = formatPath([...path, "parallelism", size]);
      const own = written[size];
      if (own !== undefined && own !== null && own !== value)
        clash(field, `${field} is ${value}, but ${other} is ${String(own)}`, other);
      return [size, value];
    }),
  );
}

function nameAndValue(flag: string): [string, string] {
  const [arg] = parseArgs([flag]);
  return [arg?.flag ?? "", flagValue([flag], arg?.flag ?? "") ?? ""];
}

/** The args of the engine's container in a pod of one document, and where they stand. */
function argsOf(workload: JsonObject, path: string[]): { args: string[]; at: string } {
  const pod = entryOf(workload, path.at(-1) ?? "");
  const containers = isObject(pod) && Array.isArray(pod["containers"]) ? pod["containers"] : [];
  const index = containers.findIndex((one) => isObject(one) && one["name"] === MAIN);
  const container = containers[index];
  const args = isObject(container) && Array.isArray(container["args"]) ? container["args"] : [];
  const at = formatPath([...path, "containers", index, "args"]);
  return { args: args.filter((word): word is string => typeof word === "string"), at };
}

import { flagName } from "../engine/flags.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { stepsOf } from "../lower/unset.ts";
import { parseArgs } from "../merge/args.ts";
import type { Layer } from "../merge/layers.ts";
import type { CheckFinding, CheckSubject } from "./check.ts";

const MAIN = "main";

/** What the service takes away (`unset`, `unsetArgs`) though no layer below it has any such thing. */
export function judgeRemovals({ service, layers = [] }: CheckSubject): CheckFinding[] {
  const spec = isObject(service) && isObject(service["spec"]) ? service["spec"] : {};
  const below = layers.slice(0, -1);
  const prefill = spec["prefill"];
  return [...judgeWorkload(spec, [], below), ...(isObject(prefill) ? judgeWorkload(prefill, ["prefill"], below) : [])];
}

function judgeWorkload(
  { unset, unsetArgs }: JsonObject,
  at: readonly string[],
  below: readonly Layer[],
): CheckFinding[] {
  const place = ["spec", ...at].join(".");
  const idle = textsOf(unset).filter((path) => !below.some(({ spec }) => has(spec as Json, [...at, ...steps(path)])));
  const flags = textsOf(unsetArgs).filter((flag) => !below.some(({ spec }) => hasFlag(spec as Json, at, flag)));
  const layer = "service";
  return [
    ...idle.map(
      (path): CheckFinding => ({
        code: "UnusedField",
        path: `${place}.unset`,
        layer,
        message: `nothing below the service sets ${path}: there is nothing to take away`,
        fix: "remove it, or correct the path; `explain` shows what the layers set",
      }),
    ),
    ...flags.map(
      (flag): CheckFinding => ({
        code: "UnusedField",
        path: `${place}.unsetArgs`,
        layer,
        message: `no layer below the service gives the engine ${flag}: there is nothing to take away`,
        fix: "remove it, or correct the flag; what follows from other fields (parallelism, TLS) is changed there",
      }),
    ),
  ];
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function steps(path: string): string[] {
  return stepsOf(path.replace(/^spec\./, "")) ?? [];
}

/** Whether a document has something at a path; items of lists are found by any of the keys that Kubernetes merges by. */
function has(value: Json | undefined, [step, ...rest]: readonly string[]): boolean {
  if (value === undefined || value === null) return false;
  if (step === undefined) return true;
  if (Array.isArray(value)) return value.some((item) => isObject(item) && isNamed(item, step) && has(item, rest));
  return isObject(value) && has(value[step], rest);
}

/** `[main]`, `[name=main]`, `[containerPort=8000]`. */
function isNamed(item: JsonObject, step: string): boolean {
  const [key, text] = step.includes("=") ? [step.split("=")[0], step.slice(step.indexOf("=") + 1)] : [undefined, step];
  return Object.entries(item).some(([name, value]) => (key ?? name) === name && String(value) === text);
}

function hasFlag(spec: Json, at: readonly string[], flag: string): boolean {
  const workload = at.reduce<Json | undefined>((value, step) => (isObject(value) ? value[step] : undefined), spec);
  if (!isObject(workload)) return false;
  return ["template", "worker"].some((name) => {
    const pod = workload[name];
    const containers = isObject(pod) && Array.isArray(pod["containers"]) ? pod["containers"] : [];
    const main = containers.filter(isObject).find((container) => container["name"] === MAIN);
    return parseArgs(textsOf(main?.["args"])).some((word) => word.flag === flagName(flag));
  });
}

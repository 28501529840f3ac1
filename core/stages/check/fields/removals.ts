import { layerOf } from "../../../contract/input/document.ts";
import type { Layer } from "../../../contract/layer.ts";
import { allFlags, flagName, isFlag } from "../../../knowledge/engine/flags/flags.ts";
import { asText, isObject, type Json, type JsonObject, textsOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import { writtenSteps } from "../../../kubernetes/path.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { CheckFinding, CheckSubject } from "../check.ts";
import { hasFlag } from "../flagfixes.ts";

/**
 * Fields that the service removes (`unset`, `unsetArgs`) although no layer below it sets them. A config is written for
 * services that it does not know, so a removal without effect may be intended there, unless no release of vLLM has the
 * flag.
 */
export function judgeRemovals({ service, configs = [], layers = [] }: CheckSubject): CheckFinding[] {
  const below = layers.slice(0, -1);
  const ofConfigs = below.flatMap(({ label }, i) => {
    if (!label.startsWith("config ")) return [];
    const config = configs.find((one) => layerOf(one, "LLMInferenceServiceConfig") === label);
    return config === undefined ? [] : judgeFlagsOf(config, label, layers.slice(0, i));
  });
  const ofService = workloadsOf(service).flatMap(([workload, at]) => judgeWorkload(workload, at, below));
  return [...ofService, ...ofConfigs];
}

/** Flags that a config removes although no layer below sets them and no vLLM has them: they are probably misspelt. */
export function judgeFlagsOf(config: unknown, label: string, below: readonly Pick<Layer, "spec">[]): CheckFinding[] {
  return workloadsOf(config).flatMap(([{ unsetArgs }, at]) =>
    textsOf(unsetArgs)
      .filter((flag) => !isFlag(flagName(flag.replace(/^--/, ""))))
      .filter((flag) => !below.some(({ spec }) => hasFlag(spec as Json, at, flag)))
      .map((flag): CheckFinding => {
        const message = `${flag} is not a flag of any vLLM release, and no lower layer sets it, so nothing is removed`;
        const near = nearest(flagName(flag), allFlags());
        const fix = near === undefined ? "remove it, or correct the flag" : `did you mean --${near}?`;
        return { code: "UnusedField", path: ["spec", ...at, "unsetArgs"].join("."), layer: label, message, fix };
      }),
  );
}

/** The workloads of a document, as they are written, with their paths. */
function workloadsOf(document: unknown): [JsonObject, readonly string[]][] {
  const spec = isObject(document) && isObject(document["spec"]) ? document["spec"] : {};
  const { prefill } = spec;
  return [[spec, []], ...(isObject(prefill) ? [[prefill, ["prefill"]] as [JsonObject, readonly string[]]] : [])];
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
        message: `no layer below the service sets ${path}, so nothing is removed`,
        fix: "remove it, or correct the path; `kserve-llm explain` shows what each layer sets",
        fixes: [{ path: `${place}.unset[${textsOf(unset).indexOf(path)}]` }],
      }),
    ),
    ...flags.map(
      (flag): CheckFinding => ({
        code: "UnusedField",
        path: `${place}.unsetArgs`,
        layer,
        message: `no layer below the service sets ${flag}, so nothing is removed`,
        fix: "remove it, or correct the flag; change the fields that flags follow from (parallelism, TLS) instead",
        fixes: [{ path: `${place}.unsetArgs[${textsOf(unsetArgs).indexOf(flag)}]` }],
      }),
    ),
  ];
}

function steps(path: string): string[] {
  return writtenSteps(path.replace(/^spec\./, "")) ?? [];
}

/** Whether a document has a value at a path; items of lists are found by any of the keys by which Kubernetes merges. */
function has(value: Json | undefined, [step, ...rest]: readonly string[]): boolean {
  if (value === undefined || value === null) return false;
  if (step === undefined) return true;
  if (Array.isArray(value)) return value.some((item) => isObject(item) && isNamed(item, step) && has(item, rest));
  return isObject(value) && has(entryOf(value, step), rest);
}

/** `[main]`, `[name=main]`, `[containerPort=8000]`. */
function isNamed(item: JsonObject, step: string): boolean {
  const [key, text] = step.includes("=") ? [step.split("=")[0], step.slice(step.indexOf("=") + 1)] : [undefined, step];
  return Object.entries(item).some(([name, value]) => (key ?? name) === name && asText(value) === text);
}

import { HIDING, type Hiding, SAME_DEVICES } from "../../../knowledge/accelerators/visibility.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";
import { devicesOf } from "./devices.ts";
import { ranksOf } from "./sharedmemory.ts";

export const VISIBLE_CHECK: Check = {
  name: "no variable hides accelerators that the engine needs",
  source:
    "core/knowledge/accelerators/visibility.ts; ParallelConfig, vllm/config/parallel.py: more ranks than visible GPUs are refused",
  codes: ["GpuShape"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeVisible(engine, subject)),
};

/** A variable of the container as its programs see it. */
interface Variable {
  name: string;
  value: string;
  index: number;
}

/** The accelerators of the container, and how many of them the engine needs. */
interface Needed {
  resource: string;
  count: number;
  needed: number;
  ranks: number;
}

function judgeVisible(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { isVllm, isSglang } = engine;
  const { resource, count = 0, accelerator } = devicesOf(engine, subject) ?? {};
  if (resource === undefined || !(isVllm || isSglang)) return [];
  const { ranks } = ranksOf(engine, subject.groupSizes);
  const needed = Math.min(Math.ceil(ranks / (accelerator?.coresPerDevice ?? 1)), count);
  const variables = variablesOf(engine);
  const found = variables.flatMap((one) => {
    const hiding = HIDING.find(({ name, of }) => name === one.name && of.test(resource));
    return hiding === undefined ? [] : judgeVariable(engine, hiding, one, { resource, count, needed, ranks });
  });
  return found.length > 0 ? found : judgeSame(engine, resource, variables);
}

/** The variables that this check reads. */
const READ: ReadonlySet<string> = new Set([...HIDING.map(({ name }) => name), ...SAME_DEVICES.names]);

/**
 * Values that are written as text, each name once: of two values of one name the last counts, and a script may set
 * another.
 */
function variablesOf({ container: { env = [], command = [], args = [] } }: Engine): Variable[] {
  const isChanged = (name: string): boolean => [...command, ...args].some((word) => String(word).includes(name));
  return env.flatMap(({ name, value }, index) => {
    if (!READ.has(name)) return [];
    const isLast = env.findLastIndex((one) => one.name === name) === index;
    return value === undefined || !isLast || isChanged(name) || value.includes("$(") ? [] : [{ name, value, index }];
  });
}

function judgeVariable(engine: Engine, hiding: Hiding, variable: Variable, needed: Needed): CheckFinding[] {
  const { name, value } = variable;
  const seen = seenBy(value, hiding, needed.count);
  const isUnsure = hiding.certain !== true || (value.trim() === "" && hiding.empty === "unknown");
  if (seen === undefined || seen >= needed.needed) return [];
  const all = `${needed.count} accelerators`;
  const but = needed.ranks === 1 ? "needs one" : `has ${needed.ranks} ranks`;
  const shown = JSON.stringify(value);
  const message =
    hiding.reader === "library"
      ? `${name} is ${shown}, so the engine sees ${seen} of the pod's ${all}, but ${but}`
      : `${name} is ${shown}, which replaces the value of the device plugin: if the container runtime reads it, the container has ${seen} of the pod's ${all}, but the engine ${but}`;
  return [finding(engine, variable, { message, ...(isUnsure && { severity: "warning" as const }) })];
}

function finding(
  { path, traced }: Engine,
  { name, index }: Variable,
  texts: Pick<CheckFinding, "message" | "severity">,
): CheckFinding {
  return {
    code: "GpuShape",
    path: `${path}.env[${index}]`,
    layer: "merged",
    ...texts,
    fix: `remove ${name}: a container sees exactly the accelerators that it requests`,
    fixes: [{ path: `spec.${traced}.env[name=${name}]` }],
  };
}

/**
 * The number of accelerators that a value makes visible: numbers up to the first that does not exist. Names of
 * accelerators cannot be counted.
 */
function seenBy(value: string, { empty, reader, ownNumbers }: Hiding, count: number): number | undefined {
  const text = value.trim();
  if (text === "") return empty === "unset" ? undefined : 0;
  if (reader === "runtime" && ["none", "void"].includes(text)) return 0;
  const ids = text.split(",").map((id) => id.trim());
  if (!ids.every((id) => /^-?\d+$/.test(id))) return undefined;
  if (reader === "runtime" || ownNumbers === true) return new Set(ids).size;
  const wrong = ids.findIndex((id) => Number(id) < 0 || Number(id) >= count);
  return new Set(wrong < 0 ? ids : ids.slice(0, wrong)).size;
}

/** vLLM on ROCm exits if two variables of one meaning have different values; an empty one counts as unset. */
function judgeSame(engine: Engine, resource: string, variables: readonly Variable[]): CheckFinding[] {
  const { of, names } = SAME_DEVICES;
  const [first, second] = names.map((name) => variables.find((one) => one.name === name && one.value !== ""));
  if (!engine.isVllm || !of.test(resource) || first === undefined || second === undefined) return [];
  if (first.value === second.value) return [];
  const message = `${first.name} is ${JSON.stringify(first.value)}, but ${second.name} is ${JSON.stringify(second.value)}: vLLM on ROCm requires the same value in both and exits`;
  return [finding(engine, second, { message })];
}

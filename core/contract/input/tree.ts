import { formatPath, type PathStep } from "../../kubernetes/json.ts";
import { eachEntry } from "../../kubernetes/table.ts";
import type { Issue } from "../issues/issue.ts";
import type { PlanInput } from "../plan.ts";
import { layerOf } from "./document.ts";

/** Levels of nesting that a document may have. Kubernetes' own objects have fewer than 20. */
const DEEPEST = 100;
/**
 * Number of values that a document may have; a shared value counts at each of its places. etcd stores at most 1.5 MB
 * per object.
 */
const MOST_VALUES = 500_000;
/** Steps of a path that a message shows. */
const SHOWN_STEPS = 12;

type Finding = Pick<Issue, "path" | "message" | "fix">;

/**
 * What keeps a value from being a document as JSON and YAML have them: a reference back to itself, too many levels or
 * values, a number that is not finite, and JavaScript's other types. Only the first problem of a document is reported,
 * because the walk must end. Later stages walk their input without a limit.
 */
export function treeProblem(value: unknown): Finding | undefined {
  const walk: Walk = { values: 0, path: [], holders: new Set() };
  const problem = problemAt(value, walk);
  if (problem === undefined) return undefined;
  const steps = walk.path.slice(0, SHOWN_STEPS);
  return { path: formatPath(steps), ...problem };
}

/** The problems of several documents, each with the layer that it is reported under. */
export function judgeTrees(documents: readonly { value: unknown; layer: string; prefix?: string }[]): Issue[] {
  return documents.flatMap(({ value, layer, prefix = "" }): Issue[] => {
    const found = treeProblem(value);
    if (found === undefined) return [];
    const path = [prefix, found.path].filter((part) => part !== "").join(".");
    return [{ ...found, path, code: "UnreadableInput", severity: "error", layer }];
  });
}

/**
 * The problems of everything that a plan walks: the service, the object that it updates, and the configs. A config that
 * was walked before is skipped, because presets come with every plan.
 */
export function judgeDocuments({ service, old, configs }: Pick<PlanInput, "service" | "old" | "configs">): Issue[] {
  const fresh = configs.filter((config) => typeof config !== "object" || config === null || !walked.has(config));
  const ofConfigs = fresh.map((value) => ({ value, layer: layerOf(value, "LLMInferenceServiceConfig") }));
  const issues = judgeTrees([{ value: service, layer: "service" }, { value: old, layer: "service" }, ...ofConfigs]);
  if (issues.length === 0)
    for (const config of fresh) if (typeof config === "object" && config !== null) walked.add(config);
  return issues;
}
const walked = new WeakSet<object>();

interface Walk {
  values: number;
  /** The current path of the walk; after a problem, the path of the problem. */
  path: PathStep[];
  holders: Set<object>;
}

function problemAt(value: unknown, walk: Walk): Omit<Finding, "path"> | undefined {
  walk.values += 1;
  if (walk.values > MOST_VALUES) return TOO_LARGE;
  if (typeof value !== "object" || value === null) return scalarProblem(value);
  if (walk.holders.has(value)) return CIRCULAR;
  if (walk.path.length >= DEEPEST) return TOO_DEEP;
  if (!isPlain(value)) return notJson(`an object of the class ${className(value)}`);
  walk.holders.add(value);
  const problem = Array.isArray(value) ? problemInList(value, walk) : problemInMap(value as Entries, walk);
  walk.holders.delete(value);
  return problem;
}

type Entries = Readonly<Record<string, unknown>>;

function problemInMap(value: Entries, walk: Walk): Omit<Finding, "path"> | undefined {
  let problem: Omit<Finding, "path"> | undefined;
  eachEntry(value, (step, item) => {
    problem ??= problemIn(step, item, walk);
  });
  return problem;
}

function problemInList(value: readonly unknown[], walk: Walk): Omit<Finding, "path"> | undefined {
  let problem: Omit<Finding, "path"> | undefined;
  for (let index = 0; index < value.length && problem === undefined; index++)
    problem = problemIn(index, value[index], walk);
  return problem;
}

/** The problem of an item; the path of the walk then leads to it. */
function problemIn(step: PathStep, item: unknown, walk: Walk): Omit<Finding, "path"> | undefined {
  walk.path.push(step);
  const problem = problemAt(item, walk);
  if (problem === undefined) walk.path.pop();
  return problem;
}

const CIRCULAR = {
  message: "this value contains itself, so the document would be infinite",
  fix: "remove the reference (in YAML, the alias) to a value that contains it",
};
const TOO_DEEP = {
  message: `the document has more than ${DEEPEST} levels of nesting`,
  fix: "reduce the nesting",
};
const TOO_LARGE = {
  message: `the document has more than ${MOST_VALUES} values; a shared value counts once for each reference to it`,
  fix: "shorten the document, or remove references to shared values",
};

const BROKEN_TEXT = {
  message: "the text contains half of a UTF-16 surrogate pair, which UTF-8 cannot represent",
  fix: "write the whole character, or remove it",
};

function scalarProblem(value: unknown): Omit<Finding, "path"> | undefined {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? undefined : BROKEN_TEXT;
    case "number":
      if (Number.isFinite(value)) return undefined;
      return { message: `a finite number was expected, not ${value}`, fix: "write a finite number" };
    case "bigint":
    case "function":
    case "symbol":
      return notJson(`a ${typeof value}`);
    default:
      return undefined;
  }
}

function notJson(found: string): Omit<Finding, "path"> {
  return {
    message: `a text, number, boolean, list or mapping was expected, not ${found}`,
    fix: "write a JSON value",
  };
}

/** Objects of other realms, such as those of a worker or of `node:vm`, have a different Object.prototype. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function className(value: object): string {
  const { name } = value.constructor ?? {};
  return typeof name === "string" && /^\w{1,40}$/.test(name) ? name : "its own";
}

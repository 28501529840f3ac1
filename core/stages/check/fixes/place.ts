import { asText, isObject, type Json, type JsonObject, type PathStep } from "../../../kubernetes/json.ts";
import { bareStep } from "../../../kubernetes/path.ts";
import { entryOf } from "../../../kubernetes/table.ts";

/** One change at a place of a document that is there, or is the next of its list; without a value what is there goes. */
export interface Edit {
  at: readonly PathStep[];
  value?: Json;
}

/** Where a path leads to in a document. */
export interface Place {
  /** To what is there, or to the first step that is missing. */
  at: PathStep[];
  isThere: boolean;
  /** The steps behind `at` that are missing too. */
  rest: string[];
  /** Where `at` is a new item of a list: the field that tells it, and its value. */
  item?: JsonObject;
}

/** The workload of a service that a path leads into: the service's own, prefill, or a replica group. */
export function workloadAt([spec, first, second]: readonly PathStep[]): string[] {
  if (spec !== "spec") return ["spec"];
  if (first === "prefill") return ["spec", first];
  return first === "groups" && second !== undefined ? ["spec", first, String(second)] : ["spec"];
}

export function locate(document: Json, steps: readonly string[]): Place {
  const at: PathStep[] = [];
  let node: Json | undefined = document;
  for (const [i, step] of steps.entries()) {
    const [list, item] = [Array.isArray(node), itemOf(step)];
    const key = keyIn(node, step);
    at.push(key);
    node = Array.isArray(node) ? node[Number(key)] : isObject(node) ? entryOf(node, String(key)) : undefined;
    if (node === undefined || node === null)
      return { at, isThere: false, rest: steps.slice(i + 1), ...(list && item && { item }) };
  }
  return { at, isThere: true, rest: [] };
}

/** The key or index of a step in a node: `[name=main]` is found by the field, and is the next of the list where no item has it. */
function keyIn(node: Json | undefined, step: string): PathStep {
  const key = bareStep(step);
  if (!Array.isArray(node)) return key;
  const item = itemOf(step);
  if (item === undefined) return Number(key);
  const [[field, value] = ["", ""]] = Object.entries(item);
  const found = node.findIndex((one) => isObject(one) && asText(entryOf(one, field)) === value);
  return found < 0 ? node.length : found;
}

/** `[name=main]` as the field that tells the item of a list; undefined for other steps. */
export function itemOf(step: string): JsonObject | undefined {
  const equals = step.indexOf("=");
  if (!step.startsWith("[") || equals < 0) return undefined;
  return { [step.slice(1, equals)]: step.slice(equals + 1, -1) };
}

/** What stands at a place that is missing, once a value stands where the path leads to. */
export function made({ rest, item }: Place, value: Json): Json {
  const inner = around(rest, value);
  return item === undefined ? inner : { ...item, ...(isObject(inner) ? inner : {}) };
}

function around([step, ...rest]: readonly string[], value: Json): Json {
  if (step === undefined) return value;
  const [item, inner] = [itemOf(step), around(rest, value)];
  return item === undefined ? { [bareStep(step)]: inner } : [{ ...item, ...(isObject(inner) ? inner : {}) }];
}

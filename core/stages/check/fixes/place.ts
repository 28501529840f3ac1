import { asText, isObject, type Json, type JsonObject, type PathStep } from "../../../kubernetes/json.ts";
import { bareStep } from "../../../kubernetes/path.ts";
import { entryOf } from "../../../kubernetes/table.ts";

/**
 * One change at a place of a document that exists, or is the next item of its list; without a value the existing one is
 * removed.
 */
export interface Edit {
  at: readonly PathStep[];
  value?: Json;
}

/** Where a path leads to in a document. */
export interface Place {
  /** To an existing value, or to the first step that is missing. */
  at: PathStep[];
  isThere: boolean;
  /** The steps after `at` that are missing too. */
  rest: string[];
  /** If `at` is a new item of a list: its key field, and the value of that. */
  item?: JsonObject;
}

/** The workload of a service that a path leads into: the service itself, prefill, or a replica group. */
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

/**
 * The key or index of a step in a node: `[name=main]` is found by the field, and is the next index of the list if no
 * item has it.
 */
function keyIn(node: Json | undefined, step: string): PathStep {
  const key = bareStep(step);
  if (!Array.isArray(node)) return key;
  const item = itemOf(step);
  if (item === undefined) return Number(key);
  const [[field, value] = ["", ""]] = Object.entries(item);
  const found = node.findIndex((one) => isObject(one) && asText(entryOf(one, field)) === value);
  return found < 0 ? node.length : found;
}

/** `[name=main]` as the field that identifies the item of a list; undefined for other steps. */
export function itemOf(step: string): JsonObject | undefined {
  const equals = step.indexOf("=");
  if (!step.startsWith("[") || equals < 0) return undefined;
  return { [step.slice(1, equals)]: step.slice(equals + 1, -1) };
}

/** The value to write at a missing place, so that the path leads to the wanted value. */
export function made({ rest, item }: Place, value: Json): Json {
  const inner = around(rest, value);
  return item === undefined ? inner : { ...item, ...(isObject(inner) ? inner : {}) };
}

function around([step, ...rest]: readonly string[], value: Json): Json {
  if (step === undefined) return value;
  const [item, inner] = [itemOf(step), around(rest, value)];
  return item === undefined ? { [bareStep(step)]: inner } : [{ ...item, ...(isObject(inner) ? inner : {}) }];
}

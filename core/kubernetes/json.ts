import { entryOf, mapEntries, withEntries, withItems } from "./table.ts";
import { rememberingUnchanging } from "./unchanging.ts";

/** JSON as the plan carries it: the common subset of YAML, the API server and Pulumi. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for a plain map; false for null, arrays and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of a value of any type; undefined if the value is not a map, or the field is not set or null. */
export function field(value: unknown, name: string): Json | undefined {
  return isObject(value) ? (entryOf(value, name) ?? undefined) : undefined;
}

/** The value at a path of field names in a value of any type. */
export function valueAt(value: unknown, path: readonly string[]): Json | undefined {
  return path.reduce<unknown>(field, value) as Json | undefined;
}

/** The value as a map; an empty one in place of anything else. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as a list; an empty one in place of anything else. */
export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The maps in a value that should be a list of maps. */
export function objectsOf(value: unknown): JsonObject[] {
  return listOf(value).filter(isObject);
}

/** The texts in a value that should be a list of texts. */
export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === "string");
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** The type of a value as messages name it. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** The JSON of a text; undefined if the text is not JSON, or if there is no text. */
export function readJson(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The JSON of a text; the text itself if it is not JSON. */
export function jsonOrText(text: string): Json {
  const read = readJson(text);
  return read === undefined ? text : read;
}

/** The map in a text of JSON; undefined if it is something else, or if there is no text. */
export function jsonOf(text: string | undefined): JsonObject | undefined {
  const read = readJson(text);
  return isObject(read) ? read : undefined;
}

/**
 * A value of a document as text, for look-ups and messages; maps and lists as JSON. `String` would call a field
 * `toString`, which a document may have.
 */
export function asText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/**
 * The value without fields that are null or not set, at any depth; null items of lists stay. A value without any is not
 * copied.
 */
export function withoutNulls<T>(value: T): T {
  return typeof value === "object" && value !== null && holdsUnset(value) ? (innerWithoutNulls(value) as T) : value;
}

const innerWithoutNulls = rememberingUnchanging((value: object): object => {
  const inner = (item: unknown): unknown =>
    typeof item === "object" && item !== null ? innerWithoutNulls(item) : item;
  if (Array.isArray(value)) return withItems<unknown>(value, inner);
  return withEntries(value as JsonObject, (item) => (item === null ? undefined : (inner(item) as Json)));
});

/** Whether a map or list has a field that is null or not set, at any depth. */
const holdsUnset = rememberingUnchanging((value: object): boolean => {
  const isList = Array.isArray(value);
  const values: unknown[] = isList ? value : Object.values(value);
  for (const item of values) {
    if (item === null || item === undefined) {
      if (!isList) return true;
    } else if (typeof item === "object" && holdsUnset(item)) return true;
  }
  return false;
});

/** Whether two values are the same JSON, with fields in any order. A value that is not plain JSON is never the same. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null) return one === other && typeof one !== "function";
  if (typeof other !== "object" || other === null || !isPlain(one) || !isPlain(other)) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(other, key)) return false;
    if (!isSameJson(entryOf(one as JsonObject, key), entryOf(other as JsonObject, key))) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}

/** A copy that shares no map or list with the value. */
export function copied<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  return (Array.isArray(value) ? value.map(copied) : mapEntries(value as JsonObject, copied)) as T;
}

/** A step of a path into a document: a field name, or an index into a list. */
export type PathStep = string | number;

/** Writes a path as Kubernetes' field errors do: `spec.template.containers[0].image`; odd keys as `labels[a.b/c]`. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps.reduce<string>((out, step) => {
    if (typeof step === "number") return `${out}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${out}[${step}]`;
    return out === "" ? step : `${out}.${step}`;
  }, "");
}

/** A value of a JSON type as plain JSON: interfaces have no index signature, so the compiler needs a cast. */
export function asJson(value: object): JsonObject {
  return value as JsonObject;
}

/** The value at a place, by fields and indices. */
export function itemAt(value: Json | undefined, steps: readonly PathStep[]): Json | undefined {
  return steps.reduce<Json | undefined>(
    (node, step) => (typeof step === "number" ? listOf(node)[step] : entryOf(objectOf(node), step)),
    value,
  );
}

/** Why a text is not JSON, without the piece of the text that the engine quotes: it may hold a secret. */
export function jsonProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const [reason = ""] = message.split(/, (?:\.\.\.)?"/, 1);
  return reason;
}

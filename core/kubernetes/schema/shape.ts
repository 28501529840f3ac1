import { isObject, type Json, type JsonObject, type PathStep } from "../json.ts";
import { isDirective } from "../patch/directives.ts";
import { entryOf, setEntry } from "../table.ts";
import type { StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";

/** A field that the schema does not have. */
export interface UnknownField {
  path: PathStep[];
  /** The names that stand beside it in the schema. */
  known: string[];
}

/** The value without fields that the schema does not have, as the API server stores it, and which those are. */
export function pruned(value: Json, schema: StructuralSchema): { value: Json; unknown: UnknownField[] } {
  const unknown: UnknownField[] = [];
  return { value: prune(value, schema, [], unknown), unknown };
}

function prune(value: Json, schema: StructuralSchema, path: PathStep[], unknown: UnknownField[]): Json {
  const node = resolved(schema);
  if (Array.isArray(value)) {
    const { items } = node;
    return items === undefined ? value : value.map((item, i) => prune(item, items, [...path, i], unknown));
  }
  if (!isObject(value) || node["x-kubernetes-preserve-unknown-fields"] === true) return value;
  const { properties, additionalProperties } = node;
  if (properties === undefined && additionalProperties === undefined) return value;
  const out: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const field = fieldOf(node, name);
    if (field !== undefined) setEntry(out, name, prune(item, field, [...path, name], unknown));
    else if (isDirective(name)) setEntry(out, name, item);
    else unknown.push({ path: [...path, name], known: Object.keys(properties ?? {}) });
  }
  return out;
}

/** The schema of a field of an object or map; undefined where there is none of that name. */
export function fieldOf(
  { properties, additionalProperties }: StructuralSchema,
  name: string,
): StructuralSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? entryOf(properties, name) : additionalProperties;
}

/** The value with the schema's defaults where nothing is set, as the API server fills them in. */
export function withDefaults(value: Json, schema: StructuralSchema): Json {
  const node = resolved(schema);
  const { items, properties, additionalProperties } = node;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => withDefaults(item, items));
  if (!isObject(value) || node["x-kubernetes-preserve-unknown-fields"] === true) return value;
  const out: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const field = fieldOf({ properties, additionalProperties }, name);
    setEntry(out, name, field === undefined || item === null ? item : withDefaults(item, field));
  }
  for (const [name, field] of Object.entries(properties ?? {})) {
    const initial = field.default;
    if (initial !== undefined && (entryOf(out, name) ?? null) === null)
      setEntry(out, name, withDefaults(initial, field));
  }
  return out;
}

/** The value with null items of lists as Go decodes them: the zero of the items' type. */
export function withZeroItems(value: Json, schema: StructuralSchema): Json {
  const node = resolved(schema);
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return value;
    const zero = ZEROS[resolved(items).type ?? ""];
    return value.map((item) => (item === null && zero !== undefined ? zero : withZeroItems(item, items)));
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, Json | undefined] => {
    const field = fieldOf(node, name);
    return [name, field === undefined || item === undefined ? item : withZeroItems(item, field)];
  });
  return Object.fromEntries(entries);
}

const ZEROS: Readonly<Record<string, Json>> = { object: {}, string: "", integer: 0, number: 0, boolean: false };

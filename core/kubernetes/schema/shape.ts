import { copied, isObject, type Json, type JsonObject, type PathStep } from "../json.ts";
import { isDirective } from "../patch/directives.ts";
import { rememberingOfBoth } from "../remember.ts";
import { eachEntry, entryOf, setEntry, withEntries, withItems } from "../table.ts";
import { declareUnchanging, isUnchanging } from "../unchanging.ts";
import { fieldNode, nodeOf, type SchemaNode } from "./node.ts";
import type { StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";

/** A field that the schema does not have. */
export interface UnknownField {
  path: PathStep[];
  /** The names of the fields in the schema. */
  known: string[];
}

/** The value without fields that the schema does not have, as the API server stores it, and a list of those fields. */
export function pruned(value: Json, schema: StructuralSchema): { value: Json; unknown: UnknownField[] } {
  const unknown: UnknownField[] = [];
  return { value: prune(value, schema, [], unknown), unknown };
}

/**
 * Copies everything that it walks, so that the plan is independent of later changes to the caller's document. `path` is
 * the place of the value.
 */
function prune(value: Json, schema: StructuralSchema, path: PathStep[], unknown: UnknownField[]): Json {
  const node = resolved(schema);
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return value;
    return value.map((item, i) => {
      path.push(i);
      const kept = prune(item, items, path, unknown);
      path.pop();
      return kept;
    });
  }
  if (!isObject(value) || node["x-kubernetes-preserve-unknown-fields"] === true) return value;
  const { properties, additionalProperties } = node;
  if (properties === undefined && additionalProperties === undefined) return value;
  const out: JsonObject = {};
  eachEntry(value, (name, item) => {
    if (item === undefined) return;
    const field = fieldOf(node, name);
    if (field === undefined && isDirective(name)) setEntry(out, name, item);
    else if (field === undefined) unknown.push({ path: [...path, name], known: Object.keys(properties ?? {}) });
    else {
      path.push(name);
      setEntry(out, name, prune(item, field, path, unknown));
      path.pop();
    }
  });
  return out;
}

/** The schema of a field of an object or map; undefined without a field of that name. */
function fieldOf({ properties, additionalProperties }: StructuralSchema, name: string): StructuralSchema | undefined {
  return entryOf(properties, name) ?? additionalProperties;
}

/**
 * The value with the schema's defaults for fields that are not set, as the API server fills them in. Parts without
 * defaults are not walked, and unchanged parts are not copied.
 */
export function withDefaults(value: Json, schema: StructuralSchema): Json {
  return filled(value, nodeOf(schema));
}

function filled(value: Json, node: SchemaNode): Json {
  if (typeof value !== "object" || value === null || !node.mayDefault) return value;
  return isUnchanging(value) ? filledOnce(value, node) : filledIn(value, node);
}

/** An unchanging value gets the same defaults in every plan. */
const filledOnce = rememberingOfBoth((value: Json[] | JsonObject, node: SchemaNode): Json => {
  const whole = filledIn(value, node);
  declareUnchanging(whole);
  return whole;
});

function filledIn(value: Json[] | JsonObject, node: SchemaNode): Json {
  if (Array.isArray(value)) {
    const items = node.items && nodeOf(node.items);
    return items === undefined ? value : withItems(value, (item) => filled(item, items));
  }
  if (node["x-kubernetes-preserve-unknown-fields"] === true) return value;
  const kept = withEntries(value, (item, name) => {
    if (typeof item !== "object" || item === null) return item;
    const field = fieldNode(node, name);
    return field === undefined ? item : filled(item, field);
  });
  const missing = node.defaults.filter(({ name }) => (entryOf(kept, name) ?? null) === null);
  if (missing.length === 0) return kept;
  const out: JsonObject = { ...kept };
  for (const { name, field, initial } of missing) setEntry(out, name, withDefaults(copied(initial), field));
  return out;
}

/** The value with null items of lists as Go decodes them: the zero value of the items' type. */
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

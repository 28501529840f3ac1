import { asText, isObject, type Json } from "../json.ts";
import { entryOf } from "../table.ts";
import type { StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";

/** The fields of an object that a message lists at most. */
const MOST_NAMED = 12;

/** How to write the form of a field whose value cannot be converted; undefined for scalars and maps. */
export function formFix(schema: StructuralSchema, value: Json): string | undefined {
  const { type, items } = schema;
  if (type === "object") return nameInList(value, schema) ?? mappingForm(schema);
  const item = type === "array" && items !== undefined ? resolved(items) : undefined;
  if (item?.type !== "object") return undefined;
  const key = schema["x-kubernetes-patch-merge-key"] ?? schema["x-kubernetes-list-map-keys"]?.[0];
  const form = formOf(item.required ?? (key === undefined ? [] : [key]));
  return form === undefined ? undefined : `write a list: [${form}]`;
}

/** A name that was written in the place of an object whose only field is a list of references: `refs` of a gateway. */
function nameInList(value: Json, { properties = {} }: StructuralSchema): string | undefined {
  const [list, ...others] = Object.keys(properties);
  if (list === undefined || others.length > 0 || typeof value !== "string" || !OBJECT_NAME.test(value))
    return undefined;
  const items = resolved(entryOf(properties, list) ?? {}).items;
  const isOfNames = items !== undefined && entryOf(resolved(items).properties ?? {}, "name") !== undefined;
  return isOfNames ? `write a mapping: {${list}: [{name: ${value}}]}` : undefined;
}

/** The name of an object of Kubernetes. */
export const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

function mappingForm({ properties = {}, required = [] }: StructuralSchema): string | undefined {
  const form = formOf(required);
  if (form !== undefined) return `write a mapping: ${form}`;
  return fieldsFix(Object.keys(properties));
}

/** A mapping with some of these fields; undefined if there are none, or too many for a message. */
export function fieldsFix(names: readonly string[]): string | undefined {
  const isShown = names.length > 0 && names.length <= MOST_NAMED;
  if (!isShown) return undefined;
  return `write a mapping with ${names.length === 1 ? "" : "one or more of: "}${names.join(", ")}`;
}

function formOf(required: readonly string[]): string | undefined {
  const isShown = required.length > 0 && required.length <= MOST_NAMED;
  return isShown ? `{${required.map((name) => `${name}: …`).join(", ")}}` : undefined;
}

type Properties = NonNullable<StructuralSchema["properties"]>;

/** The only required field of an object. */
function onlyRequired(
  { properties = {}, required = [] }: StructuralSchema,
  type: StructuralSchema["type"],
): string | undefined {
  const [name, ...others] = required;
  if (name === undefined || others.length > 0) return undefined;
  return resolved(entryOf(properties, name) ?? {}).type === type ? name : undefined;
}

/**
 * The object for a text or number that was written alone: a name in its only required field (`claimName`), or a number in it
 * (`containerPort`).
 */
export function inOnlyRequired(value: Json, schema: StructuralSchema): Json | undefined {
  if (typeof value === "number") {
    const name = onlyRequired(schema, "integer");
    return name === undefined ? undefined : { [name]: value };
  }
  if (typeof value === "string" && /^\/[^\s:]+$/.test(value) && onlyRequired(schema, "string") === "path")
    return { path: value };
  const name = typeof value === "string" && !/[\s/:]/.test(value) ? onlyRequired(schema, "string") : undefined;
  return name?.endsWith("Name") === true ? { [name]: value } : undefined;
}

/** The items of a list of names and values, which were written as a mapping: `env: {A: b}`. */
export function pairsOf(value: Json, schema: StructuralSchema): Json | undefined {
  const fields: Properties = resolved(schema.items ?? {}).properties ?? {};
  const isOfPairs = schema["x-kubernetes-patch-merge-key"] === "name" && fields["value"]?.type === "string";
  if (!isOfPairs || !isObject(value) || Object.keys(value).some((name) => entryOf(fields, name) !== undefined))
    return undefined;
  const entries = Object.entries(value);
  const isPlain = entries.every(([, one]) => ["string", "number", "boolean"].includes(typeof one));
  return isPlain && entries.length > 0 ? entries.map(([name, one]) => ({ name, value: asText(one) })) : undefined;
}

import type { Json } from "../../kubernetes/json.ts";
import { type Field, ROOT_TYPE, typeNamed } from "../../kubernetes/patch/schema.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { resolved } from "../../kubernetes/schema/structural.ts";
import { judgeStructure } from "../../kubernetes/schema/structure.ts";
import { entryOf } from "../../kubernetes/table.ts";

/**
 * The schema of a spec for an API server without KServe's mutating webhook. That webhook reads a service into Go
 * types and writes it back before the CRD judges it: a missing required field is then present with its zero value, and
 * a written zero is gone if Go omits it. So both are accepted here too. Types of `open` stay as they are.
 */
export function decoded(schema: StructuralSchema, open: ReadonlySet<string>): StructuralSchema {
  return decodedAs(schema, ROOT_TYPE, open);
}

function decodedAs(schema: StructuralSchema, type: string | undefined, open: ReadonlySet<string>): StructuralSchema {
  const fields = typeNamed(type);
  if (fields === undefined || (schema.$ref !== undefined && open.has(schema.$ref))) return schema;
  const node = resolved(schema);
  const properties = Object.entries(node.properties ?? {}).map(([name, property]) => {
    const field = fields.get(name);
    return [name, field === undefined ? property : decodedField(property, field, open)] as const;
  });
  const required = node.required?.filter((name) => !isWritten(entryOf(node.properties, name), fields.get(name)));
  return {
    ...node,
    ...(node.properties && { properties: Object.fromEntries(properties) }),
    ...(required && { required }),
  };
}

function decodedField(schema: StructuralSchema, field: Field, open: ReadonlySet<string>): StructuralSchema {
  if (field.shape === "scalar") return field.pointer || field.zero !== undefined ? schema : orZero(schema);
  if (field.shape === "struct") return decodedAs(schema, field.type, open);
  const list = resolved(schema);
  if (list.items === undefined) return schema;
  const keys = list["x-kubernetes-list-map-keys"] ?? [];
  return { ...list, items: withRequired(decodedAs(list.items, field.type, open), keys) };
}

/** The keys of list items must stay required: the API server accepts no other schema. */
function withRequired(items: StructuralSchema, keys: readonly string[]): StructuralSchema {
  const { required = [] } = items;
  const needed = keys.filter((key) => entryOf(resolved(items).properties, key)?.default === undefined);
  return needed.length === 0 ? items : { ...items, required: [...new Set([...required, ...needed])] };
}

/** Whether Go writes a missing field with a zero value that its schema accepts. */
function isWritten(schema: StructuralSchema | undefined, field: Field | undefined): boolean {
  const zero = field?.zero ?? null;
  return schema !== undefined && zero !== null && takes(schema, zero);
}

function takes(schema: StructuralSchema, value: Json): boolean {
  const options = { lenient: false, templates: false, partialPods: false, wholeItems: true, skipCovered: false };
  return judgeStructure(value, schema, [], options).length === 0;
}

const EMPTY = "";

/** The schema that also accepts the zero value of its type: an empty text, for schemas that restrict texts. */
function orZero(schema: StructuralSchema): StructuralSchema {
  const { type, pattern, minLength, enum: values } = schema;
  if (type !== "string" || takes(schema, EMPTY)) return schema;
  const { minLength: _length, ...rest } = schema;
  return {
    ...rest,
    ...(values && { enum: [...values, EMPTY] }),
    ...(pattern !== undefined && { pattern: `^$|${pattern}` }),
    ...(minLength !== undefined && pattern === undefined && { pattern: `^$|.{${minLength},}` }),
  };
}

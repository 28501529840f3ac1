import type { Json } from "../json.ts";
import { rememberingOf } from "../remember.ts";
import type { StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";

/** The defaults of a schema, read once per schema, because documents are filled in for every plan. */

export interface Default {
  name: string;
  field: StructuralSchema;
  initial: Json;
}

/** The fields of a schema that have a default, in its order. */
export const defaultsOf = rememberingOf(({ properties = {} }: StructuralSchema): readonly Default[] =>
  Object.entries(properties).flatMap(([name, field]) =>
    field.default === undefined ? [] : [{ name, field, initial: field.default }],
  ),
);

/** Whether a value of the schema may get a default, in itself or further down. */
export function mayDefault(schema: StructuralSchema): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  // A type that contains itself: it may have one until more is known.
  known.set(schema, true);
  const node = resolved(schema);
  const { items, additionalProperties, properties = {} } = node;
  const inner = [items, additionalProperties, ...Object.values(properties)].filter((one) => one !== undefined);
  const found = defaultsOf(node).length > 0 || inner.some(mayDefault);
  known.set(schema, found);
  return found;
}
const known = new WeakMap<StructuralSchema, boolean>();

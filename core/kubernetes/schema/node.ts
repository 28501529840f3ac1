import { rememberingOf } from "../remember.ts";
import { entryOf } from "../table.ts";
import { type Default, defaultsOf, mayDefault } from "./defaults.ts";
import type { StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";

/** Fields of a schema that a node does not have, because no walk reads them. */
type Unread = "default" | "description" | "$ref" | "x-kubernetes-map-type" | "x-kubernetes-patch-strategy";

/**
 * A schema in the form that is walked: with its `$ref` resolved, and with its defaults. Every node has the same fields,
 * whether its schema has them or not: a plan visits hundreds of nodes, and JavaScript reads fields of objects with one
 * shape several times faster.
 */
export interface SchemaNode extends Omit<StructuralSchema, Unread> {
  /** Whether it is the pod spec of a template. */
  readonly isPod: boolean;
  /** Whether a value of the schema may get a default, in itself or further down. */
  readonly mayDefault: boolean;
  readonly defaults: readonly Default[];
  /** The nodes of its fields that were requested so far. */
  readonly fields: Map<string, SchemaNode>;
}

/** The node of a schema; made once per schema. */
export const nodeOf = rememberingOf((schema: StructuralSchema): SchemaNode => {
  const whole = resolved(schema);
  const { type, format, required, properties, additionalProperties, items, pattern, minimum, maximum } = whole;
  const { minLength, maxLength, minItems, maxItems, minProperties, maxProperties } = whole;
  return {
    isPod: schema.$ref === "PodSpec",
    mayDefault: mayDefault(schema),
    defaults: defaultsOf(whole),
    fields: new Map(),
    ...{ type, format, required, properties, additionalProperties, items, pattern, minimum, maximum },
    ...{ minLength, maxLength, minItems, maxItems, minProperties, maxProperties, enum: whole.enum },
    "x-kubernetes-validations": whole["x-kubernetes-validations"],
    "x-kubernetes-list-type": whole["x-kubernetes-list-type"],
    "x-kubernetes-list-map-keys": whole["x-kubernetes-list-map-keys"],
    "x-kubernetes-int-or-string": whole["x-kubernetes-int-or-string"],
    "x-kubernetes-preserve-unknown-fields": whole["x-kubernetes-preserve-unknown-fields"],
    "x-kubernetes-patch-merge-key": whole["x-kubernetes-patch-merge-key"],
  };
});

/** The node of a field of an object or map; undefined without a field of that name. */
export function fieldNode(node: SchemaNode, name: string): SchemaNode | undefined {
  const known = node.fields.get(name);
  if (known !== undefined) return known;
  const field = entryOf(node.properties, name);
  // Only names of the schema are kept: names of a map are the user's.
  if (field === undefined) return node.additionalProperties && nodeOf(node.additionalProperties);
  const made = nodeOf(field);
  node.fields.set(name, made);
  return made;
}

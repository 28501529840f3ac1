import type { CelRule, StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { resolved } from "../../kubernetes/schema/structural.ts";
import { setEntry } from "../../kubernetes/table.ts";

const QUANTITY_PATTERN =
  "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

export interface ExpandOptions {
  /** Types that are left open (x-kubernetes-preserve-unknown-fields) in place of their fields. */
  open: ReadonlySet<string>;
  /** Keywords that only the walkers of this package read. */
  dropped: ReadonlySet<string>;
}

/** The schema as a CustomResourceDefinition takes it: no `$ref`, no formats of this package, quantities by their pattern. */
export function expand(schema: StructuralSchema, options: ExpandOptions): Record<string, unknown> {
  const { description } = schema;
  if (schema.$ref !== undefined && options.open.has(schema.$ref)) {
    return { ...(description && { description }), type: "object", "x-kubernetes-preserve-unknown-fields": true };
  }
  const whole = resolved(schema);
  if (whole.format === "quantity" || whole["x-kubernetes-int-or-string"] === true) return intOrString(whole);
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(whole)) {
    if (options.dropped.has(key) || (key === "format" && value === "go-url")) continue;
    if (key === "required" && (value as readonly string[]).length === 0) continue;
    setEntry(out, key, expandKeyword(key, value, options));
  }
  return out;
}

function intOrString({ format, description }: StructuralSchema): Record<string, unknown> {
  return {
    anyOf: [{ type: "integer" }, { type: "string" }],
    ...(description && { description }),
    ...(format === "quantity" && { pattern: QUANTITY_PATTERN }),
    "x-kubernetes-int-or-string": true,
  };
}

function expandKeyword(key: string, value: unknown, options: ExpandOptions): unknown {
  if (key === "items" || key === "additionalProperties") return expand(value as StructuralSchema, options);
  if (key === "x-kubernetes-validations") return (value as readonly CelRule[]).map(withoutOurs);
  if (key !== "properties") return value;
  const fields = Object.entries(value as Record<string, StructuralSchema>);
  return Object.fromEntries(fields.map(([name, field]) => [name, expand(field, options)]));
}

function withoutOurs({ coveredBy: _rule, added: _ours, ...rule }: CelRule): CelRule {
  return rule;
}

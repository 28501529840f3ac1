import { pathSteps } from "../path.ts";
import { entryOf } from "../table.ts";
import type { CelRule, StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";

/** A change of a schema at one place: keywords to set; undefined removes one. */
export interface Overlay {
  /** The place: field names, `[]` for the items of a list, `{}` for the values of a map; "" is the root. */
  at: string;
  set?: StructuralSchema;
  /** CEL rules to remove, by their message. */
  withoutRules?: RegExp;
  /** CEL rules to append. */
  addRules?: readonly CelRule[];
  /** Fields to remove. */
  withoutFields?: readonly string[];
  /** Keywords to remove here and everywhere below, including embedded types. */
  withoutBelow?: readonly (keyof StructuralSchema)[];
}

/** The schema with every overlay applied in order. The given schema does not change. */
export function overlaid(schema: StructuralSchema, overlays: readonly Overlay[]): StructuralSchema {
  return overlays.reduce((one, overlay) => changedAt(one, pathSteps(overlay.at), overlay), schema);
}

function changedAt(schema: StructuralSchema, steps: readonly string[], overlay: Overlay): StructuralSchema {
  const node = resolved(schema);
  const [step, ...rest] = steps;
  if (step === undefined) return changed(node, overlay);
  if (step === "[]") return { ...node, items: changedAt(node.items ?? {}, rest, overlay) };
  if (step === "{}") {
    return { ...node, additionalProperties: changedAt(node.additionalProperties ?? {}, rest, overlay) };
  }
  const field = entryOf(node.properties, step);
  if (field === undefined) throw new Error(`an overlay is for a field that is not there: ${overlay.at}`);
  return { ...node, properties: { ...node.properties, [step]: changedAt(field, rest, overlay) } };
}

function changed(node: StructuralSchema, overlay: Overlay): StructuralSchema {
  const { set = {}, withoutRules, addRules = [], withoutFields = [], withoutBelow } = overlay;
  const before = node["x-kubernetes-validations"] ?? [];
  const kept = before.filter(({ message = "" }) => withoutRules === undefined || !withoutRules.test(message));
  const rules = [...kept, ...addRules];
  const fields = Object.entries(node.properties ?? {}).filter(([name]) => !withoutFields.includes(name));
  const all = {
    ...node,
    ...(withoutFields.length > 0 && { properties: Object.fromEntries(fields) }),
    ...((rules.length > 0 || before.length > 0) && {
      "x-kubernetes-validations": rules.length > 0 ? rules : undefined,
    }),
    ...set,
  };
  const defined = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return withoutBelow === undefined ? defined : stripped(defined, new Set(withoutBelow));
}

/** A quantity is a number or a text with a pattern: without the pattern it may be either. */
function stripped(schema: StructuralSchema, keywords: ReadonlySet<string>): StructuralSchema {
  return mapNodes(resolved(schema), (node) => {
    if (node.$ref !== undefined) return stripped(node, keywords);
    if (node.format === "quantity" && keywords.has("pattern")) return { "x-kubernetes-int-or-string": true };
    return Object.fromEntries(Object.entries(node).filter(([keyword]) => !keywords.has(keyword)));
  });
}

/** The schema with a change applied to every node that is written in it; embedded types (`$ref`) stay as they are. */
export function mapNodes(
  schema: StructuralSchema,
  change: (node: StructuralSchema, inList: boolean) => StructuralSchema,
  inList = false,
): StructuralSchema {
  const { properties, items, additionalProperties } = schema;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [name, mapNodes(field, change, inList)]);
  return change(
    {
      ...schema,
      ...(properties && { properties: Object.fromEntries(fields) }),
      ...(items && { items: mapNodes(items, change, true) }),
      ...(additionalProperties && { additionalProperties: mapNodes(additionalProperties, change, inList) }),
    },
    inList,
  );
}

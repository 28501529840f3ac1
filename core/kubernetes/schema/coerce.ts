import { fromGoYaml } from "../go/readgoyaml.ts";
import { isObject, type Json } from "../json.ts";
import type { StructuralSchema } from "./schema.ts";
import { typeProblem } from "./typecheck.ts";

/** What a value of another type than its field's says in the field's own: only where every reader would read the same. */
export function coerced(value: Json, schema: StructuralSchema): Json | undefined {
  const meant = meantBy(value, schema);
  return meant === undefined || typeProblem(meant, schema, true) !== undefined ? undefined : meant;
}

const NUMBER = /^-?\d{1,15}$/;

function meantBy(value: Json, { type, items }: StructuralSchema): Json | undefined {
  switch (type) {
    case "integer":
    case "number":
      return typeof value === "string" && NUMBER.test(value) ? Number(value) : undefined;
    case "boolean":
      return value === "true" || value === "false" ? value === "true" : undefined;
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
    case "object":
      return typeof value === "string" ? fromGoYaml(value) : undefined;
    case "array": {
      // A list that holds one thing, which stands there without its dash.
      const isItem = !isObject(value) && !Array.isArray(value) && value !== null && items !== undefined;
      return isItem && typeProblem(value, items, true) === undefined ? [value] : undefined;
    }
    default:
      return undefined;
  }
}

import { fromGoYaml } from "../go/readgoyaml.ts";
import { isObject, type Json } from "../json.ts";
import type { StructuralSchema } from "./schema.ts";
import { typeProblem } from "./typecheck.ts";

/** A value of another type, converted to the field's type, only if every reader would read it in the same way. */
export function coerced(value: Json, schema: StructuralSchema): Json | undefined {
  const meant = convertedTo(value, schema);
  return meant === undefined || typeProblem(meant, schema, true) !== undefined ? undefined : meant;
}

const NUMBER = /^-?\d{1,15}$/;

function convertedTo(value: Json, { type, items }: StructuralSchema): Json | undefined {
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
      // A list with a single item that is written without its dash.
      const isItem = !isObject(value) && !Array.isArray(value) && value !== null && items !== undefined;
      return isItem && typeProblem(value, items, true) === undefined ? [value] : undefined;
    }
    default:
      return undefined;
  }
}

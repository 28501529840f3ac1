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

/** References to an object, by the fields that they have besides its name. */
const OF_REFERENCES: ReadonlySet<string> = new Set(["name", "namespace", "optional"]);
const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** A reference to an object that was written as its name alone. */
function reference(value: string, properties: StructuralSchema["properties"]): Json | undefined {
  const fields = Object.keys(properties ?? {});
  const isReference = fields.includes("name") && fields.every((field) => OF_REFERENCES.has(field));
  return isReference && OBJECT_NAME.test(value) ? { name: value } : undefined;
}

function convertedTo(value: Json, { type, items, properties }: StructuralSchema): Json | undefined {
  switch (type) {
    case "integer":
    case "number":
      return typeof value === "string" && NUMBER.test(value) ? Number(value) : undefined;
    case "boolean":
      return value === "true" || value === "false" ? value === "true" : undefined;
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
    case "object":
      return typeof value === "string" ? (reference(value, properties) ?? fromGoYaml(value)) : undefined;
    case "array": {
      // A list with a single item that is written without its dash.
      const isItem = !isObject(value) && !Array.isArray(value) && value !== null && items !== undefined;
      return isItem && typeProblem(value, items, true) === undefined ? [value] : undefined;
    }
    default:
      return undefined;
  }
}

import { z } from "zod";
import type { JsonObject } from "../json.ts";
import { rememberingOf } from "../remember.ts";
import { entryOf } from "../table.ts";
import { TYPES } from "./generated/types.ts";
import type { StructuralSchema } from "./schema.ts";

const structural = new WeakMap<z.ZodType, StructuralSchema>();

/** The structural schema of a zod schema; made once per schema. */
export function structuralOf(schema: z.ZodType): StructuralSchema {
  const known = structural.get(schema);
  if (known !== undefined) return known;
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
    unrepresentable: "any",
    io: "input",
    reused: "inline",
    override: ({ jsonSchema }) => toStructural(jsonSchema as JsonObject),
  }) as JsonObject;
  structural.set(schema, made as StructuralSchema);
  return made as StructuralSchema;
}

/**
 * JSON Schema's keywords where CRDs have others: integers are int32, closed objects are those without
 * additionalProperties.
 */
function toStructural(schema: JsonObject): void {
  delete schema["propertyNames"];
  if (schema["additionalProperties"] === false) delete schema["additionalProperties"];
  const isScalar = schema["format"] === "quantity" || schema["x-kubernetes-int-or-string"] === true;
  if (schema["$ref"] !== undefined || isScalar) delete schema["anyOf"];
  if (schema["type"] !== "integer") return;
  schema["format"] ??= "int32";
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) delete schema["minimum"];
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) delete schema["maximum"];
}

/** The schema to which a `$ref` refers, with the keywords next to it; any other schema is returned as it is. */
export function resolved(schema: StructuralSchema): StructuralSchema {
  return schema.$ref === undefined ? schema : referredTo(schema);
}

const referredTo = rememberingOf(({ $ref = "", ...beside }: StructuralSchema): StructuralSchema => {
  return { ...entryOf(TYPES, $ref), ...beside };
});

import { z } from "zod";
import type { Json, JsonObject } from "../json.ts";
import { TYPES } from "./generated/types.ts";

/**
 * A structural schema as CustomResourceDefinitions know it, with three things of our own: `$ref` names an embedded type of
 * the generated table, format `quantity` is a Kubernetes quantity, format `go-url` a URI that Go's net/url takes.
 * All that judges, defaults or publishes the input walks this one form, so KServe's types and the embedded ones are alike.
 */
export interface StructuralSchema {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  format?: string;
  description?: string;
  $ref?: string;
  properties?: Readonly<Record<string, StructuralSchema>>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  required?: readonly string[];
  enum?: readonly Json[];
  default?: Json;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  pattern?: string;
  "x-kubernetes-validations"?: readonly CelRule[];
  "x-kubernetes-list-type"?: string;
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: string;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-patch-merge-key"?: string;
  "x-kubernetes-patch-strategy"?: string;
}

/** A rule of a CRD: an expression of the Common Expression Language over `self`, and what to say when it is false. */
export interface CelRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
  /** Ours: the rule of the rule table that says the same, better; the plan asks that one instead. */
  coveredBy?: string;
  /** Ours: KServe's CRD has no such rule (its webhook may). */
  added?: boolean;
}

const structural = new WeakMap<z.ZodType, StructuralSchema>();

/** The structural schema of a zod schema; made once a schema. */
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

/** JSON Schema's words where CRDs have others: integers are int32, closed objects are those without additionalProperties. */
function toStructural(schema: JsonObject): void {
  delete schema["propertyNames"];
  if (schema["additionalProperties"] === false) delete schema["additionalProperties"];
  if (schema["$ref"] !== undefined || schema["format"] === "quantity") delete schema["anyOf"];
  if (schema["type"] !== "integer") return;
  schema["format"] ??= "int32";
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) delete schema["minimum"];
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) delete schema["maximum"];
}

/** The schema that a `$ref` stands for, with what stands beside it; any other schema as it is. */
export function resolved(schema: StructuralSchema): StructuralSchema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...beside } = schema;
  return { ...TYPES[$ref], ...beside };
}

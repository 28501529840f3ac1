import type { TypeProblem } from "../go/gourl.ts";
import { uriProblem } from "../go/gourl.ts";
import { isObject, type Json } from "../json.ts";
import { canonicalQuantity } from "../quantity.ts";
import { entryOf } from "../table.ts";
import type { StructuralSchema } from "./schema.ts";

/**
 * Why a value is not of the schema's type; undefined if it is. Source: encoding/json into KServe's Go types, which
 * decode before any other rule applies, and the API server's own type check of custom resources.
 */
export function typeProblem(value: Json, schema: StructuralSchema, lenient: boolean): TypeProblem | undefined {
  const { type, format } = schema;
  if (schema["x-kubernetes-int-or-string"] === true) {
    return typeof value === "string" || Number.isInteger(value) ? undefined : wrong(value, "a whole number or a text");
  }
  if (format === "quantity") return quantityProblem(value, lenient);
  switch (type) {
    case undefined:
      return undefined;
    case "object":
      return isObject(value) ? undefined : mappingProblem(value);
    case "array":
      return Array.isArray(value) ? undefined : wrong(value, "a list");
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong(value, "true or false");
    case "integer":
      return integerProblem(value, format);
    case "number":
      return typeof value === "number" ? undefined : wrong(value, "a number");
    case "string":
      return stringProblem(value, format);
    default:
      throw new Error(`unknown type ${type satisfies never}`);
  }
}

function wrong(value: Json, wanted: string): TypeProblem {
  return { message: `${wanted} was expected, not ${describeType(value)}`, fix: `write ${wanted}` };
}

/** A block of YAML after `|` is a text. */
function mappingProblem(value: Json): TypeProblem {
  const problem = wrong(value, "a mapping");
  const isBlock = typeof value === "string" && /^\s*[\w"'-]+:\s/.test(value) && value.includes("\n");
  if (!isBlock) return problem;
  return {
    message: "a mapping was expected, not a text of several lines",
    fix: "write it as a mapping: remove the | before it",
  };
}

/** A value as messages show it: scalars as they are written, the rest by kind. */
function describeType(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "a mapping";
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  return `the ${typeof value} ${value}`;
}

const LARGEST: Readonly<Record<string, number>> = { int32: 2 ** 31 - 1, int64: Number.MAX_SAFE_INTEGER };

function integerProblem(value: Json, format = "int64"): TypeProblem | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) return wrong(value, "a whole number");
  const largest = entryOf(LARGEST, format) ?? Number.MAX_SAFE_INTEGER;
  if (value <= largest && value >= -largest - 1) return undefined;
  return { message: `${value} does not fit into ${format}`, fix: `write a number up to ${largest}` };
}

function quantityProblem(value: Json, lenient: boolean): TypeProblem | undefined {
  if (typeof value !== "string" && typeof value !== "number") return wrong(value, "a quantity");
  const fraction = typeof value === "number" && !Number.isInteger(value) && !lenient;
  if (canonicalQuantity(value) !== undefined && !fraction) return undefined;
  return { message: `${JSON.stringify(value)} is not a quantity`, fix: 'write a quantity, such as "80Gi" or "500m"' };
}

function stringProblem(value: Json, format: string | undefined): TypeProblem | undefined {
  if (typeof value === "number" || typeof value === "boolean") {
    const isPlain = Number.isSafeInteger(value);
    return {
      ...wrong(value, "a text"),
      fix: isPlain ? `put it in quotes: "${value}"` : "put it in quotes as it is written",
    };
  }
  if (typeof value !== "string") return wrong(value, "a text");
  if (format === "go-url") return uriProblem(value);
  if (format === "date-time" && Number.isNaN(Date.parse(value)))
    return { ...wrong(value, "a date and time"), fix: "write a date and time, such as 2026-01-31T12:00:00Z" };
  return undefined;
}

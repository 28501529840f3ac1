import { Environment, EvaluationError, type ParseResult } from "@marcbachmann/cel-js";
import { translated } from "./dialect.ts";
import { REPLACED, withFunctions } from "./functions.ts";

/** The result of an expression, or why it has none: an expression that reads a missing field has an error. */
export type CelResult = { value: unknown } | { error: string };

/** What an expression may name: `self` and `oldSelf` in a rule of a CRD, `object` and `oldObject` in an admission policy. */
const NAMES = ["self", "oldSelf", "object", "oldObject"] as const;
export type CelVariables = { readonly [name in (typeof NAMES)[number]]?: unknown };

/**
 * Evaluates an expression of the Common Expression Language as the API server does. The expressions come from our own
 * schemas, from our policies and from the CRDs of embedded APIs. A text that is not a correct expression throws: that is a
 * fault of the expression, not of the input.
 */
export function evaluateCel(expression: string, variables: CelVariables): CelResult {
  const program = programs.get(expression) ?? compileCel(expression);
  programs.set(expression, program);
  try {
    const values = Object.entries(variables).map(([name, value]) => [name, asCel(value)]);
    return { value: program(Object.fromEntries(values)) };
  } catch (error) {
    if (error instanceof EvaluationError) return { error: lowerFirst(error.summary) };
    throw error;
  }
}
const programs = new Map<string, ParseResult>();

const ENVIRONMENT = withFunctions(
  NAMES.reduce(
    (environment, name) => environment.registerVariable(name, "dyn"),
    new Environment({ enableOptionalTypes: true }),
  ),
);

/** Parses an expression and checks its types. Throws an Error that names the expression where it is not correct. */
export function compileCel(expression: string): ParseResult {
  const program = parsed(translated(parsed(expression).ast, REPLACED));
  const { valid, error } = program.check();
  if (!valid) throw new Error(`${lowerFirst(error?.summary ?? "")} in the CEL expression: ${expression}`);
  return program;
}

function parsed(expression: string): ParseResult {
  try {
    return ENVIRONMENT.parse(expression);
  } catch (error) {
    const reason = (error as { summary?: string }).summary ?? String(error);
    throw new Error(`${lowerFirst(reason)} in the CEL expression: ${expression}`, { cause: error });
  }
}

/** JSON as CEL's values: whole numbers are ints, and a field that is null is not set, as the API server drops it. */
function asCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(asCel);
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, item] of Object.entries(value)) if (item !== null && item !== undefined) object[name] = asCel(item);
  return object;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

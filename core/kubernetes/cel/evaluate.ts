import { Environment, EvaluationError, type ParseResult } from "@marcbachmann/cel-js";
import { setEntry } from "../table.ts";
import { translated } from "./dialect.ts";
import { REPLACED, withFunctions } from "./functions.ts";
import { type Satisfied, satisfiedOf } from "./satisfied.ts";

/** The result of an expression, or why it has none: an expression that reads a missing field is an error. */
type CelResult = { value: unknown } | { error: string };

/**
 * The variables of an expression: `self` and `oldSelf` in a rule of a CRD, `object` and `oldObject` in an admission
 * policy.
 */
const NAMES = ["self", "oldSelf", "object", "oldObject"] as const;
type CelVariables = { readonly [name in (typeof NAMES)[number]]?: unknown };

export type EvaluateCel = (expression: string, variables: CelVariables) => CelResult;

/**
 * Evaluates expressions of the Common Expression Language as the API server does. The expressions come from the
 * schemas and policies of this package and from the CRDs of embedded APIs. An incorrect expression throws, because the
 * expression is at fault and not the input. An evaluator converts a value once for all expressions that read it, so the
 * value must not change in between.
 */
export function celEvaluator(): EvaluateCel {
  const converted = new Map<object, unknown>();
  return (expression, variables) => {
    if (variables.self !== undefined && testOf(expression)(variables.self)) return SATISFIED;
    const program = programs.get(expression) ?? compileCel(expression);
    programs.set(expression, program);
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(variables)) setEntry(values, name, asCel(value, converted));
    try {
      return { value: program(values) };
    } catch (error) {
      if (error instanceof EvaluationError) return { error: lowerFirst(error.summary) };
      throw error;
    }
  };
}

/** Evaluates one expression. */
export const evaluateCel: EvaluateCel = (expression, variables) => celEvaluator()(expression, variables);

const SATISFIED: CelResult = { value: true };
const programs = new Map<string, ParseResult>();
const tests = new Map<string, Satisfied>();

/** Whether a rule is certainly satisfied; see satisfied.ts. */
function testOf(expression: string): Satisfied {
  const test = tests.get(expression) ?? satisfiedOf(parsed(expression).ast) ?? (() => false);
  tests.set(expression, test);
  return test;
}

const ENVIRONMENT = withFunctions(
  NAMES.reduce(
    (environment, name) => environment.registerVariable(name, "dyn"),
    new Environment({ enableOptionalTypes: true }),
  ),
);

/** Parses an expression and checks its types. Throws an Error that contains the expression if it is not correct. */
export function compileCel(expression: string): ParseResult {
  const written = parsed(expression);
  const text = translated(written.ast, REPLACED);
  const program = text === expression ? written : parsed(text);
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

/** JSON as CEL's values: whole numbers are ints, and a null field is not set, because the API server drops it. */
function asCel(value: unknown, converted: Map<object, unknown>): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const made = Array.isArray(value) ? value.map((item) => asCel(item, converted)) : asMap(value, converted);
  converted.set(value, made);
  return made;
}

function asMap(object: object, converted: Map<object, unknown>): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(object)) {
    // Assigning to this name would set the prototype; no expression can read it.
    if (item !== null && item !== undefined && name !== "__proto__") setEntry(map, name, asCel(item, converted));
  }
  return map;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

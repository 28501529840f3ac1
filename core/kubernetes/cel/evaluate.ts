import { matchesPattern } from "../schema/pattern.ts";
import { entryOf } from "../table.ts";
import { type Node, parseCel } from "./parse.ts";

/** What an expression came to; an error where it reads what is not there, which a CRD counts as false. */
export type CelResult = { value: unknown } | { error: string };

/** Evaluates a rule over `self`. Throws only for text that is not CEL: a fault of the rule, not of the input. */
export function evaluateCel(rule: string, self: unknown): CelResult {
  const node = parsed.get(rule) ?? parseCel(rule);
  parsed.set(rule, node);
  return result(() => run(node, { self }));
}
const parsed = new Map<string, Node>();

type Scope = Readonly<Record<string, unknown>>;

/** Thrown and caught inside this file only: CEL's `&&`, `||` and macros swallow errors that do not matter. */
class CelError extends Error {}

/** A duration, in seconds. */
class Duration {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
}

function result(compute: () => unknown): CelResult {
  try {
    return { value: compute() };
  } catch (error) {
    if (error instanceof CelError) return { error: error.message };
    throw error;
  }
}

function run(node: Node, scope: Scope): unknown {
  switch (node.op) {
    case "literal":
      return node.value;
    case "list":
      return node.items.map((item) => run(item, scope));
    case "name":
      if (!Object.hasOwn(scope, node.name)) throw new CelError(`undeclared reference to ${node.name}`);
      return entryOf(scope, node.name);
    case "field":
      return member(run(node.of, scope), node.name);
    case "index":
      return element(run(node.of, scope), run(node.at, scope));
    case "has":
      return hasKey(run(node.of, scope), node.name);
    case "not":
      return !asBoolean(run(node.of, scope));
    case "negative":
      return -asNumber(run(node.of, scope));
    case "choice":
      return asBoolean(run(node.test, scope)) ? run(node.yes, scope) : run(node.no, scope);
    case "binary":
      return binary(node, scope);
    case "call":
      return call(node, scope);
    case "macro":
      return macro(node, scope);
    default:
      throw new Error(`unknown node ${(node satisfies never as Node).op}`);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Duration);
}

function hasKey(value: unknown, name: string): boolean {
  if (!isMap(value)) throw new CelError(`no such overload: has(.${name})`);
  return Object.hasOwn(value, name) && entryOf(value, name) !== undefined && entryOf(value, name) !== null;
}

function member(value: unknown, name: string): unknown {
  if (!hasKey(value, name)) throw new CelError(`no such key: ${name}`);
  return entryOf(value as Record<string, unknown>, name);
}

function element(value: unknown, at: unknown): unknown {
  if (!Array.isArray(value)) return member(value, String(at));
  if (typeof at !== "number" || !(at in value)) throw new CelError(`index out of bounds: ${String(at)}`);
  return value[at];
}

function asBoolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw new CelError("no such overload: a boolean was expected");
  return value;
}

function asNumber(value: unknown): number {
  if (typeof value !== "number") throw new CelError("no such overload: a number was expected");
  return value;
}

function equal(left: unknown, right: unknown): boolean {
  if (left instanceof Duration && right instanceof Duration) return left.seconds === right.seconds;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, i) => equal(item, right[i]));
  }
  if (!isMap(left) || !isMap(right)) return left === right;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => equal(entryOf(left, key), entryOf(right, key)))
  );
}

type Binary = Extract<Node, { op: "binary" }>;

function binary(node: Binary, scope: Scope): unknown {
  if (node.sign === "&&" || node.sign === "||") return logical(node, scope);
  const left = run(node.left, scope);
  const right = run(node.right, scope);
  switch (node.sign) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "in":
      return Array.isArray(right) ? right.some((item) => equal(item, left)) : hasKey(right, String(left));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(node.sign, left, right);
    case "+":
      return typeof left === "string" && typeof right === "string" ? left + right : asNumber(left) + asNumber(right);
    case "-":
      return asNumber(left) - asNumber(right);
    case "*":
      return asNumber(left) * asNumber(right);
    default:
      return divide(node.sign, asNumber(left), asNumber(right));
  }
}

/** Whole numbers, as CEL divides its ints. */
function divide(sign: string, left: number, right: number): number {
  if (right === 0) throw new CelError("division by zero");
  return sign === "/" ? Math.trunc(left / right) : left % right;
}

/** An error on one side does not matter where the other side decides. */
function logical({ sign, left, right }: Binary, scope: Scope): boolean {
  const decisive = sign === "||";
  const first = result(() => asBoolean(run(left, scope)));
  if ("value" in first && first.value === decisive) return decisive;
  const second = result(() => asBoolean(run(right, scope)));
  if ("value" in second && second.value === decisive) return decisive;
  for (const side of [first, second]) if ("error" in side) throw new CelError(side.error);
  return !decisive;
}

function compare(sign: string, left: unknown, right: unknown): boolean {
  const [a, b] = [ordinal(left), ordinal(right)];
  if (typeof a !== typeof b) throw new CelError("no such overload: values of different types are compared");
  if (sign === "<") return a < b;
  if (sign === "<=") return a <= b;
  return sign === ">" ? a > b : a >= b;
}

function ordinal(value: unknown): number | string {
  if (value instanceof Duration) return value.seconds;
  if (typeof value === "number" || typeof value === "string") return value;
  throw new CelError("no such overload: values that have no order are compared");
}

function call({ name, on, args }: Extract<Node, { op: "call" }>, scope: Scope): unknown {
  const values = [...(on === undefined ? [] : [on]), ...args].map((node) => run(node, scope));
  const [first, second] = values;
  if (name === "size") return sizeOf(first);
  if (name === "duration") return durationOf(first);
  const test = entryOf(TEXT_TESTS, name);
  if (test === undefined) throw new Error(`the function ${name} is not built`);
  if (typeof first !== "string" || typeof second !== "string") throw new CelError(`no such overload: ${name}`);
  return test(first, second);
}

const TEXT_TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  matches: matchesPattern,
};

function sizeOf(value: unknown): number {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw new CelError("no such overload: size");
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

function durationOf(value: unknown): Duration {
  const parts = [...String(value).matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)/gy)];
  if (typeof value !== "string" || parts.map(([part]) => part).join("") !== value) {
    throw new CelError(`not a duration: ${String(value)}`);
  }
  return new Duration(
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (entryOf(UNITS, unit ?? "") ?? 0), 0),
  );
}

function macro({ name, on, variable, body }: Extract<Node, { op: "macro" }>, scope: Scope): unknown {
  const target = run(on, scope);
  const items = Array.isArray(target) ? target : isMap(target) ? Object.keys(target) : undefined;
  if (items === undefined) throw new CelError(`no such overload: ${name}`);
  const each = items.map((item) => result(() => run(body, { ...scope, [variable]: item })));
  if (name === "map") return each.map(unwrapped);
  if (name === "filter") return items.filter((_, i) => asBoolean(unwrapped(each[i])));
  if (name === "exists_one") return each.filter((one) => asBoolean(unwrapped(one))).length === 1;
  const decisive = name === "exists";
  if (each.some((one) => "value" in one && one.value === decisive)) return decisive;
  for (const one of each) asBoolean(unwrapped(one));
  return !decisive;
}

function unwrapped(one: CelResult | undefined): unknown {
  if (one !== undefined && "value" in one) return one.value;
  throw new CelError(one?.error ?? "index out of bounds");
}

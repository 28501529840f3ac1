import { type Environment, EvaluationError, Optional, parse } from "@marcbachmann/cel-js";
import { isObject } from "../json.ts";
import { canonicalQuantity, compareQuantities } from "../quantity.ts";
import { remembering } from "../remember.ts";
import { linearPattern } from "../schema/pattern.ts";
import { tableOf } from "../table.ts";

/**
 * Functions of the library that work differently in Kubernetes, by the name that they have here: the library does not
 * accept a second function of the same name.
 */
export const REPLACED: Readonly<Record<string, string>> = { matches: "matchesRe2", duration: "durationOfGo" };

/**
 * Adds Kubernetes' extensions of the language. Source: k8s.io/apiserver/pkg/cel/library, v1.36 (sets.go, quantity.go).
 */
export function withFunctions(environment: Environment): Environment {
  return [fields, texts, sets, quantities].reduce((one, add) => add(one), environment);
}

const SYNC = { async: false };

/** `has`, see dialect.ts. */
function fields(environment: Environment): Environment {
  const hasField = (object: unknown, name: string): boolean => {
    if (object instanceof Optional) return object.hasValue() && hasField(object.value(), name);
    if (!isObject(object)) throw new EvaluationError(`no such overload: has(.${name})`);
    return Object.hasOwn(object, name);
  };
  return environment.registerFunction("hasField(dyn, string): bool", hasField, SYNC);
}

function texts(environment: Environment): Environment {
  const duration = parse("duration(text)");
  return environment.registerFunction("string.matchesRe2(string): bool", matches, SYNC).registerFunction(
    "durationOfGo(string): google.protobuf.Duration",
    (text: string) => {
      if (!GO_DURATION.test(text)) throw new EvaluationError(`not a duration: ${text}`);
      return duration({ text: /^[+-]?0$/.test(text) ? "0s" : text });
    },
    SYNC,
  );
}

/** Go requires digits, while the library reads `s` as zero seconds, and accepts `0` without a unit. */
const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;

/**
 * Whether a part of a text matches a regular expression of RE2. No other place of CEL runs a regular expression, so
 * another engine would go here. Only RE2 has the classes of POSIX; JavaScript does not.
 */
export function matches(text: string, pattern: string): boolean {
  return regularExpression(pattern).test(text);
}

const regularExpression = remembering((pattern): RegExp => {
  try {
    return linearPattern(pattern.replace(/\[:(\w{1,6}):\]/g, (whole, name: string) => POSIX.get(name) ?? whole));
  } catch {
    throw new EvaluationError(`not a regular expression: ${pattern}`);
  }
});

/** Source: the syntax of RE2, ASCII character classes. */
const POSIX = tableOf({
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
});

class Sets {}

function sets(environment: Environment): Environment {
  const isIn = parse("item in items");
  const contains = (_: Sets, items: readonly unknown[], others: readonly unknown[]): boolean =>
    others.every((item) => isIn({ item, items }));
  return environment
    .registerType("kubernetes.Sets", Sets)
    .registerConstant("sets", "kubernetes.Sets", new Sets())
    .registerFunction("kubernetes.Sets.contains(list, list): bool", contains, SYNC)
    .registerFunction(
      "kubernetes.Sets.equivalent(list, list): bool",
      (_: Sets, one: unknown[], other: unknown[]) => contains(_, one, other) && contains(_, other, one),
      SYNC,
    )
    .registerFunction(
      "kubernetes.Sets.intersects(list, list): bool",
      (_: Sets, one: unknown[], other: unknown[]) => other.some((item) => contains(_, one, [item])),
      SYNC,
    );
}

class Quantity {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function quantities(environment: Environment): Environment {
  const isQuantity = (text: string): boolean => !/\s/.test(text) && canonicalQuantity(text) !== undefined;
  const quantity = (text: string): Quantity => {
    if (!isQuantity(text)) throw new EvaluationError(`not a quantity: ${text}`);
    return new Quantity(text);
  };
  const compare = (one: Quantity, other: Quantity): bigint => BigInt(compareQuantities(one.text, other.text));
  return environment
    .registerType("kubernetes.Quantity", Quantity)
    .registerFunction("isQuantity(string): bool", isQuantity, SYNC)
    .registerFunction("quantity(string): kubernetes.Quantity", quantity, SYNC)
    .registerFunction("kubernetes.Quantity.compareTo(kubernetes.Quantity): int", compare, SYNC);
}

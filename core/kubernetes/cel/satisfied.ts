import type { ASTNode } from "@marcbachmann/cel-js";
import { isObject } from "../json.ts";
import { entryOf, tableOf } from "../table.ts";
import { unescaped } from "./dialect.ts";
import { matches } from "./functions.ts";

/**
 * Whether a value certainly satisfies a rule, as far as its texts, whole numbers, lists and fields show it. Nearly
 * every value satisfies its rules, so most are decided here, without values and types of the library. `false` only
 * means that the library must be asked: any unusual case makes a part of the rule UNSURE, and thereby the whole rule.
 */
export type Satisfied = (self: unknown) => boolean;

/** The test for a rule that only reads `self`; undefined if the rule has parts that are not supported here. */
export function satisfiedOf(ast: ASTNode): Satisfied | undefined {
  const term = termOf(ast, ["self"]);
  return term && ((self) => term([self]) === true);
}

const UNSURE = Symbol("unsure");

/** The result of a part of a rule. `frame` holds the value of each variable, `self` first. */
type Term = (frame: unknown[]) => unknown;

/** The term of a part of a rule; `variables` are the names of a frame's values. */
function termOf(node: ASTNode, variables: readonly string[]): Term | undefined {
  const inner = (part: ASTNode): Term | undefined => termOf(part, variables);
  switch (node.op) {
    case "value":
      return constant(node.args);
    case "id": {
      const slot = slotOf(node, variables);
      return slot < 0 ? undefined : (frame) => frame[slot];
    }
    case ".":
      return fieldTerm(node.args, variables);
    case "list":
      return listTerm(node.args);
    case "in":
      return inTerm(node.args.map(inner), node.args[1]);
    case "?:": {
      const [condition, then, otherwise] = node.args.map(inner);
      return condition && then && otherwise && ((frame) => choose(condition(frame), then, otherwise, frame));
    }
    case "&&":
      return both(node.args.map(inner), (left, right, frame) => choose(left, right, NO, frame));
    case "||":
      return both(node.args.map(inner), (left, right, frame) => choose(left, YES, right, frame));
    case "!_": {
      const operand = inner(node.args);
      return operand && ((frame) => not(operand(frame)));
    }
    case "call":
      return callTerm(node.args, variables);
    case "rcall":
      return methodTerm(node.args, variables);
    default: {
      const operator = OPERATORS.get(node.op);
      const [left, right] = operator === undefined ? [] : (node.args as ASTNode[]).map(inner);
      return operator && left && right && ((frame) => operator(left(frame), right(frame)));
    }
  }
}

const YES: Term = () => true;
const NO: Term = () => false;

function constant(value: unknown): Term | undefined {
  const read = typeof value === "bigint" ? Number(value) : value;
  const isPlain = typeof read === "string" || typeof read === "boolean" || Number.isSafeInteger(read);
  return isPlain ? () => read : undefined;
}

/** A list of texts. */
function listTerm(items: readonly ASTNode[]): Term | undefined {
  const texts = textsOf(items);
  return texts && (() => texts);
}

function textsOf(items: readonly ASTNode[]): string[] | undefined {
  const texts = items.map(({ op, args }) => (op === "value" ? args : undefined));
  return texts.every(isText) ? texts : undefined;
}

/** Whether a text is one of a list. The rules write nearly all of these lists themselves. */
function inTerm([item, items]: readonly (Term | undefined)[], { op, args }: ASTNode): Term | undefined {
  if (item === undefined || items === undefined) return undefined;
  const texts = op === "list" ? textsOf(args) : undefined;
  if (texts === undefined) return (frame) => isOneOf(item(frame), items(frame));
  return (frame) => {
    const text = item(frame);
    return isText(text) ? texts.includes(text) : UNSURE;
  };
}

function isOneOf(item: unknown, items: unknown): unknown {
  return isText(item) && Array.isArray(items) && items.every(isText) ? items.includes(item) : UNSURE;
}

/** A field's value. Most fields are those of a variable, whose value is read without the call of a term. */
function fieldTerm([holder, name]: readonly [ASTNode, string], variables: readonly string[]): Term | undefined {
  const field = unescaped(name);
  const slot = slotOf(holder, variables);
  if (slot >= 0) return (frame) => valueIn(frame[slot], field);
  const term = termOf(holder, variables);
  return term && ((frame) => valueIn(term(frame), field));
}

/** Whether a field is set. */
function hasTerm([holder, name]: readonly [ASTNode, string], variables: readonly string[]): Term | undefined {
  const field = unescaped(name);
  const slot = slotOf(holder, variables);
  if (slot >= 0) return (frame) => isSetIn(frame[slot], field);
  const term = termOf(holder, variables);
  return term && ((frame) => isSetIn(term(frame), field));
}

/** The place of a variable in a frame; negative if the part of the rule is not a variable. */
function slotOf({ op, args }: ASTNode, variables: readonly string[]): number {
  return op === "id" ? variables.lastIndexOf(args) : -1;
}

function valueIn(object: unknown, field: string): unknown {
  return isObject(object) ? (entryOf(object, field) ?? UNSURE) : UNSURE;
}

/** A null field is not set. */
function isSetIn(object: unknown, field: string): unknown {
  return isObject(object) ? (entryOf(object, field) ?? null) !== null : UNSURE;
}

function choose(condition: unknown, then: Term, otherwise: Term, frame: unknown[]): unknown {
  if (typeof condition !== "boolean") return UNSURE;
  return condition ? then(frame) : otherwise(frame);
}

function both(
  [left, right]: readonly (Term | undefined)[],
  join: (left: unknown, right: Term, frame: unknown[]) => unknown,
): Term | undefined {
  return left && right && ((frame) => join(left(frame), right, frame));
}

type Operator = (left: unknown, right: unknown) => unknown;

const isText = (value: unknown): value is string => typeof value === "string";
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** An operator of two whole numbers. */
function ofNumbers(operate: (left: number, right: number) => unknown): Operator {
  return (left, right) => (isWhole(left) && isWhole(right) ? operate(left, right) : UNSURE);
}

function equal(left: unknown, right: unknown): unknown {
  const areAlike = (isText(left) && isText(right)) || (isWhole(left) && isWhole(right));
  return areAlike || (typeof left === "boolean" && typeof right === "boolean") ? left === right : UNSURE;
}

const OPERATORS = tableOf<Operator>({
  "==": equal,
  "!=": (left, right) => not(equal(left, right)),
  "<": ofNumbers((left, right) => left < right),
  "<=": ofNumbers((left, right) => left <= right),
  ">": ofNumbers((left, right) => left > right),
  ">=": ofNumbers((left, right) => left >= right),
  "+": ofNumbers((left, right) => left + right),
  "[]": (items, index) => (Array.isArray(items) && isWhole(index) ? (items[index] ?? UNSURE) : UNSURE),
});

function not(value: unknown): unknown {
  return typeof value === "boolean" ? !value : UNSURE;
}

function callTerm([name, args]: readonly [string, readonly ASTNode[]], variables: readonly string[]): Term | undefined {
  const [operand, ...others] = args;
  if (operand === undefined || others.length > 0) return undefined;
  if (name === "size") return sizeTerm(termOf(operand, variables));
  if (name !== "has" || operand.op !== ".") return undefined;
  return hasTerm(operand.args, variables);
}

/** The length of a text counts its characters, not JavaScript's code units. */
function sizeTerm(operand: Term | undefined): Term | undefined {
  return (
    operand &&
    ((frame) => {
      const value = operand(frame);
      if (Array.isArray(value)) return value.length;
      return isText(value) ? [...value].length : UNSURE;
    })
  );
}

/** Methods of a text with a text as their argument. */
const METHODS = tableOf<(text: string, argument: string) => boolean>({
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
  matches,
});

function methodTerm(
  [name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]],
  variables: readonly string[],
): Term | undefined {
  const of = termOf(receiver, variables);
  const [first, second, ...others] = args;
  if (of === undefined || others.length > 0) return undefined;
  if (first === undefined) return name === "size" ? sizeTerm(of) : undefined;
  const macro = MACROS.get(name);
  if (macro !== undefined)
    return first.op === "id" && second ? macroTerm(macro, of, first.args, second, variables) : undefined;
  const method = METHODS.get(name);
  // A text of the rule itself: the library reports a wrong pattern.
  const word = second === undefined && first.op === "value" && isText(first.args) ? first.args : undefined;
  if (method === undefined || word === undefined || (name === "matches" && !isPattern(word))) return undefined;
  return (frame) => {
    const text = of(frame);
    return isText(text) ? method(text, word) : UNSURE;
  };
}

function isPattern(text: string): boolean {
  try {
    return matches("", text) || true;
  } catch {
    return false;
  }
}

/** The result of a macro, from the items of its list and whether its condition is true for each. */
type Macro = (items: readonly unknown[], holds: readonly boolean[]) => unknown;
const MACROS = tableOf<Macro>({
  all: (_items, holds) => !holds.includes(false),
  exists: (_items, holds) => holds.includes(true),
  exists_one: (_items, holds) => holds.filter(Boolean).length === 1,
  filter: (items, holds) => items.filter((_item, index) => holds[index]),
});

function macroTerm(
  macro: Macro,
  list: Term,
  name: string,
  body: ASTNode,
  variables: readonly string[],
): Term | undefined {
  const condition = termOf(body, [...variables, name]);
  const slot = variables.length;
  return (
    condition &&
    ((frame) => {
      const items = list(frame);
      if (!Array.isArray(items)) return UNSURE;
      const holds: boolean[] = [];
      for (const item of items) {
        frame[slot] = item;
        const one = condition(frame);
        if (typeof one !== "boolean") return UNSURE;
        holds.push(one);
      }
      return macro(items, holds);
    })
  );
}

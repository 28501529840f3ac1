import { isObject, type Json } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { Budget } from "./budget.ts";
import { FUNCTIONS, literal } from "./functions.ts";
import type { Command, Node, Operand, Pipeline } from "./parse.ts";
import { fieldOf, format, isTrue, itemOf, scalar, TemplateValueError, type Value } from "./values.ts";

/** The context of an action: the variables, and the remaining budget of the whole template. */
interface Scope {
  variables: ReadonlyMap<string, { value: Value }>;
  budget: Budget;
}

/** Runs a parsed template over its data; throws {@link TemplateValueError}, which names the failing action. */
export function evaluate(nodes: readonly Node[], data: Value): string {
  return run(nodes, data, { variables: new Map([["$", { value: data }]]), budget: new Budget() });
}

function run(nodes: readonly Node[], dot: Value, outer: Scope): string {
  let scope = outer;
  let out = "";
  for (const node of nodes) {
    if (node.kind === "text") {
      out += scope.budget.written(node.text);
      continue;
    }
    try {
      scope.budget.take(1);
      if (node.kind === "print") {
        const value = pipeline(node.pipeline, dot, scope);
        if (node.pipeline.variables.length === 0) out += scope.budget.written(format(value));
        else scope = bind(node.pipeline, [value], scope);
      } else out += control(node, dot, scope);
    } catch (error) {
      throw located(error, node.source);
    }
  }
  return out;
}

/** The error names the innermost action. */
function located(error: unknown, source: string): unknown {
  if (!(error instanceof TemplateValueError) || error.message.startsWith("at {{")) return error;
  return new TemplateValueError(`at {{ ${source} }}: ${error.message}`, error.fix);
}

function control(node: Exclude<Node, { kind: "text" | "print" }>, dot: Value, scope: Scope): string {
  const value = pipeline(node.pipeline, dot, scope);
  if (node.kind === "range") return range(node, value, dot, scope);
  const bound = bind(node.pipeline, [value], scope);
  if (!isTrue(value)) return run(node.else, dot, bound);
  return run(node.then, node.kind === "with" ? value : dot, bound);
}

function range(node: Exclude<Node, { kind: "text" | "print" }>, value: Value, dot: Value, scope: Scope): string {
  const items = entries(value, scope.budget);
  if (items.length === 0) return run(node.else, dot, scope);
  return items
    .map(([key, item]) => {
      const values = node.pipeline.variables.length === 1 ? [item] : [key, item];
      return run(node.then, item, bind(node.pipeline, values, scope));
    })
    .join("");
}

function entries(value: Value, budget: Budget): [Value, Value][] {
  const { json } = value;
  if (typeof json === "number") budget.take(json);
  if (Array.isArray(json)) return json.map((item, index) => [scalar(index), itemOf(value, item)]);
  if (isObject(json) && value.shape === "map") {
    return Object.keys(json)
      .sort()
      .map((key) => [scalar(key), itemOf(value, entryOf(json, key) as Json)]);
  }
  if (typeof json === "number")
    return Array.from({ length: Math.max(0, Math.trunc(json)) }, (_, index) => [scalar(index), scalar(index)]);
  if (json === undefined || json === null) return [];
  throw new TemplateValueError("range can't iterate over this value");
}

function bind({ variables, declares }: Pipeline, values: readonly Value[], scope: Scope): Scope {
  if (variables.length === 0) return scope;
  const bound = new Map(scope.variables);
  variables.forEach((name, index) => {
    const value = values[index] ?? literal(null);
    const known = scope.variables.get(name);
    if (declares) bound.set(name, { value });
    else if (known === undefined) throw new TemplateValueError(`the variable ${name} is not declared`);
    else known.value = value;
  });
  return { ...scope, variables: bound };
}

function pipeline({ commands }: Pipeline, dot: Value, scope: Scope): Value {
  const [first, ...others] = commands as [Command, ...Command[]];
  return others.reduce((piped, next) => command(next, dot, scope, piped), command(first, dot, scope, undefined));
}

function command({ operands }: Command, dot: Value, scope: Scope, piped: Value | undefined): Value {
  const [head, ...rest] = operands as [Operand, ...Operand[]];
  if (head.kind === "function") return call(head.name, rest, dot, scope, piped);
  if (rest.length > 0 || piped !== undefined) {
    throw new TemplateValueError(`can't give an argument to what is not a function`);
  }
  if (head.kind === "literal" && head.value === null) throw new TemplateValueError("nil is not a command");
  return operand(head, dot, scope);
}

function call(name: string, operands: readonly Operand[], dot: Value, scope: Scope, piped: Value | undefined): Value {
  const later = piped === undefined ? [] : [piped];
  if (name === "and" || name === "or") {
    if (operands.length + later.length === 0)
      throw new TemplateValueError(`wrong number of args for ${name}: want at least 1 got 0`);
    return shortCircuit(name, operands, dot, scope, later);
  }
  const { least, most, call: implementation } = entryOf(FUNCTIONS, name) as (typeof FUNCTIONS)[string];
  const args = [...operands.map((one) => operand(one, dot, scope)), ...later];
  if (args.length < least || args.length > most) {
    throw new TemplateValueError(`wrong number of args for ${name}: want ${least} got ${args.length}`);
  }
  return implementation(args, name);
}

function shortCircuit(
  name: "and" | "or",
  operands: readonly Operand[],
  dot: Value,
  scope: Scope,
  later: Value[],
): Value {
  let value = literal(null);
  for (const one of operands) {
    value = operand(one, dot, scope);
    if (isTrue(value) === (name === "or")) return value;
  }
  return later[0] ?? value;
}

function operand(one: Operand, dot: Value, scope: Scope): Value {
  switch (one.kind) {
    case "literal":
      return literal(one.value);
    case "dot":
      return dot;
    case "fields":
      return chain(dot, one.fields, "");
    case "variable": {
      const bound = scope.variables.get(one.name);
      if (bound === undefined) throw new TemplateValueError(`the variable ${one.name} is not declared`);
      return chain(bound.value, one.fields, one.name);
    }
    case "function":
      return call(one.name, [], dot, scope, undefined);
    case "group":
      return chain(pipeline(one.pipeline, dot, scope), one.fields, "(…)");
    default:
      throw new Error(`unknown operand ${one satisfies never}`);
  }
}

function chain(value: Value, fields: readonly string[], start: string): Value {
  const written = `${start}.${fields.join(".")}`;
  return fields.reduce((holder, name) => fieldOf(holder, name, written), value);
}

import { childName } from "../../contract/names.ts";
import { isObject, type Json } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { offloadingConnector } from "../engine/kvtransfer.ts";
import { bounded } from "./budget.ts";
import { format, GUARD, isTrue, itemOf, scalar, TemplateValueError, type Value } from "./values.ts";

type Implementation = (args: Value[], name: string) => Value;

/** Seconds of a pod's grace period by default, and those reserved for the end of the process. */
const DEFAULT_GRACE_SECONDS = 60;
const SHUTDOWN_RESERVE_SECONDS = 5;

/**
 * What templates can call: the part of Go's builtins that configs use, and KServe's own (config_merge.go,
 * ReplaceVariables, v0.20.0). `and` and `or` are handled elsewhere, because they do not evaluate all of their
 * arguments.
 */
export const FUNCTIONS: Readonly<Record<string, { least: number; most: number; call: Implementation }>> = {
  ChildName: {
    least: 2,
    most: 2,
    call: ([parent, suffix], name) => scalar(childName(text(parent, name), text(suffix, name))),
  },
  kvTransferConfig: { least: 1, most: 1, call: ([spec]) => scalar(kvTransferConfig(spec as Value)) },
  shutdownTimeout: {
    least: 2,
    most: 2,
    call: ([pod, preStop], name) => scalar(shutdownTimeout(pod as Value, integer(preStop, name))),
  },
  not: { least: 1, most: 1, call: ([value]) => scalar(!isTrue(value as Value)) },
  eq: {
    least: 2,
    most: Number.POSITIVE_INFINITY,
    call: ([first, ...others], name) => scalar(others.some((other) => equal(first as Value, other, name))),
  },
  ne: { least: 2, most: 2, call: ([a, b], name) => scalar(!equal(a as Value, b as Value, name)) },
  lt: { least: 2, most: 2, call: ([a, b], name) => scalar(compare(a as Value, b as Value, name) < 0) },
  le: { least: 2, most: 2, call: ([a, b], name) => scalar(compare(a as Value, b as Value, name) <= 0) },
  gt: { least: 2, most: 2, call: ([a, b], name) => scalar(compare(a as Value, b as Value, name) > 0) },
  ge: { least: 2, most: 2, call: ([a, b], name) => scalar(compare(a as Value, b as Value, name) >= 0) },
  len: { least: 1, most: 1, call: ([value]) => scalar(length(value as Value)) },
  index: { least: 1, most: Number.POSITIVE_INFINITY, call: ([value, ...keys]) => keys.reduce(entry, value as Value) },
  print: { least: 0, most: Number.POSITIVE_INFINITY, call: (args) => scalar(bounded(print(args))) },
  println: {
    least: 0,
    most: Number.POSITIVE_INFINITY,
    call: (args) => scalar(bounded(`${args.map(format).join(" ")}\n`)),
  },
  printf: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    call: ([layout, ...args], name) => scalar(bounded(printf(text(layout, name), args))),
  },
};

/** `and` and `or` stop at the first argument that decides. */
const LAZY_FUNCTIONS = ["and", "or"] as const;
export const FUNCTION_NAMES: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), ...LAZY_FUNCTIONS]);

function text(value: Value | undefined, name: string): string {
  if (value?.pointer && (value.json === undefined || value.json === null)) {
    throw new TemplateValueError(`${name}: dereference of nil pointer`, GUARD);
  }
  if (typeof value?.json !== "string") throw new TemplateValueError(`${name}: wrong type for value; expected string`);
  return value.json;
}

function integer(value: Value | undefined, name: string): number {
  if (typeof value?.json !== "number")
    throw new TemplateValueError(`${name}: wrong type for value; expected an integer`);
  return value.json;
}

/** vLLM's --shutdown-timeout: the grace period minus the preStop hook and a reserve. */
function shutdownTimeout(pod: Value, preStop: number): number {
  const grace = isObject(pod.json) ? pod.json["terminationGracePeriodSeconds"] : undefined;
  const seconds = typeof grace === "number" ? grace : DEFAULT_GRACE_SECONDS;
  return Math.max(0, seconds - preStop - Math.min(SHUTDOWN_RESERVE_SECONDS, seconds));
}

/** vLLM's --kv-transfer-config for KV-cache offloading, quoted so that it survives JSON and then the preset's shell. */
function kvTransferConfig(spec: Value): string {
  if (spec.type !== "KVCacheOffloadingSpec" || !isObject(spec.json)) return "";
  const config = offloadingConnector(spec.json as Parameters<typeof offloadingConnector>[0]);
  return `--kv-transfer-config '${JSON.stringify(config).replaceAll('"', '\\\\\\"')}'`;
}

function basic(value: Value, name: string): string | number | boolean | null {
  const { json } = value;
  if (json === undefined || json === null) return null;
  if (value.pointer) throw new TemplateValueError(`${name}: incompatible types for comparison: a pointer and a value`);
  if (typeof json === "object") throw new TemplateValueError(`${name}: non-comparable type`);
  return json;
}

function equal(a: Value, b: Value, name: string): boolean {
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
  const [left, right] = [basic(a, name), basic(b, name)];
  if (typeof left !== typeof right) throw new TemplateValueError(`${name}: incompatible types for comparison`);
  return left === right;
}

function isNil({ json }: Value): boolean {
  return json === undefined || json === null;
}

function compare(a: Value, b: Value, name: string): number {
  const [left, right] = [basic(a, name), basic(b, name)];
  if (left === null || right === null || typeof left !== typeof right || typeof left === "boolean") {
    throw new TemplateValueError(`${name}: invalid type for comparison`);
  }
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function length(value: Value): number {
  if (typeof value.json === "string") return Buffer.byteLength(value.json);
  if (Array.isArray(value.json)) return value.json.length;
  if (isObject(value.json) && value.shape === "map") return Object.keys(value.json).length;
  throw new TemplateValueError("len: not a string, list or map");
}

function entry(holder: Value, key: Value): Value {
  if (Array.isArray(holder.json) && typeof key.json === "number") {
    if (key.json < 0 || key.json >= holder.json.length)
      throw new TemplateValueError(`index: index out of range: ${key.json}`);
    return itemOf(holder, holder.json[key.json]);
  }
  if (isObject(holder.json) && holder.shape === "map" && typeof key.json === "string") {
    return itemOf(holder, entryOf(holder.json, key.json) ?? "");
  }
  throw new TemplateValueError("index: not a list with a number, nor a map with a string");
}

/** Go's Sprint: a space between two values if neither is a string. */
function print(args: readonly Value[]): string {
  return args.reduce((out, value, index) => {
    const before = args[index - 1];
    const spaced = before !== undefined && typeof before.json !== "string" && typeof value.json !== "string";
    return out + (spaced ? " " : "") + format(value);
  }, "");
}

function printf(layout: string, args: readonly Value[]): string {
  const rest = [...args];
  const written = layout.replace(/%([%svdqt]|.?)/g, (verb, kind: string) => {
    if (kind === "%") return "%";
    if (!"svdqt".includes(kind) || kind === "") throw new TemplateValueError(`printf: ${verb} is not supported`);
    const value = rest.shift();
    if (value === undefined) return `%!${kind}(MISSING)`;
    return kind === "q" ? JSON.stringify(format(value)) : format({ ...value, pointer: false } satisfies Value);
  });
  return written;
}

/** A literal of a template as a value. */
export function literal(value: Json): Value {
  return { json: value ?? undefined, pointer: false, shape: "scalar" };
}

import { flagPath, removal } from "../knowledge/engine/flags/argfields.ts";
import { parseArgs } from "../knowledge/engine/flags/commandline.ts";
import { flagName } from "../knowledge/engine/flags/flags.ts";
import { asText, formatPath, isObject, type Json, type JsonObject } from "../kubernetes/json.ts";
import { isDirective } from "../kubernetes/patch/directives.ts";
import { type Field, typeNamed } from "../kubernetes/patch/schema.ts";
import { entryOf } from "../kubernetes/table.ts";

/**
 * A document by its leaves, in document order. A leaf is a scalar, an empty map or list, a list of scalars, or a flag
 * of a command line. Items of lists that Kubernetes merges by a key are named by it (`containers[name=main].image`),
 * those of other lists by their index (`rules[0].name`); a null is a leaf too.
 */
export type Leaves = ReadonlyMap<string, Json>;

/**
 * The leaves of a document of a type of the merge tables; without a known type, the items of every list are named by
 * their index.
 */
export function leavesOf(document: JsonObject, type?: string): Leaves {
  const leaves = new Map<string, Json>();
  visitFields(document, type, "", leaves);
  return leaves;
}

/** `path.name`; names that are not plain words are in brackets. */
function fieldPath(path: string, name: string): string {
  const step = formatPath([name]);
  return path === "" || step.startsWith("[") ? path + step : `${path}.${step}`;
}

function visitFields(value: JsonObject, type: string | undefined, path: string, leaves: Map<string, Json>): void {
  const fields = typeNamed(type);
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const here = fieldPath(path, name);
    if (name === removal.DIRECTIVE) visitRemovals(item, fieldPath(path, "args"), leaves);
    else if (isDirective(name)) continue;
    else if (isCommandLine(type, name, item)) visitWords(item, here, leaves);
    else visitValue(item, fields?.get(name), here, leaves);
  }
}

function visitValue(value: Json, field: Field | undefined, path: string, leaves: Map<string, Json>): void {
  if (isObject(value) && Object.keys(value).length > 0) visitFields(value, field?.type, path, leaves);
  else if (Array.isArray(value) && value.some(isObject)) visitItems(value, field, path, leaves);
  else leaves.set(path, value);
}

function visitItems(items: readonly Json[], field: Field | undefined, path: string, leaves: Map<string, Json>): void {
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const value = field?.key === undefined || !isObject(item) ? undefined : entryOf(item, field.key);
    const here = value === undefined ? `${path}[${index}]` : unique(`${field?.key}=${asText(value)}`, path, seen);
    if (isObject(item) && Object.keys(item).length > 0) visitFields(item, field?.type, here, leaves);
    else leaves.set(here, item);
  });
}

/** Kubernetes permits a port twice, for two protocols: the second is `[containerPort=53#2]`. */
function unique(name: string, path: string, seen: Map<string, number>): string {
  const times = (seen.get(name) ?? 0) + 1;
  seen.set(name, times);
  return `${path}[${name}${times > 1 ? `#${times}` : ""}]`;
}

/** Flags that a layer removes are nulls, like fields that it deletes. */
function visitRemovals(flags: Json, path: string, leaves: Map<string, Json>): void {
  if (!Array.isArray(flags)) return;
  for (const flag of flags) leaves.set(flag === removal.ALL ? path : flagPath(path, flagName(asText(flag))), null);
}

const CONTAINERS = ["Container", "EphemeralContainer"];

/** Command lines are shown flag by flag, however they are merged; a program without long flags is one leaf. */
function isCommandLine(type: string | undefined, name: string, value: Json): value is string[] {
  if ((name !== "args" && name !== "command") || !CONTAINERS.includes(type ?? "")) return false;
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) return false;
  return value.some((word) => flagIn(word) !== undefined);
}

/** The long flag that a word is, or that it contains after a template's condition. */
function flagIn(word: string): string | undefined {
  return /^(?:\{\{.*?\}\})?--(?:no-)?([A-Za-z][\w.-]*)/.exec(word)?.[1]?.replaceAll("_", "-");
}

function visitWords(words: readonly string[], path: string, leaves: Map<string, Json>): void {
  const seen = new Map<string, number>();
  let place = 0;
  for (const { flag, values, negated, words: written } of parseArgs(words)) {
    const [word = ""] = written;
    const long = flagIn(word);
    // As it is written: a short flag of vLLM may be a flag of another program.
    const name = long !== undefined && flag?.startsWith(long) ? long : (flag ?? long);
    if (name === undefined) leaves.set(`${path}[${place++}]`, word);
    else if (flag === undefined) leaves.set(unique(`--${name}`, path, seen), word);
    else leaves.set(unique(`--${name}`, path, seen), values.length > 0 ? values.join(" ") : !negated);
  }
}

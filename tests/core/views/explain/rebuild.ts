import { isObject, type Json, type JsonObject } from "../../../../core/kubernetes/json.ts";

/**
 * Builds a document from rows of leaves, only by their paths: the result equals the spec only if every leaf has its
 * row. Command lines become lists of `--flag value` texts, in {@link flattened} too.
 */
export function rebuild(rows: readonly { path: string; value: Json }[]): Json {
  const root: Node = { fields: new Map() };
  for (const { path, value } of rows) {
    let node = root;
    for (const step of path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []) {
      const next: Node = node.fields.get(step) ?? { fields: new Map() };
      node.fields.set(step, next);
      node = next;
    }
    node.value = value;
  }
  return built(root);
}

interface Node {
  fields: Map<string, Node>;
  value?: Json;
}

function built({ fields, value }: Node): Json {
  if (value !== undefined) return value;
  const steps = [...fields.keys()];
  const isFlags = steps.some((step) => step.startsWith("[--"));
  if (isFlags) return [...fields].map(([step, node]) => wordOf(step, node.value ?? null)).sort();
  const isList = steps.some((step) => /^\[(\d+|\w+=.*)\]$/.test(step));
  if (isList) return [...fields.values()].map(built);
  return Object.fromEntries([...fields].map(([step, node]) => [step.replace(/^\[(.*)\]$/, "$1"), built(node)]));
}

function wordOf(step: string, value: Json): string {
  const flag = /^\[(--.*?)(#\d+)?\]$/.exec(step)?.[1];
  if (flag === undefined) return String(value);
  if (value === false) return `--no-${flag.slice(2)}`;
  return value === true ? flag : `${flag} ${value}`;
}

/**
 * The spec with its command lines in the same form, read word by word: a word after a flag without `=` is its value.
 */
export function flattened(value: Json | undefined, name = ""): Json {
  if (Array.isArray(value)) {
    const isWords = (name === "args" || name === "command") && value.every((word) => typeof word === "string");
    return isWords && value.some((word) => /^(\{\{.*\}\})?--[a-z]/.test(word))
      ? flags(value)
      : value.map((item) => flattened(item));
  }
  if (!isObject(value)) return value ?? null;
  const entries = Object.entries(value as JsonObject).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, flattened(item, key)]));
}

function flags(words: readonly string[]): Json[] {
  const out: string[] = [];
  let takesMore = false;
  for (const word of words) {
    const [, flag, value] = /^(--[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag !== undefined) out.push(value === undefined ? dashed(flag) : `${dashed(flag)} ${value}`);
    else if (takesMore) out[out.length - 1] = `${out.at(-1)} ${word}`;
    else out.push(word);
    if (flag !== undefined) takesMore = value === undefined;
  }
  return out.sort();
}

function dashed(flag: string): string {
  return flag.replaceAll("_", "-");
}

import { isObject, type Json } from "../../../kubernetes/json.ts";
import { entryOf, setEntry } from "../../../kubernetes/table.ts";
import { revisionOf } from "../../../kubernetes/workloads/revision.ts";

const LENGTH = 16;

/** A text that is the same for words that say the same: neither the order of the keys of JSON counts nor its spaces. */
export function keyOf(words: readonly string[]): string {
  const text = words.join(" ");
  const read = text.startsWith("{") ? readJson(text) : text;
  return isObject(read) ? revisionOf(read, LENGTH) : `value ${text}`;
}

/**
 * The JSON that a flag has whose keys are written by themselves (`--flag.key=value`): they take the place of the flag's own value.
 * Source: FlexibleArgumentParser in vllm/utils/argparse_utils.py.
 */
export function jsonOfKeys(keys: readonly (readonly [path: string, value: string])[]): string {
  const whole: Tree = {};
  for (const [path, value] of keys) setAt(whole, path.split("."), readJson(value));
  return JSON.stringify(whole);
}

interface Tree {
  [key: string]: Json;
}

function setAt(tree: Tree, steps: readonly string[], value: Json): void {
  const [key = "", ...below] = steps;
  const before = entryOf(tree, key);
  const inner = isObject(before) ? ({ ...before } as Tree) : {};
  if (below.length > 0) setAt(inner, below, value);
  setEntry(tree, key, below.length > 0 ? inner : value);
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

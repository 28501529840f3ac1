import { isObject, type Json } from "../../../kubernetes/json.ts";
import { entryOf, setEntry } from "../../../kubernetes/table.ts";
import { revisionOf } from "../../../kubernetes/workloads/revision.ts";

const LENGTH = 16;

/** A text that is the same for words of the same meaning: neither the order of JSON's keys nor its spaces count. */
export function keyOf(words: readonly string[]): string {
  const text = words.join(" ");
  const read = text.startsWith("{") ? readJson(text) : text;
  return isObject(read) ? revisionOf(read, LENGTH) : `value ${text}`;
}

/**
 * The JSON of a flag whose keys are written separately (`--flag.key=value`): they replace the flag's own value. Source:
 * FlexibleArgumentParser in vllm/utils/argparse_utils.py.
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

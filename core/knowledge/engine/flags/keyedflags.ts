import { isObject, type JsonObject, jsonOrText } from "../../../kubernetes/json.ts";
import { entryOf, setEntry } from "../../../kubernetes/table.ts";
import { rootOf } from "./flagbook.ts";
import type { Arg } from "./latestargs.ts";

/**
 * The documents from the keys of JSON flags, by flag: `--flag.a.b=1 --flag.c=x` is `{"a": {"b": 1}, "c": "x"}`, and
 * `--flag.d+=1,2` adds to a list. Source: FlexibleArgumentParser.parse_args, vllm/utils/argparse_utils.py, from 0.9 on.
 */
export function documentsOf(args: readonly Arg[], isJson: (flag: string) => boolean): ReadonlyMap<string, string> {
  const documents = new Map<string, JsonObject>();
  for (const { flag = "", values } of args) {
    const root = rootOf(flag);
    const [value] = values;
    if (flag === root || value === undefined || !isJson(root)) continue;
    const document = documents.get(root) ?? {};
    documents.set(root, document);
    write(document, flag.slice(root.length + 1).split("."), value);
  }
  return new Map([...documents].map(([flag, document]) => [flag, JSON.stringify(document)]));
}

/** No configuration of vLLM has this many levels; deeper keys are left out. */
const DEEPEST = 50;

/** Writes a value into a document that is not shared yet. */
function write(document: JsonObject, keys: readonly string[], text: string): void {
  if (keys.length > DEEPEST) return;
  const last = keys.at(-1) ?? "";
  const isList = last.endsWith("+");
  const key = isList ? last.slice(0, -1) : last;
  const inner = keys.slice(0, -1).reduce(objectIn, document);
  const [before, value] = [entryOf(inner, key), isList ? text.split(",") : jsonOrText(text)];
  setEntry(inner, key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
}

function objectIn(document: JsonObject, key: string): JsonObject {
  const found = entryOf(document, key);
  if (isObject(found)) return found;
  const made: JsonObject = {};
  setEntry(document, key, made);
  return made;
}

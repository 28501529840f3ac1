import { isObject, jsonOrText } from "../../../kubernetes/json.ts";
import { revisionOf } from "../../../kubernetes/workloads/revision.ts";

const LENGTH = 16;

/** A text that is the same for words of the same meaning: neither the order of JSON's keys nor its spaces count. */
export function keyOf(words: readonly string[]): string {
  const text = words.join(" ");
  const read = text.startsWith("{") ? jsonOrText(text) : text;
  return isObject(read) ? revisionOf(read, LENGTH) : `value ${text}`;
}

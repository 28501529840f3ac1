import { isObject } from "../../../kubernetes/json.ts";
import type { Rule } from "./fields.ts";
import { invalid, itemsOf, type Refusal, shown } from "./rule.ts";

/**
 * What containers start. The API server takes these pods, and the container runtime finds no program of that name: a command is
 * a list of words, and no shell cuts a word at its spaces. Source: execve(2); Kubernetes documentation, "Define a Command and
 * Arguments for a Container".
 */
export const STARTS: Rule = (pod, { path }) => {
  if (!isObject(pod)) return [];
  const containers = ["containers", "initContainers"].flatMap((list) => itemsOf(pod, list, path));
  return containers.flatMap(({ item, at }) => judgeProgram(item["command"], `${at}.command[0]`));
};

/** A known program and words for it, all in the first word. A path may have spaces of its own. */
const LINE = /^(?:\S*\/)?(?:vllm|python[\d.]*|sglang|(?:ba|da|z)?sh|env|exec|torchrun|ray)\s+(\S.*)$/s;

function judgeProgram(command: unknown, at: string): Refusal[] {
  const word: unknown = Array.isArray(command) ? command[0] : undefined;
  if (typeof word !== "string" || !LINE.test(word)) return [];
  const words = word.trim().split(/\s+/);
  const example = words.length > 4 ? [...words.slice(0, 3), "…"] : words;
  const message = `the kubelet will not start the container: no program is called ${shown(word)}, for no shell cuts it into words`;
  return [invalid(at, message, `write each word as a separate item: [${example.join(", ")}]`)];
}

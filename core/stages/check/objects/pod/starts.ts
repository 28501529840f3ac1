import { isObject } from "../../../../kubernetes/json.ts";
import { shellWordsOf } from "../../../../kubernetes/shellwords.ts";
import type { Rule } from "../fields.ts";
import { invalid, itemsOf, type Refusal, shown } from "../rule.ts";

/**
 * What containers start. The API server accepts these pods, but the container runtime finds no program of that name: a
 * command is a list of words, and no shell splits a word at its spaces. Source: execve(2); Kubernetes documentation,
 * "Define a Command and Arguments for a Container".
 */
export const STARTS: Rule = (pod, { path }) => {
  if (!isObject(pod)) return [];
  const containers = ["containers", "initContainers"].flatMap((list) => itemsOf(pod, list, path));
  return containers.flatMap(({ item, at }) => judgeProgram(item["command"], `${at}.command`));
};

/** A known program and its arguments, all in the first word. A path may contain spaces. */
const LINE = /^(?:\S*\/)?(?:vllm|python[\d.]*|sglang|(?:ba|da|z)?sh|env|exec|torchrun|ray)\s+(\S.*)$/s;

/** Syntax that only a shell understands: variables, pipes, and sequences of commands. */
const SHELL = /[$`|;&<>]/;

function judgeProgram(command: unknown, path: string): Refusal[] {
  const [word, ...others]: unknown[] = Array.isArray(command) ? command : [];
  if (typeof word !== "string" || !LINE.test(word)) return [];
  const message = `the kubelet will not start the container: no program is called ${shown(word)}, and no shell splits this text into words`;
  const cut = [...shellWordsOf(word).map(({ read }) => read), ...others].map(String);
  const script = [word, ...others].join(" ");
  const needsShell = SHELL.test(word);
  const value = needsShell ? ["/bin/sh", "-c", /[|;&]/.test(word) ? script : `exec ${script}`] : cut;
  const fix = needsShell ? "start it with a shell" : "write each word as a separate item";
  return [{ ...invalid(`${path}[0]`, message, `${fix}: ${JSON.stringify(value)}`), right: { path, value } }];
}

import type { Issue } from "../../contract/issues/issue.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { mergeArgs, parseArgs } from "../../knowledge/engine/flags/commandline.ts";
import { scriptAt, vllmStart } from "../../knowledge/engine/start/start.ts";
import { type PlainWord, plainWord, plainWords, unquoted } from "../../knowledge/engine/variables/variables.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { withItems } from "../../kubernetes/table.ts";
import type { DerivePlace } from "./place.ts";

/**
 * The engine's command line without shell syntax. KServe's presets evaluate args and VLLM_ADDITIONAL_ARGS in a shell,
 * so these contain quotes and `${NAME}` for a shell; if vLLM is started without one, it would receive them literally.
 * Args that a shell evaluates stay.
 */
export function withPlainWords(container: Container, place: DerivePlace): Container {
  const start = vllmStart(container);
  if (start === undefined || !start.takesArgs || start.evaluated) return container;
  const { command, args } = container;
  // A shell reads the words of a script.
  const isRead = command !== undefined && scriptAt(command) === undefined;
  const plainCommand = isRead ? inPlainWords("command", command, container, place) : command;
  const plainArgs = args && inPlainWords("args", args, container, place);
  if (plainCommand === command && plainArgs === args) return withAdditionalArgs(container, place);
  const plain = { ...(command && { command: plainCommand }), ...(args && { args: plainArgs }) };
  return withAdditionalArgs({ ...container, ...plain }, place);
}

/** The words of a field as vLLM receives them, and the same list if none changes; unknown variables are reported. */
function inPlainWords(field: "command" | "args", words: string[], container: Container, place: DerivePlace): string[] {
  return withItems(words, (word) => {
    const { text, missing } = plainWord(unquoted(word), container);
    for (const one of missing) place.report(missingVariable(one, text, place, `${place.path}.${field}`));
    return text;
  });
}

const ADDITIONAL = "VLLM_ADDITIONAL_ARGS";

/** Merges the flags of the variable over the args, if no shell passes them to the engine, and removes the variable. */
function withAdditionalArgs(container: Container, place: DerivePlace): Container {
  const { command = [], args = [], env = [] } = container;
  const variable = env.find(({ name }) => name === ADDITIONAL);
  if (variable === undefined || [...command, ...args].some((word) => word.includes(ADDITIONAL))) return container;
  const at = `${place.path}.env[name=${ADDITIONAL}]`;
  if (variable.value === undefined) {
    if (variable.valueFrom !== undefined) place.report(unreadable(at, place));
    return container;
  }
  const words = plainWords(variable.value, container);
  for (const word of words) for (const one of word.missing) place.report(missingVariable(one, word.text, place, at));
  const rest = env.filter(({ name }) => name !== ADDITIONAL);
  return { ...container, args: mergeArgs(args, words.map(textOf)), env: rest };
}

function textOf({ text }: PlainWord): string {
  return text;
}

function missingVariable(
  { name, isKubernetes }: PlainWord["missing"][number],
  word: string,
  { provenance }: DerivePlace,
  at: string,
): Issue {
  const [arg] = parseArgs([word]);
  const { layer = "merged" } = provenance.get(flagPath(at, arg?.flag ?? "")) ?? provenance.get(at) ?? {};
  const isCommand = !/^\w+$/.test(name);
  return {
    code: "InvalidFlagValue",
    severity: isKubernetes ? "warning" : "error",
    path: `spec.${at}`,
    layer: provenance.get(`${at}.value`)?.layer ?? layer,
    message: isCommand
      ? `$(${name}) is a command of a shell, but no shell reads the command line of the engine`
      : `the variable ${name} is not in the env of the container, so the engine would get its name instead of a value`,
    fix: isCommand
      ? `write the value in place of $(${name})`
      : `add ${name} to the env of the container, or write the value itself`,
  };
}

function unreadable(at: string, { provenance }: DerivePlace): Issue {
  return {
    code: "UnusedField",
    severity: "error",
    path: `spec.${at}.valueFrom`,
    layer: provenance.get(`${at}.valueFrom`)?.layer ?? "merged",
    message: `the value of ${ADDITIONAL} is known only in the cluster, and no shell passes it to vLLM, so its flags have no effect`,
    fix: `write the flags into args, or set command to ["/bin/sh", "-c", "exec vllm serve \\"$@\\" $${ADDITIONAL}", "vllm"]`,
  };
}

import type { Json, JsonObject } from "../../kubernetes/json.ts";
import type { Meeting } from "../../kubernetes/patch/policy.ts";
import { mergeArgs, parseArgs } from "./commandline.ts";
import { refusesFlags, type Startable, takesFlags, vllmStart } from "./start.ts";

/**
 * What of an earlier container and a later layer's meets, where args merge flag by flag. Args belong to the command that they
 * were written for: below another one that is not vLLM's they are left, and args over a command that is not vLLM's are its whole
 * command line, as KServe has it. Below another way to start vLLM its flags stay, but for what the new command says itself.
 * `flagsAlone`: the later layer's args are flags of vLLM, which no other engine is given.
 */
export function commandsMeeting(base: JsonObject, patch: JsonObject, flagsAlone: boolean): Meeting {
  if (patch["command"] === undefined && patch["args"] === undefined) return { base, patch };
  const isNew = patch["command"] !== undefined && !isSame(patch["command"], base["command"]);
  const later = startable(base, patch);
  const isForeign = isNew ? !takesFlags(later) : refusesFlags(later);
  if (isForeign && flagsAlone) return { base, patch: without(patch, "args") };
  if (isForeign) return { base: isNew || patch["args"] !== undefined ? without(base, "args") : base, patch };
  if (!isNew) return { base, patch };
  if (refusesFlags(startable(base, {}))) return { base: without(base, "args"), patch };
  return { base: forCommand(base, patch), patch };
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
}

/** The container as the later layer leaves it, with the args of the later layer alone where it has any. */
function startable(base: JsonObject, patch: JsonObject): Startable {
  const { command, args, image } = { ...base, ...patch };
  return { command: textsIn(command), args: textsIn(args), ...(typeof image === "string" && { image }) };
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function without(value: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== field));
}

/** The earlier args below another command of vLLM: without the flags and the model that it says, and as it reads the model. */
function forCommand(base: JsonObject, patch: JsonObject): JsonObject {
  const { args: earlier } = base;
  if (!Array.isArray(earlier)) return base;
  const command = textsIn(patch["command"]);
  // What stands behind the args wins over them anyway; the two dashes mark where they begin.
  const start = vllmStart({ command, args: ["--"] });
  if (start === undefined) return base;
  const ofCommand = parseArgs(start.args);
  const said = new Set(ofCommand.map(({ flag }) => flag));
  const hasModel = said.has(undefined) || said.has("model") || isModelSaid(patch);
  const kept = parseArgs(textsIn(earlier)).flatMap((arg): string[] => {
    if (arg.flag !== undefined) return said.has(arg.flag) ? [] : arg.words;
    if (hasModel) return [];
    return start.isModule ? [`--model=${arg.words[0] ?? ""}`] : arg.words;
  });
  return { ...base, args: mergeArgs([], kept) };
}

function isModelSaid({ args }: JsonObject): boolean {
  return parseArgs(textsIn(args)).some(({ flag }) => flag === "model");
}

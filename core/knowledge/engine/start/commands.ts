import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import type { Meeting } from "../../../kubernetes/patch/policy.ts";
import type { EngineKind } from "../engines.ts";
import { ENGINE_FLAGS } from "../flags/known.ts";
import { asFlagsOfSglang } from "../sglang/settings.ts";
import { engineStart, refusesFlags, type Startable, takesFlags } from "./start.ts";

interface MeetingRules {
  /** Whether the later layer's args are flags of vLLM, which another engine only gets if it has a counterpart. */
  flagsAlone: boolean;
  /** The engine of the service. */
  engine: EngineKind;
}

/**
 * How an earlier container and a later layer's are merged where args merge flag by flag. Args belong to the command
 * that they were written for: below a command that does not start the engine they are dropped, and args over such a
 * command are its whole command line, as in KServe. Below another way to start the engine its flags stay, except for
 * those that the new command sets itself.
 */
export function commandsMeeting(base: JsonObject, patch: JsonObject, { flagsAlone, engine }: MeetingRules): Meeting {
  if (patch["command"] === undefined && patch["args"] === undefined) return { base, patch };
  const isNew = patch["command"] !== undefined && !isSame(patch["command"], base["command"]);
  const later = startable(base, patch);
  const isForeign = isNew ? !takesFlags(later, engine) : refusesFlags(later, engine);
  if (isForeign && flagsAlone) return { base, patch: without(patch, "args") };
  if (isForeign) return { base: isNew || patch["args"] !== undefined ? without(base, "args") : base, patch };
  if (flagsAlone && engine === "sglang") return { base, patch: inSglang(patch) };
  if (!isNew) return { base, patch };
  if (refusesFlags(startable(base, {}), engine)) return { base: without(base, "args"), patch };
  return { base: forCommand(base, patch, engine), patch };
}

/** Settings, which are lowered to flags of vLLM, as flags of SGLang; without args if SGLang has none of them. */
function inSglang(patch: JsonObject): JsonObject {
  const args = asFlagsOfSglang(textsIn(patch["args"]));
  return args.length === 0 ? without(patch, "args") : { ...patch, args };
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
}

/** The container after the later layer, with the args of the later layer alone if it has any. */
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

/**
 * The earlier args below another command of the engine: without the flags and the model that the command sets, and with
 * the model in the form that the command reads.
 */
function forCommand(base: JsonObject, patch: JsonObject, engine: EngineKind): JsonObject {
  const { args: earlier } = base;
  if (!Array.isArray(earlier)) return base;
  const command = textsIn(patch["command"]);
  // Flags of the variable come after the args and win anyway; the two dashes mark where they begin.
  const start = engineStart({ command, args: ["--"] }, engine);
  if (start === undefined) return base;
  const { parseArgs, mergeArgs } = ENGINE_FLAGS[engine].lines;
  const ofCommand = parseArgs(start.args);
  const named = new Set(ofCommand.map(({ flag }) => flag));
  const hasModel =
    named.has(undefined) ||
    named.has("model") ||
    parseArgs(textsIn(patch["args"])).some(({ flag }) => flag === "model");
  const kept = parseArgs(textsIn(earlier)).flatMap((arg): string[] => {
    if (arg.flag !== undefined) return named.has(arg.flag) ? [] : arg.words;
    if (hasModel) return [];
    return start.isModule ? [`--model=${arg.words[0] ?? ""}`] : arg.words;
  });
  return { ...base, args: mergeArgs([], kept) };
}

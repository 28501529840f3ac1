import { asText, isObject, type Json, type JsonObject } from "../../../../kubernetes/json.ts";
import { entryOf, tableOf, withEntries } from "../../../../kubernetes/table.ts";
import type { EditInput } from "./eppedit.ts";
import { parametersOf, withParameters } from "./eppplugins.ts";

const HANDLERS = ["disagg-profile-handler", "pd-profile-handler"];
const ALWAYS = "always-disagg-pd-decider";
const BY_PREFIX = "prefix-based-pd-decider";
/** Characters per token, roughly: the threshold was in characters and is now in tokens. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Since llm-d's router 0.7.0 a separate plugin decides whether a request is prefilled elsewhere: a decider's name, or
 * the threshold of uncached characters, becomes such a plugin, declared before the handler that names it. Source:
 * WithMigrateDisaggProfileParams in scheduler.go, KServe v0.20.0.
 */
export function migrateDisaggregation(config: JsonObject, input: EditInput): JsonObject {
  const { plugins } = config;
  if (!Array.isArray(plugins)) return config;
  const first = plugins.findIndex(isHandler);
  if (first < 0) return config;
  const added: JsonObject[] = [];
  const edited = plugins.map((plugin) => {
    if (!isHandler(plugin)) return plugin;
    const { handler, decider } = migrateHandler(plugin, input);
    if (decider === undefined) return written(handler, input);
    const known = [...plugins, ...added].find((one) => isObject(one) && one["type"] === decider["type"]);
    if (!isObject(known)) {
      added.push(decider);
      return written(handler, input);
    }
    tellKnown(plugin, { decider, known }, input);
    return written(input.schedulerMigrations === "asKServe" ? handler : deciding(handler, nameOf(known)), input);
  });
  return { ...config, plugins: [...edited.slice(0, first), ...added, ...edited.slice(first)] };
}

function written(handler: JsonObject, { schedulerMigrations }: EditInput): JsonObject {
  return schedulerMigrations === "asKServe" ? handler : nested(handler);
}

function isHandler(plugin: Json): plugin is JsonObject {
  return isObject(plugin) && HANDLERS.includes(asText(plugin["type"]));
}

function nameOf({ name, type }: JsonObject): Json {
  return name || type || "";
}

function migrateHandler(plugin: JsonObject, input: EditInput): { handler: JsonObject; decider?: JsonObject } {
  const { deciderPluginName, threshold, ...rest } = parametersOf(plugin);
  const bare = withParameters(plugin, rest);
  if ("deciders" in rest) return { handler: plugin };
  if (deciderPluginName !== undefined) {
    if (threshold !== undefined) tellUnread(plugin, input);
    return { handler: deciding(bare, deciderPluginName) };
  }
  if (threshold === undefined) return { handler: plugin };
  if (asText(threshold) === "0") return { handler: deciding(bare, ALWAYS), decider: { type: ALWAYS } };
  const parameters = { nonCachedTokens: tokensOf(threshold) };
  return { handler: deciding(bare, BY_PREFIX), decider: { type: BY_PREFIX, parameters } };
}

function deciding(handler: JsonObject, prefill: Json): JsonObject {
  return withParameters(handler, { ...parametersOf(handler), deciders: { prefill } });
}

/** The named decider decides, and it has no threshold. */
function tellUnread({ type }: JsonObject, { tell }: EditInput): void {
  const message = `gives the plugin ${asText(type)} a threshold, which has no effect next to deciderPluginName, and the plan leaves it out`;
  tell?.(message, `remove threshold from ${asText(type)}`);
}

/** A declared decider keeps its own parameters: a threshold with another number of tokens has no effect. */
function tellKnown(
  { type }: JsonObject,
  { decider, known }: { decider: JsonObject; known: JsonObject },
  { tell }: EditInput,
): void {
  const { nonCachedTokens } = parametersOf(decider);
  if (nonCachedTokens === undefined || parametersOf(known)["nonCachedTokens"] === nonCachedTokens) return;
  const name = asText(nameOf(known));
  const message = `gives the plugin ${asText(type)} a threshold, but declares the plugin ${name}, which keeps its own nonCachedTokens`;
  const fix = `set nonCachedTokens of ${name} to ${asText(nonCachedTokens)}, and remove threshold from ${asText(type)}`;
  tell?.(message, fix);
}

const PROFILES = tableOf({ decodeProfile: "decode", prefillProfile: "prefill", encodeProfile: "encode" });

/**
 * A handler with deciders has profiles in the same form, because it refuses the older one next to them. Source:
 * HandlerFactory of disagg-profile-handler in llm-d-inference-scheduler 0.7; KServe leaves the older form.
 */
function nested(handler: JsonObject): JsonObject {
  const parameters = parametersOf(handler);
  if (!isObject(parameters["deciders"]) || parameters["profiles"] !== undefined) return handler;
  const profiles = [...PROFILES].flatMap(([flat, stage]) => {
    const name = entryOf(parameters, flat);
    return name === undefined ? [] : [[stage, name] as const];
  });
  if (profiles.length === 0) return handler;
  const rest = withEntries(parameters, (value, name) => (PROFILES.has(name) ? undefined : value));
  return withParameters(handler, { ...rest, profiles: Object.fromEntries(profiles) });
}

function tokensOf(threshold: Json): number {
  const characters = Number.parseFloat(asText(threshold));
  return Number.isNaN(characters) ? 1 : Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

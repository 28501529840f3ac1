import { PLUGIN } from "../../../../knowledge/scheduler/config.ts";
import { asText, isObject, type Json, type JsonObject, objectOf } from "../../../../kubernetes/json.ts";
import type { EditInput } from "./eppedit.ts";
import { editPlugins, editProfiles, parametersOf, withParameters } from "./eppplugins.ts";

/**
 * Precise prefix scoring since llm-d's router 0.9.0: three plugins replace one; the first of them calls a tokenizer
 * over HTTP. Source: withDecomposePrecisePrefixCacheScorer and withInjectTokenProducerConfig in scheduler.go, KServe
 * v0.21.
 */

/** Path of the model in the tokenizer, which also uses it as the model's name. */
export const TOKENIZED_MODEL = "/mnt/models/base";

export function dividePreciseScorer(config: JsonObject, input: EditInput): JsonObject {
  const { plugins } = config;
  const { tokenizerUrl } = input;
  if (tokenizerUrl === undefined || !Array.isArray(plugins)) return config;
  const at = plugins.findIndex((plugin) => isOf(plugin, PLUGIN.precise));
  const old = plugins[at];
  if (!isObject(old)) return config;
  const isKept = (plugin: Json, i: number): boolean => i !== at && !isOf(plugin, PLUGIN.score);
  tellUnited(plugins, input);
  const asKServe = input.schedulerMigrations === "asKServe";
  // KServe takes the position before it removes the scorers in front of it.
  const before = asKServe ? at : plugins.slice(0, at).filter(isKept).length;
  const kept = plugins.filter(isKept);
  const hasTokens = !asKServe && plugins.some((plugin) => isOf(plugin, PLUGIN.tokens));
  const divided = [
    ...(hasTokens ? [] : [{ type: PLUGIN.tokens, parameters: tokenParameters({}, tokenizerUrl) }]),
    producerOf(old, input),
    { type: PLUGIN.score, parameters: { prefixMatchInfoProducerName: PLUGIN.prefixes } },
  ];
  const names = asKServe ? [PLUGIN.precise] : [PLUGIN.precise, ...namesOf(plugins)];
  const edited = { ...config, plugins: [...kept.slice(0, before), ...divided, ...kept.slice(before)] };
  return editProfiles(edited, (refs) => scoredOnce(refs, names));
}

/** The new scorer is also that of the prefixes which the scheduler counted itself: both cannot stand in one configuration. */
function tellUnited(plugins: readonly Json[], { tell }: EditInput): void {
  if (!plugins.some((plugin) => isOf(plugin, PLUGIN.score))) return;
  const message = `declares ${PLUGIN.precise} and ${PLUGIN.score}, which are one plugin for its release: the plan keeps one of them, with the first weight in each profile`;
  tell?.(message, `remove ${PLUGIN.score}, and what names it in the profiles`);
}

/** Names of the removed plugins: references to them become references to the new scorer. */
function namesOf(plugins: readonly Json[]): string[] {
  return plugins.flatMap((plugin) => {
    const isGone = isOf(plugin, PLUGIN.precise) || isOf(plugin, PLUGIN.score);
    return isGone && isObject(plugin) && typeof plugin["name"] === "string" ? [plugin["name"]] : [];
  });
}

function isOf(plugin: Json | undefined, type: string): boolean {
  return isObject(plugin) && plugin["type"] === type;
}

/** The parameters of the old plugin become the producer's, except for tokenizers, which it no longer has. */
function producerOf(old: JsonObject, { tell }: EditInput): JsonObject {
  const { indexerConfig, ...rest } = parametersOf(old);
  const { tokenizersPoolConfig: gone, tokenProcessorConfig, ...indexer } = objectOf(indexerConfig);
  if (gone !== undefined) {
    const message = `gives the plugin ${PLUGIN.precise} a tokenizersPoolConfig, which its release does not read, and the plan leaves out`;
    const fix = `remove tokenizersPoolConfig, and configure the tokenizer in spec.router.scheduler.tokenizer`;
    tell?.(message, fix);
  }
  const lifted = tokenProcessorConfig !== undefined && !("tokenProcessorConfig" in rest);
  const parameters = {
    ...rest,
    ...(lifted && { tokenProcessorConfig }),
    ...(Object.keys(indexer).length > 0 && { indexerConfig: indexer }),
  };
  return { type: PLUGIN.prefixes, ...(Object.keys(parameters).length > 0 && { parameters }) };
}

/** References to the new scorer; each profile keeps only the first. */
function scoredOnce(refs: readonly Json[], names: readonly string[]): Json[] {
  const renamed = refs.map((ref) =>
    isObject(ref) && names.includes(asText(ref["pluginRef"])) ? { ...ref, pluginRef: PLUGIN.score } : ref,
  );
  const first = renamed.findIndex((ref) => isObject(ref) && ref["pluginRef"] === PLUGIN.score);
  return renamed.filter((ref, i) => i === first || !isObject(ref) || ref["pluginRef"] !== PLUGIN.score);
}

/** A token producer calls the service's tokenizer, unless it names another. */
export function completeTokenProducers(config: JsonObject, { tokenizerUrl }: EditInput): JsonObject {
  if (tokenizerUrl === undefined) return config;
  return editPlugins(config, [PLUGIN.tokens], (plugin) =>
    withParameters(plugin, tokenParameters(parametersOf(plugin), tokenizerUrl)),
  );
}

function tokenParameters(parameters: JsonObject, url: string): JsonObject {
  return { modelName: TOKENIZED_MODEL, ...parameters, vllm: { url, ...objectOf(parameters["vllm"]) } };
}

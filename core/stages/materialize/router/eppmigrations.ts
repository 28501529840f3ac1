import { isObject, type JsonObject, objectOf } from "../../../kubernetes/json.ts";
import { migrateDisaggregation } from "./eppdisagg.ts";
import { editPlugins, parametersOf, renamedPlugin, withParameters } from "./eppplugins.ts";
import { withExtractor } from "./metricflags.ts";

/** A change of a configuration; `flags` are command-line flags that a release no longer has, by their names. */
export type Edit = (config: JsonObject, flags: Readonly<Record<string, string>>) => JsonObject;

const PRECISE_SCORER = "precise-prefix-cache-scorer";
const PREFIX_SCORER = "prefix-cache-scorer";

/** Whether prefixes are scored by the tokens that engines report as cached, for which prompts must be tokenized. */
export function usesPreciseScorer({ plugins }: JsonObject): boolean {
  return Array.isArray(plugins) && plugins.some((plugin) => isObject(plugin) && plugin["type"] === PRECISE_SCORER);
}

/** The first release whose migrations count, and which no longer has the flags of metrics. */
export const OLDEST_MIGRATED = "0.7.0";

/**
 * What releases of llm-d's scheduler renamed, moved or dropped, in the order in which it is made up for. A scheduler older
 * than a change keeps the old form: it would not read the new one.
 * Source: schedulerTransform in scheduler.go, KServe v0.20.0.
 */
export const MIGRATIONS: readonly { since: string; edit: Edit }[] = [
  { since: OLDEST_MIGRATED, edit: renamedPlugin("prefill-header-handler", "disagg-headers-handler") },
  { since: OLDEST_MIGRATED, edit: renamedPlugin("pd-profile-handler", "disagg-profile-handler") },
  { since: OLDEST_MIGRATED, edit: migrateDisaggregation },
  { since: OLDEST_MIGRATED, edit: dropHashBlockSize },
  { since: OLDEST_MIGRATED, edit: withExtractor },
  { since: "0.8.0", edit: renamedPlugin("model-server-protocol-metrics", "core-metrics-extractor") },
  { since: "0.9.0", edit: dropPrefixParameters },
];

/** From this release on a tokenizer is only needed for precise prefix scoring. */
export const TOKENIZER_OPTIONAL = "0.9.0";

/**
 * What a scheduler with a tokenizer beside it needs, of whatever release: the socket, and names that changed.
 * Source: WithUdsTokenizerConfig, WithMigrateTokenProcessorConfig and WithMigrateBlockSizeToBlockSizeTokens, same file.
 */
export function tokenizerEdits(model: string, socketFile: string): readonly Edit[] {
  return [
    (config) => editPlugins(config, [PRECISE_SCORER], (plugin) => withSocket(plugin, model, socketFile)),
    (config) => editPlugins(config, [PRECISE_SCORER], raiseTokenProcessor),
    (config) => editPlugins(config, [PREFIX_SCORER], copyBlockSize),
  ];
}

function withSocket(plugin: JsonObject, modelName: string, socketFile: string): JsonObject {
  const { indexerConfig, ...rest } = parametersOf(plugin);
  const { tokenizersPoolConfig: pool, ...indexer } = objectOf(indexerConfig);
  const uds = { ...objectOf(objectOf(pool)["uds"]), socketFile };
  const tokenizersPoolConfig = { ...objectOf(pool), modelName, uds };
  return withParameters(plugin, { ...rest, indexerConfig: { ...indexer, tokenizersPoolConfig } });
}

function raiseTokenProcessor(plugin: JsonObject): JsonObject {
  const parameters = parametersOf(plugin);
  const { tokenProcessorConfig } = objectOf(parameters["indexerConfig"]);
  if ("tokenProcessorConfig" in parameters || tokenProcessorConfig === undefined) return plugin;
  return withParameters(plugin, { ...parameters, tokenProcessorConfig });
}

function copyBlockSize(plugin: JsonObject): JsonObject {
  const parameters = parametersOf(plugin);
  const { blockSize } = parameters;
  if ("blockSizeTokens" in parameters || blockSize === undefined) return plugin;
  return withParameters(plugin, { ...parameters, blockSizeTokens: blockSize });
}

function dropHashBlockSize(config: JsonObject): JsonObject {
  return editPlugins(config, undefined, (plugin) => {
    if (!("hashBlockSize" in parametersOf(plugin))) return plugin;
    const { hashBlockSize: _dropped, ...parameters } = parametersOf(plugin);
    return withParameters(plugin, parameters);
  });
}

const KEPT_PARAMETER = "prefixMatchInfoProducerName";

function dropPrefixParameters(config: JsonObject): JsonObject {
  return editPlugins(config, [PREFIX_SCORER], (plugin) => {
    if (!isObject(plugin["parameters"])) return plugin;
    const { parameters, ...rest } = plugin;
    return KEPT_PARAMETER in parameters
      ? { ...rest, parameters: { [KEPT_PARAMETER]: parameters[KEPT_PARAMETER] } }
      : rest;
  });
}

import { PLUGIN } from "../../../../knowledge/scheduler/config.ts";
import { SCHEDULER_SINCE } from "../../../../knowledge/scheduler/features.ts";
import { type Json, type JsonObject, objectOf } from "../../../../kubernetes/json.ts";
import { withExtractor } from "../scheduler/metricflags.ts";
import { METRICS_SOURCE, withMetricsSource } from "../scheduler/metricsource.ts";
import { EPP_API } from "./eppdefaults.ts";
import { migrateDisaggregation } from "./eppdisagg.ts";
import { dropHashBlockSize, dropPrefixParameters } from "./eppdropped.ts";
import type { Edit, EditInput } from "./eppedit.ts";
import { editPlugins, parametersOf, renamedPlugin, withParameters } from "./eppplugins.ts";
import { completeTokenProducers, dividePreciseScorer } from "./eppprecise.ts";
import { dropNeedless, moveRootFields, renameRemoved } from "./eppremoved.ts";

const PRECISE_SCORER = PLUGIN.precise;
const PREFIX_SCORER = PLUGIN.score;

/** The first release to which the migrations apply, and which no longer has the flags of metrics. */
export const OLDEST_MIGRATED = SCHEDULER_SINCE.migrated;

/**
 * What releases of llm-d's scheduler renamed, moved or dropped, in the order in which the configuration is migrated. A
 * scheduler older than a change keeps the old form, because it would not read the new one. Source: schedulerTransform
 * in scheduler.go, KServe v0.21.
 */
export const MIGRATIONS: readonly { since: string; edit: Edit }[] = [
  { since: OLDEST_MIGRATED, edit: renamedPlugin("prefill-header-handler", "disagg-headers-handler") },
  { since: OLDEST_MIGRATED, edit: renamedPlugin("pd-profile-handler", "disagg-profile-handler") },
  { since: OLDEST_MIGRATED, edit: migrateDisaggregation },
  { since: OLDEST_MIGRATED, edit: dropHashBlockSize },
  { since: OLDEST_MIGRATED, edit: withExtractor },
  {
    since: SCHEDULER_SINCE.renamedExtractor,
    edit: renamedPlugin("model-server-protocol-metrics", "core-metrics-extractor"),
  },
  { since: SCHEDULER_SINCE.ownApi, edit: dropPrefixParameters },
  { since: SCHEDULER_SINCE.ownApi, edit: ofApi("llm-d") },
  // Before the step that completes token producers: a renamed one is completed too.
  { since: SCHEDULER_SINCE.dropsDeprecated, edit: renameRemoved },
  { since: SCHEDULER_SINCE.ownApi, edit: dividePreciseScorer },
  { since: SCHEDULER_SINCE.ownApi, edit: completeTokenProducers },
  // Releases 0.9 and 0.10 read both; 0.10 warns of the older one.
  { since: SCHEDULER_SINCE.deprecatesOldApi, edit: ofApi("asRelease") },
  { since: METRICS_SOURCE, edit: withMetricsSource },
  { since: SCHEDULER_SINCE.dropsDeprecated, edit: dropNeedless },
  { since: SCHEDULER_SINCE.dropsDeprecated, edit: moveRootFields },
];

/** The configuration in llm-d's own API, for plans that require it. */
function ofApi(chosen: EditInput["schedulerApi"]): Edit {
  return (config, { schedulerApi }) =>
    schedulerApi === chosen && config["apiVersion"] === EPP_API.old
      ? { ...config, apiVersion: EPP_API.current }
      : config;
}

/** From this release on a tokenizer is only needed for precise prefix scoring. */
export const TOKENIZER_OPTIONAL = SCHEDULER_SINCE.ownApi;

/**
 * What a scheduler with a tokenizer sidecar needs in any release: the socket, and renamed fields. Source:
 * WithUdsTokenizerConfig, WithMigrateTokenProcessorConfig and WithMigrateBlockSizeToBlockSizeTokens, same file.
 */
export function tokenizerEdits(model: string, socketFile: string): readonly Edit[] {
  return [
    (config, { tell }) =>
      editPlugins(config, [PRECISE_SCORER], (plugin) => withSocket(plugin, { modelName: model, socketFile, tell })),
    (config) => editPlugins(config, [PRECISE_SCORER], raiseTokenProcessor),
    (config) => editPlugins(config, [PREFIX_SCORER], copyBlockSize),
  ];
}

/** The tokenizer of the pod has one model and one socket, so that others have no effect. */
function withSocket(
  plugin: JsonObject,
  { modelName, socketFile, tell }: { modelName: string; socketFile: string } & Pick<EditInput, "tell">,
): JsonObject {
  const { indexerConfig, ...rest } = parametersOf(plugin);
  const { tokenizersPoolConfig: pool, ...indexer } = objectOf(indexerConfig);
  const given = objectOf(objectOf(pool)["uds"]);
  const uds = { ...given, socketFile };
  tellReplaced("modelName", [objectOf(pool)["modelName"], modelName], tell);
  tellReplaced("uds.socketFile", [given["socketFile"], socketFile], tell);
  const tokenizersPoolConfig = { ...objectOf(pool), modelName, uds };
  return withParameters(plugin, { ...rest, indexerConfig: { ...indexer, tokenizersPoolConfig } });
}

function tellReplaced(
  field: string,
  [written, used]: readonly [written: Json | undefined, used: string],
  tell: EditInput["tell"],
): void {
  if (written === undefined || written === used) return;
  const message = `sets ${field} in tokenizersPoolConfig of the plugin ${PRECISE_SCORER}, which has no effect: the tokenizer of the pod has ${used}`;
  tell?.(message, `remove ${field} from tokenizersPoolConfig`);
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

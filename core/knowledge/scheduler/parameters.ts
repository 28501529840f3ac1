import { asText, isObject, type Json, type JsonObject, jsonOrText, objectsOf } from "../../kubernetes/json.ts";
import { entryOf, tableOf } from "../../kubernetes/table.ts";
import { type SchedulerRelease, type Spans, type Standing, spansOf, standingOf } from "./releases.ts";

/**
 * What Go reads into a parameter. A duration in nanoseconds is an integer, one with a unit is a text, and all fields of
 * `fields` are listed, which is not true of a mapping.
 */
type ParameterKind = "text" | "integer" | "number" | "switch" | "list" | "mapping" | "fields";

interface Parameter extends Spans {
  kind: ParameterKind;
  /** The limits outside of which the plugin refuses a number, such as `>=0`. */
  limits: readonly string[];
}

/**
 * The parameters of plugins: `TYPE NAME:KIND…`, with a dot before the parts of a mapping, with limits of a number, and
 * with `@FROM-UNTIL` for the releases of llm-d that have it. A type without
 * parameters reads none; parameters of types that are missing here are not known.
 * Source: the structs into which the factories of the plugins decode, of llm-d-inference-scheduler 0.2 to 0.8 (with the
 * gateway-api-inference-extension that each builds on), llm-d-router 0.9 and its branch release-0.10, and
 * gateway-api-inference-extension 0.5 to 1.5; the parts of the KV cache's configuration are those of llm-d-kv-cache.
 */
const PARAMETERS = `
  active-request-scorer idleThreshold:integer inFlightLoadProducerName:text@0.9- maxBusyScore:number requestTimeout:text
  agent-identity additionalSessionHeaders:list
  always-disagg-multimodal-decider
  always-disagg-pd-decider
  approx-prefix-cache-producer autoTune:switch blockSize:integer blockSizeTokens:integer lruCapacityPerServer:integer maxPrefixBlocksToMatch:integer maxPrefixTokensToMatch:integer>=0
  burst-prefix-cache-producer balanceBy:text blockSizeTokens:integer>0 maxBatchSize:integer>=-1 maxPerReplica:integer>=-1 maxPrefixTokensToMatch:integer>=0 minColocateBlocks:integer>=0 windowDurationMs:integer>0
  by-label allowsNoLabel:switch label:text validValues:list
  by-label-selector matchExpressions:list matchLabels:mapping
  concurrency-detector concurrencyMode:text headroom:number>=0 inFlightLoadProducerName:text@0.9- maxConcurrency:integer>0 maxTokenConcurrency:integer>0
  context-length-aware enableFiltering:switch label:text
  core-metrics-extractor defaultEngine:text engineConfigs:list engineLabelKey:text
  data-parallel-profile-handler primaryPort:integer>=0<=65535
  dcgm-data-source insecureSkipVerify:switch interval:text path:text port:integer scheme:text useNodeAddress:switch
  decode-filter
  destination-endpoint-served-verifier
  disagg-headers-handler encodeProfile:text prefillProfile:text
  disagg-profile-handler deciderPluginName:text deciders:fields deciders.encode:text deciders.prefill:text decodeProfile:text encodeDeciderPluginName:text encodeProfile:text prefillDeciderPluginName:text prefillProfile:text profiles:fields profiles.decode:text profiles.encode:text profiles.prefill:text stageOrder:text@0.10-
  disaggregatedset-rollout-screener headerSelectors:list revisionGating:mapping scope:mapping
  edf-ordering-policy
  encode-filter
  endpoint-attribute-filter algorithm:mapping attribute:text fallbackOnEmpty:switch onMissing:text
  endpoint-attribute-scorer algorithm:mapping attributeKey:text
  endpoint-notification-source
  fcfs-ordering-policy
  file-discovery path:text watchFile:switch
  global-strict-fairness-policy
  header-based-testing-filter
  header-label-affinity-scorer headerName:text labelKey:text
  header-profile-handler defaultProfile:text headerName:text
  inflight-load-producer addEstimatedOutputTokens:switch maxEstimatedOutputTokens:integer@0.10- outputRatio:number>=0@0.10- prefixMatchInfoProducerName:text syncCrossReplicaState:switch@0.10-
  k8s-notification-source group:text kind:text version:text
  kv-cache-utilization-scorer
  label-selector-filter matchExpressions:list matchLabels:mapping
  latency-scorer compositeKVWeight:number compositePrefixWeight:number compositeQueueWeight:number headroomSelectionStrategy:text latencyPredictionInfoProducerName:text prefixMatchInfoProducerName:text tpotWeight:number ttftWeight:number
  latency-slo-admitter latencyPredictionInfoProducerName:text
  load-aware-scorer threshold:integer
  lora-affinity-filter threshold:number
  lora-affinity-scorer
  low-queue-filter threshold:integer
  max-score-picker maxNumOfEndpoints:integer
  metrics-data-source caCertPath:text@0.10- clientCertPath:text@0.10- clientKeyPath:text@0.10- insecureSkipVerify:switch interval:text@0.10- path:text port:integer@0.10- scheme:text
  mm-embeddings-cache-producer cacheSizeInMBPerServer:integer
  mm-embeddings-cache-scorer producerName:text
  model-server-protocol-metrics cacheInfoSpec:text defaultEngine:text engineConfigs:list engineLabelKey:text kvUsageSpec:text loraSpec:text queueRequestsSpec:text queuedRequestsSpec:text runningRequestsSpec:text
  models-data-extractor
  models-data-source caCertPath:text@0.10- clientCertPath:text@0.10- clientKeyPath:text@0.10- insecureSkipVerify:switch interval:text@0.10- path:text scheme:text
  no-hit-lru-scorer lruSize:integer prefixMatchInfoProducerName:text prefixPluginName:text prefixPluginType:text
  p2p-source-producer minCachedTokenDelta:integer prefillProfileName:text prefixMatchInfoProducerName:text
  pd-profile-handler deciderPluginName:text decodeProfile:text hashBlockSize:integer@-0.6 prefillProfile:text prefixMatchInfoProducerName:text prefixPluginName:text prefixPluginType:text primaryPort:integer>=0<=65535 threshold:integer>=0@-0.6
  precise-prefix-cache-producer indexerConfig:mapping kvEventsConfig:mapping kvEventsConfig.concurrency:integer kvEventsConfig.discoverPods:switch kvEventsConfig.engineType:text kvEventsConfig.podDiscoveryConfig:mapping kvEventsConfig.topicFilter:text kvEventsConfig.zmqEndpoint:text speculativeIndexing:switch speculativeTTL:text tokenProcessorConfig:mapping tokenProcessorConfig.blockSize:integer tokenProcessorConfig.blockSizeTokens:integer tokenProcessorConfig.hashSeed:text
  precise-prefix-cache-scorer indexerConfig:mapping kvEventsConfig:mapping kvEventsConfig.concurrency:integer kvEventsConfig.discoverPods:switch kvEventsConfig.engineType:text kvEventsConfig.podDiscoveryConfig:mapping kvEventsConfig.topicFilter:text kvEventsConfig.zmqEndpoint:text speculativeIndexing:switch speculativeTTL:text tokenProcessorConfig:mapping tokenProcessorConfig.blockSize:integer tokenProcessorConfig.blockSizeTokens:integer tokenProcessorConfig.hashSeed:text
  predicted-latency-producer contextTTL:integer encoderCacheMatchInfoProducerName:text@0.10- endpointRoleLabel:text inFlightLoadProducerName:text@0.10- maxDecodeTokenSamplesForPrediction:integer predictInPrepareData:switch@-0.9 predictInProduce:switch@0.9- prefixMatchInfoProducerName:text@0.9- samplingMean:number sloBufferFactor:number>0 streamingMode:switch useEncoderCacheFeatures:switch@0.10-
  prefill-filter
  prefill-header-handler encodeProfile:text prefillProfile:text
  prefix-based-pd-decider nonCachedTokens:integer>=0 promptTokens:integer>=0@0.10-
  prefix-cache-affinity-filter affinityThreshold:number<=1 explorationProbability:number>=0<=1 inFlightLoadProducerName:text@0.9- latencyPredictionInfoProducerName:text@0.9- maxTTFTPenaltyMs:number>=0 peakPrefillThroughput:number>=0@0.9- prefixMatchInfoProducerName:text@0.9- ttftSource:text@0.9-
  prefix-cache-scorer autoTune:switch@-0.9 blockSize:integer@0.4-0.9 blockSizeTokens:integer@0.6-0.9 hashBlockSize:integer@-0.4 lruCapacityPerServer:integer@-0.9 matchLengthScaleTokens:integer@0.10- matchLengthWeight:number>=0<=1@0.10- maxPrefixBlocksToMatch:integer@-0.9 maxPrefixTokensToMatch:integer@0.8-0.9 mode:text@-0.3 prefixMatchInfoProducerName:text@0.9-
  priority-holdback-policy domain:text maxCeiling:number minCeiling:number shape:text
  priority-then-time-eviction-order-policy
  probabilistic-admitter k:number>0 kvCacheUtilThreshold:number>0 power:number>0 queueDepthThreshold:integer>0
  program-aware-fairness evictionSweepSeconds:number>0 evictionTtlSeconds:number>=0 lasDecayFactor:number>0<=1 lasHalfLifeSeconds:number>=0 lasWeightHeadWait:number>=0 lasWeightService:number>=0 strategy:text
  queue-scorer
  random-picker maxNumOfEndpoints:integer
  request-attribute-reporter attributes:list
  round-robin-fairness-policy
  running-requests-size-scorer
  session-affinity-filter encodedEndpointHeaderConfig:mapping@0.10- headerName:text@-0.10 profileName:text sessionIdConfig:mapping@0.10- strategy:text@0.10-
  session-affinity-scorer encodedEndpointHeaderConfig:mapping@0.10- headerName:text@0.9-0.10 profileName:text@0.9- sessionIdConfig:mapping@0.10- strategy:text@0.10-
  session-id-producer cookieName:text headerName:text
  sheddable-eviction-filter
  single-profile-handler
  slo-deadline-ordering-policy
  slo-headroom-tier-filter epsilonExploreNeg:number>=0<=1 latencyPredictionInfoProducerName:text@0.9-
  static-usage-limit-policy threshold:number
  token-load-scorer inFlightLoadProducerName:text@0.9- queueThresholdTokens:integer
  token-producer estimate:mapping modelName:text udsTokenizerConfig:mapping vllm:fields vllm.mmTimeout:text vllm.timeout:text vllm.url:text
  tokenizer estimate:mapping@0.9- modelName:text udsTokenizerConfig:mapping vllm:fields@0.9- vllm.mmTimeout:text@0.9- vllm.timeout:text@0.9- vllm.url:text@0.9-
  topology-affinity-filter minAffinity:text topologyProducerName:text
  topology-affinity-scorer topologyProducerName:text
  topology-extractor hostname:text rack:text region:text zone:text
  utilization-detector headroom:number>=0 kvCacheUtilThreshold:number>0<=1 metricsStalenessThreshold:text queueDepthThreshold:integer>0
  utilization-filter conditions:list fallbackOnEmpty:switch inFlightLoadProducerName:text
  vertexai-parser
  vllmgrpc-parser
  vllmhttp-parser
  weighted-random-picker maxNumOfEndpoints:integer
`;

const WORD = /^([\w.]+):([a-z]+?)((?:[<>]=?-?\d+)*)(?:@([\d.]*-[\d.]*))?$/;

type Parameters = ReadonlyMap<string, Parameter>;

function parameterOf(word: string): readonly [string, Parameter] {
  const [, name = "", kind = "", limits = "", span = "-"] = WORD.exec(word) ?? [];
  const { spans } = spansOf([`llm-d@${span}`, "gie@-"]);
  return [name, { kind: kind as ParameterKind, limits: limits.match(/[<>]=?-?\d+/g) ?? [], spans }];
}

const BY_TYPE: ReadonlyMap<string, Parameters> = new Map(
  PARAMETERS.trim()
    .split("\n")
    .map((row) => {
      const [type = "", ...words] = row.trim().split(" ");
      return [type, new Map(words.map(parameterOf))] as const;
    }),
);

/** The releases that refuse parameters which a plugin does not have; the ones before ignore them. Source: StrictDecoder of llm-d-router 0.9. */
const STRICT = spansOf(["llm-d@0.9-"]);

/** The releases of which every struct was read: before, a release may ignore a parameter of this table. */
const READ = spansOf(["llm-d@0.7-", "gie@1.4-"]);

/** What is wrong with a parameter of a plugin. */
export interface ParameterFault {
  /** With dots before the parts of a mapping. */
  name: string;
  /** Whether the release refuses it, instead of ignoring it. */
  isRefused: boolean;
  /** Set if the plugin does not have the parameter in the release: why, and the names that it has there. */
  missing?: { standing: Standing | undefined; known: string[] };
  /** Otherwise: the value, what the parameter takes, in words, and the same value as it would be taken. */
  wrong?: { value: Json; takes: string; instead: Json | undefined };
}

/**
 * The parameters that a type of plugin does not have in a release, or that have values which it does not read. All
 * releases count if none is given. Go compares names without regard to case, and reads null as no value.
 */
export function parameterFaults(
  type: string,
  parameters: JsonObject,
  release: SchedulerRelease | undefined,
): ParameterFault[] {
  const table = BY_TYPE.get(type);
  return table === undefined ? [] : faultsIn(parameters, "", { table, release });
}

/** Whether a type of plugin has a parameter in a release; false if that is not known. */
export function hasParameter(type: string, name: string, release: SchedulerRelease | undefined): boolean {
  const known = BY_TYPE.get(type)?.get(name);
  return known !== undefined && release !== undefined && standingOf(known, release).is === "there";
}

/** The plugin that has had the parameters of the approximate scorer since the scorer no longer counts prefixes itself. */
const PREFIX_COUNTER = "approx-prefix-cache-producer";

/**
 * The parameter of `PREFIX_COUNTER` that a parameter of `prefix-cache-scorer` has become. Source: the plugins of both
 * types of llm-d-router 0.9.
 */
export function countingParameter(name: string): string | undefined {
  const later = name === "hashBlockSize" || name === "blockSize" ? "blockSizeTokens" : name;
  return BY_TYPE.get(PREFIX_COUNTER)?.has(later) ? later : undefined;
}

/**
 * The parameter of `prefix-cache-scorer` that `hashBlockSize` has become in a release that still counts prefixes in the
 * scorer: first in characters, then in tokens. Source: the plugin of gateway-api-inference-extension 1.1 to 1.4.
 */
export function hashedParameter(release: SchedulerRelease | undefined): string | undefined {
  return ["blockSizeTokens", "blockSize"].find((name) => hasParameter("prefix-cache-scorer", name, release));
}

/** A parameter that a plugin refuses without the one that replaced it. */
interface NeverAlone extends Spans {
  type: string;
  name: string;
  beside: string;
}

/** Source: the factory of the plugin in gateway-api-inference-extension 1.4, on which llm-d's 0.6 and 0.7 are built. */
const NEVER_ALONE: readonly NeverAlone[] = [
  {
    ...{ type: "prefix-cache-scorer", name: "blockSize", beside: "blockSizeTokens" },
    ...spansOf(["llm-d@0.6-0.8", "gie@1.4-1.5"]),
  },
];

/** The parameters of a plugin that the release refuses because another one is not set. */
export function refusedAlone(
  type: string,
  parameters: JsonObject,
  release: SchedulerRelease | undefined,
): readonly Pick<NeverAlone, "name" | "beside">[] {
  const isSet = (name: string): boolean => Number(entryOf(parameters, name) ?? 0) > 0;
  return NEVER_ALONE.filter(
    (one) =>
      one.type === type &&
      release !== undefined &&
      standingOf(one, release).is === "there" &&
      isSet(one.name) &&
      !isSet(one.beside),
  );
}

/** That plugin among those of a configuration, in words: the scheduler adds it with its defaults unless it is declared. */
export function placeOfCounter(plugins: unknown): string {
  const declared = objectsOf(plugins).find(({ type }) => type === PREFIX_COUNTER);
  return declared === undefined
    ? `a plugin of the type ${PREFIX_COUNTER}`
    : `the plugin ${asText(declared["name"] ?? PREFIX_COUNTER)}`;
}

/** Whether a type of plugin has parameters, and they are known. */
export function readsParameters(type: string): boolean {
  return (BY_TYPE.get(type)?.size ?? 0) > 0;
}

interface Where {
  table: Parameters;
  release: SchedulerRelease | undefined;
}

function faultsIn(given: JsonObject, prefix: string, where: Where): ParameterFault[] {
  const { table, release } = where;
  const names = [...table.keys()].filter((one) => one.startsWith(prefix) && !one.slice(prefix.length).includes("."));
  const isThere = (name: string): boolean => {
    const known = table.get(name);
    return known !== undefined && (release === undefined || standingOf(known, release).is === "there");
  };
  // A plugin that reads no parameters does not see them.
  const isStrict = table.size > 0 && release !== undefined && standingOf(STRICT, release).is === "there";
  return Object.entries(given).flatMap(([written, value]) => {
    const full = `${prefix}${written}`;
    const name = names.find((one) => one.toLowerCase() === full.toLowerCase());
    const known = name === undefined ? undefined : table.get(name);
    if (name === undefined || known === undefined || !isThere(name)) {
      const standing = known && release && standingOf(known, release);
      return [{ name: full, isRefused: isStrict, missing: { standing, known: names.filter(isThere) } }];
    }
    const isRead = release !== undefined && standingOf(READ, release).is === "there";
    if (value !== undefined && !takes(known, value)) {
      const wrong = { value, takes: inWords(known), instead: converted(known, value) };
      return [{ name: full, isRefused: isRead, wrong }];
    }
    const inner = isObject(value) ? faultsIn(value, `${name}.`, where) : [];
    return known.kind === "fields" ? inner : inner.filter(({ missing }) => missing === undefined);
  });
}

function takes({ kind, limits }: Parameter, value: Json): boolean {
  if (value === null) return true;
  if (kind === "text") return typeof value === "string";
  if (kind === "switch") return typeof value === "boolean";
  if (kind === "list") return Array.isArray(value);
  if (kind === "mapping" || kind === "fields") return isObject(value);
  if (typeof value !== "number" || (kind === "integer" && !Number.isInteger(value))) return false;
  return limits.every((limit) => isWithin(value, limit));
}

/** A number or switch in quotes without them, and the reverse for a text. */
function converted(known: Parameter, value: Json): Json | undefined {
  const other = typeof value === "string" ? jsonOrText(value) : typeof value === "object" ? null : asText(value);
  return other !== null && takes(known, other) ? other : undefined;
}

function isWithin(value: number, limit: string): boolean {
  const [, sign, bound = ""] = /^([<>]=?)(.*)$/.exec(limit) ?? [];
  const other = Number(bound);
  if (sign === ">") return value > other;
  if (sign === ">=") return value >= other;
  return sign === "<" ? value < other : value <= other;
}

const KINDS: Readonly<Record<ParameterKind, string>> = {
  text: "a text",
  integer: "a whole number",
  number: "a number",
  switch: "true or false",
  list: "a list",
  mapping: "a mapping",
  fields: "a mapping",
};

const SIGNS = tableOf({ ">": "above", ">=": "of at least", "<": "below", "<=": "of at most" });

function inWords({ kind, limits }: Parameter): string {
  const said = limits.map((limit) => limit.replace(/^[<>]=?/, (sign) => `${SIGNS.get(sign) ?? sign} `));
  return [KINDS[kind], said.join(" and ")].filter((part) => part !== "").join(" ");
}

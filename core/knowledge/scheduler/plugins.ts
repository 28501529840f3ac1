import { type Spans, spansOf } from "./releases.ts";

/** A type of plugin that a scheduler's configuration may name. */
export interface PluginType extends Spans {
  /** The names of its parameters in any release; undefined if they are not known. */
  parameters?: readonly string[];
}

/**
 * Every type of plugin: `NAME llm-d@FROM-UNTIL gie@FROM-UNTIL PARAMETERS`; without a span the family never had it, and `*` stands for
 * parameters that are not listed.
 * Source: the registrations in cmd/epp/runner and pkg/plugins/register.go, and the JSON names of the parameters, of llm-d-inference-scheduler
 * 0.2 to 0.8 (with the gateway-api-inference-extension that each builds on), llm-d-router 0.9 and 0.10, and
 * gateway-api-inference-extension 0.5 to 1.5.
 */
const PLUGINS = `
  active-request-scorer llm-d@0.3- idleThreshold inFlightLoadProducerName maxBusyScore requestTimeout
  agent-identity llm-d@0.9- additionalSessionHeaders
  always-disagg-multimodal-decider llm-d@0.7-
  always-disagg-pd-decider llm-d@0.6-
  anthropic-parser llm-d@0.9- *
  approx-prefix-cache-producer llm-d@0.8- gie@1.5- autoTune blockSize blockSizeTokens blocks lruCapacityPerServer maxPods maxPrefixBlocksToMatch maxPrefixTokensToMatch pod pods totalPods
  burst-prefix-cache-producer llm-d@0.10- balanceBy blockSizeTokens maxBatchSize maxPerReplica maxPrefixTokensToMatch minColocateBlocks windowDurationMs
  by-label llm-d@- allowsNoLabel label validValues
  by-label-selector llm-d@- allowsNoLabel label validValues
  concurrency-detector llm-d@0.8- gie@1.5- concurrencyMode headroom inFlightLoadProducerName maxConcurrency maxTokenConcurrency
  context-length-aware llm-d@0.7- enableFiltering label
  core-metrics-extractor llm-d@0.8- gie@1.5- attributeKey cacheBlockSizeLabelName cacheBlockSizeSpec cacheInfoSpec cacheNumBlocksLabelName cacheNumBlocksSpec customMetrics defaultEngine engineConfigs engineLabelKey kvUsageSpec loraSpec metricSpec name queuedRequestsSpec runningRequestsSpec
  data-parallel-profile-handler llm-d@0.4- primaryPort
  dcgm-data-source llm-d@0.10- insecureSkipVerify interval path port scheme useNodeAddress
  dcgm-extractor llm-d@0.10-
  decision-tree-filter llm-d@-0.3 gie@-1.0
  decode-filter llm-d@- allowsNoLabel label validValues
  destination-endpoint-served-verifier llm-d@0.4- gie@1.2-
  disagg-headers-handler llm-d@0.7- *
  disagg-profile-handler llm-d@0.7- deciderPluginName deciders decode decodeProfile encode encodeDeciderPluginName encodeProfile nonCachedTokens prefill prefillDeciderPluginName prefillProfile prefixMatchInfoProducerName prefixPluginName prefixPluginType primaryPort profiles promptTokens stageOrder
  disaggregatedset-rollout-screener llm-d@0.10- headerName headerSelectors labelKey labelSelector mode name requireRoles revisionGating revisionLabelKey roleLabelKey scope values
  edf-ordering-policy llm-d@0.7- gie@1.4-
  encode-filter llm-d@0.7- allowsNoLabel label validValues
  endpoint-attribute-filter llm-d@0.10- algorithm attribute fallbackOnEmpty onMissing operator threshold type value
  endpoint-attribute-scorer llm-d@0.10- adaptiveRange algorithm attributeKey fixedRange max min normalization type
  endpoint-notification-source llm-d@0.8- gie@1.5-
  fcfs-ordering-policy llm-d@0.7- gie@1.4-
  file-discovery llm-d@0.9- address endpoints labels name namespace path port watchFile
  global-strict-fairness-policy llm-d@0.7- gie@1.4-
  header-based-testing-filter llm-d@- gie@-
  header-label-affinity-scorer llm-d@0.10- headerName labelKey
  header-profile-handler llm-d@0.10- defaultProfile headerName
  inflight-load-producer llm-d@0.8- gie@1.5- *
  k8s-notification-source llm-d@0.7- gie@1.4- group kind version
  kv-cache-scorer llm-d@-0.3 gie@-1.0
  kv-cache-utilization-scorer llm-d@0.3- gie@1.0-
  label-selector-filter llm-d@0.9- allowsNoLabel label validValues
  latency-scorer llm-d@0.8- gie@1.5- compositeKVWeight compositePrefixWeight compositeQueueWeight headroomSelectionStrategy latencyPredictionInfoProducerName prefixMatchInfoProducerName tpotWeight ttftWeight
  latency-slo-admitter llm-d@0.8- gie@1.5- latencyPredictionInfoProducerName
  least-kv-cache-filter llm-d@-0.3 gie@-1.0
  least-queue-filter llm-d@-0.3 gie@-1.0
  load-aware-scorer llm-d@- threshold
  lora-affinity-filter llm-d@-0.3 gie@-1.0
  lora-affinity-scorer llm-d@0.3- gie@1.0-
  low-queue-filter llm-d@-0.3 gie@-1.0
  max-score-picker llm-d@- gie@- maxNumOfEndpoints
  metrics-data-source llm-d@0.5- gie@1.3- insecureSkipVerify path scheme
  mm-embeddings-cache-producer llm-d@0.9- cacheSizeInMBPerServer items maxPods pod podList pods totalKnownPods totalPods
  mm-embeddings-cache-scorer llm-d@0.9- producerName
  model-server-protocol-metrics llm-d@0.5-0.8 gie@1.3-1.5 cacheInfoSpec defaultEngine engineConfigs engineLabelKey kvUsageSpec loraSpec name queuedRequestsSpec runningRequestsSpec
  model-server-protocol-models llm-d@0.6-0.9
  models-data-extractor llm-d@0.9- id parent
  models-data-source llm-d@0.6- caCertPath clientCertPath clientKeyPath insecureSkipVerify interval path scheme
  multicluster-approx-prefix-cache-producer llm-d@0.10- autoTune blockSize blockSizeTokens blocks lruCapacityPerServer maxPods maxPrefixBlocksToMatch maxPrefixTokensToMatch pod pods totalPods
  multicluster-file-discovery llm-d@0.10-
  multicluster-kv-cache-utilization-scorer llm-d@0.10-
  multicluster-metrics-data-source llm-d@0.10-
  multicluster-metrics-extractor llm-d@0.10-
  multicluster-prefix-cache-scorer llm-d@0.10-
  multicluster-queue-scorer llm-d@0.10-
  multicluster-session-affinity-filter llm-d@0.10-
  no-hit-lru-scorer llm-d@0.4- endpoints lruSize maxEndpoints prefixMatchInfoProducerName prefixPluginName prefixPluginType totalEndpoints
  openai-parser llm-d@0.8- gie@1.5- *
  p2p-source-producer llm-d@0.10- minCachedTokenDelta prefillProfileName prefixMatchInfoProducerName
  passthrough-parser llm-d@0.8- gie@1.5-
  pd-profile-handler llm-d@- deciderPluginName deciders decode decodeProfile encode encodeDeciderPluginName encodeProfile hashBlockSize nonCachedTokens prefill prefillDeciderPluginName prefillProfile prefixMatchInfoProducerName prefixPluginName prefixPluginType primaryPort profiles promptTokens stageOrder threshold
  precise-prefix-cache-producer llm-d@0.9- blockSizeTokens indexerConfig kvEventsConfig maxSpeculativeEntries maxSubscribers speculativeEntries speculativeIndexing speculativeTTL subscribers tokenProcessorConfig totalSpeculativeEntries totalSubscribers
  precise-prefix-cache-scorer llm-d@0.3- indexerConfig kvEventsConfig mode speculativeIndexing speculativeTTL tokenProcessorConfig
  predicted-latency-producer llm-d@0.8- gie@1.5- contextTTL encoderCacheMatchInfoProducerName endpoint endpointRoleLabel endpoints inFlightLoadProducerName maxDecodeTokenSamplesForPrediction maxEndpoints minTpotSlo predictInPrepareData predictInProduce prefixMatchInfoProducerName runningRequests samplingMean sloBufferFactor streamingMode totalEndpoints trackedRequests truncated useEncoderCacheFeatures
  predicted-latency-scorer llm-d@0.5-0.9 gie@1.3- affinityGateTau affinityGateTauGlobal affinityMaxTTFTPenaltyMs compositeKVWeight compositePrefixWeight compositeQueueWeight contextTTL endpointRoleLabel epsilonExploreNeg epsilonExploreSticky headroomSelectionStrategy headroomTPOTWeight headroomTTFTWeight maxSampledTokens negHeadroomTPOTWeight negHeadroomTTFTWeight samplingMean selectionMode sloBufferFactor streamingMode
  prefill-filter llm-d@- allowsNoLabel label validValues
  prefill-header-handler llm-d@- encodeProfile prefillProfile
  prefix-based-pd-decider llm-d@0.6- deciderPluginName deciders decode decodeProfile encode encodeDeciderPluginName encodeProfile nonCachedTokens prefill prefillDeciderPluginName prefillProfile prefixMatchInfoProducerName prefixPluginName prefixPluginType primaryPort profiles promptTokens stageOrder
  prefix-cache-affinity-filter llm-d@0.8- gie@1.5- affinityThreshold explorationProbability inFlightLoadProducerName latencyPredictionInfoProducerName maxTTFTPenaltyMs peakPrefillThroughput prefixMatchInfoProducerName ttftSource
  prefix-cache-scorer llm-d@- gie@- autoTune blockSize blockSizeTokens hashBlockSize lruCapacityPerServer maxPrefixBlocksToMatch prefixMatchInfoProducerName
  priority-holdback-policy llm-d@0.10- domain maxCeiling minCeiling shape
  priority-then-time-eviction-order-policy llm-d@0.10-
  probabilistic-admitter llm-d@0.9- k kvCacheUtilThreshold power queueDepthThreshold
  program-aware-fairness llm-d@0.9- evictionSweepSeconds evictionTtlSeconds fairnessIndex lasDecayFactor lasHalfLifeSeconds lasWeightHeadWait lasWeightService strategy totalInFlight totalPrograms
  queue-scorer llm-d@- gie@-
  random-picker llm-d@- gie@- maxNumOfEndpoints
  request-attribute-reporter llm-d@0.7- gie@1.4- attributes condition expression key name namespace
  round-robin-fairness-policy llm-d@0.7- gie@1.4-
  running-requests-size-scorer llm-d@0.5- gie@1.3-
  session-affinity-filter llm-d@0.9- headerName profileName
  session-affinity-scorer llm-d@- encodedEndpointHeaderConfig headerName profileName sessionIdConfig strategy
  session-id-producer llm-d@0.9- cookieName headerName
  sheddable-eviction-filter llm-d@0.10-
  single-profile-handler llm-d@- gie@-
  slo-deadline-ordering-policy llm-d@0.8- gie@1.5-
  slo-headroom-tier-filter llm-d@0.8- gie@1.5- epsilonExploreNeg latencyPredictionInfoProducerName
  soft-reflective-ceiling-policy llm-d@0.10-
  static-usage-limit-policy llm-d@0.8- gie@1.5- threshold
  token-load-scorer llm-d@0.8- gie@1.5- inFlightLoadProducerName queueThresholdTokens
  token-producer llm-d@0.9- *
  tokenizer llm-d@0.7- *
  topology-affinity-filter llm-d@0.10- minAffinity topologyProducerName
  topology-affinity-scorer llm-d@0.10- topologyProducerName
  topology-extractor llm-d@0.10-
  utilization-detector llm-d@0.8- gie@1.5- headroom kvCacheUtilThreshold metricsStalenessThreshold queueDepthThreshold
  utilization-filter llm-d@0.10- conditions fallbackOnEmpty inFlightLoadProducerName maxValue metric
  vertexai-parser llm-d@0.9-
  vllmgrpc-parser llm-d@0.8- gie@1.5-
  vllmhttp-parser llm-d@0.9-
  weighted-random-picker llm-d@0.3- gie@1.0- maxNumOfEndpoints
`;

const TYPES: ReadonlyMap<string, PluginType> = new Map(
  PLUGINS.trim()
    .split("\n")
    .map((row) => {
      const [name = "", ...words] = row.trim().split(" ");
      const parameters = words.filter((word) => !word.includes("@"));
      const isListed = parameters.length > 0 && !parameters.includes("*");
      return [name, { ...spansOf(words), ...(isListed && { parameters }) }] as const;
    }),
);

export function pluginType(name: string): PluginType | undefined {
  return TYPES.get(name);
}

export function pluginTypes(): string[] {
  return [...TYPES.keys()];
}

/** What replaced types: the later name after the earlier one. */
const RENAMED: readonly (readonly [earlier: string, later: string])[] = [
  ["kv-cache-scorer", "kv-cache-utilization-scorer"],
  ["lora-affinity-filter", "lora-affinity-scorer"],
  ["model-server-protocol-metrics", "core-metrics-extractor"],
  ["model-server-protocol-models", "models-data-extractor"],
  ["predicted-latency-scorer", "latency-scorer"],
  ["prefill-header-handler", "disagg-headers-handler"],
  ["pd-profile-handler", "disagg-profile-handler"],
  ["by-label", "label-selector-filter"],
  ["tokenizer", "token-producer"],
];

/** The other names of a type, in any release. */
export function otherNames(type: string): string[] {
  return RENAMED.flatMap((pair) => (pair.includes(type) ? pair.filter((name) => name !== type) : []));
}

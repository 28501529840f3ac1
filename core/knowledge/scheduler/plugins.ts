import { type Spans, spansOf } from "./releases.ts";

/**
 * Every type of plugin: `NAME llm-d@FROM-UNTIL gie@FROM-UNTIL`; without a span the family never had it.
 * Source: the registrations in cmd/epp/runner and pkg/plugins/register.go of llm-d-inference-scheduler
 * 0.2 to 0.8 (with the gateway-api-inference-extension that each builds on), llm-d-router 0.9 and 0.10, and
 * gateway-api-inference-extension 0.5 to 1.5. Their parameters are in `parameters.ts`.
 */
const PLUGINS = `
  active-request-scorer llm-d@0.3-
  agent-identity llm-d@0.9-
  always-disagg-multimodal-decider llm-d@0.7-
  always-disagg-pd-decider llm-d@0.6-
  anthropic-parser llm-d@0.9-
  approx-prefix-cache-producer llm-d@0.8- gie@1.5-
  burst-prefix-cache-producer llm-d@0.10-
  by-label llm-d@-
  by-label-selector llm-d@-
  concurrency-detector llm-d@0.8- gie@1.5-
  context-length-aware llm-d@0.7-
  core-metrics-extractor llm-d@0.8- gie@1.5-
  data-parallel-profile-handler llm-d@0.4-
  dcgm-data-source llm-d@0.10-
  dcgm-extractor llm-d@0.10-
  decision-tree-filter llm-d@-0.3 gie@-1.0
  decode-filter llm-d@-
  destination-endpoint-served-verifier llm-d@0.4- gie@1.2-
  disagg-headers-handler llm-d@0.7-
  disagg-profile-handler llm-d@0.7-
  disaggregatedset-rollout-screener llm-d@0.10-
  edf-ordering-policy llm-d@0.7- gie@1.4-
  encode-filter llm-d@0.7-
  endpoint-attribute-filter llm-d@0.10-
  endpoint-attribute-scorer llm-d@0.10-
  endpoint-notification-source llm-d@0.8- gie@1.5-
  fcfs-ordering-policy llm-d@0.7- gie@1.4-
  file-discovery llm-d@0.9-
  global-strict-fairness-policy llm-d@0.7- gie@1.4-
  header-based-testing-filter llm-d@- gie@-
  header-label-affinity-scorer llm-d@0.10-
  header-profile-handler llm-d@0.10-
  inflight-load-producer llm-d@0.8- gie@1.5-
  k8s-notification-source llm-d@0.7- gie@1.4-
  kv-cache-scorer llm-d@-0.3 gie@-1.0
  kv-cache-utilization-scorer llm-d@0.3- gie@1.0-
  label-selector-filter llm-d@0.9-
  latency-scorer llm-d@0.8- gie@1.5-
  latency-slo-admitter llm-d@0.8- gie@1.5-
  least-kv-cache-filter llm-d@-0.3 gie@-1.0
  least-queue-filter llm-d@-0.3 gie@-1.0
  load-aware-scorer llm-d@-
  lora-affinity-filter llm-d@-0.3 gie@-1.0
  lora-affinity-scorer llm-d@0.3- gie@1.0-
  low-queue-filter llm-d@-0.3 gie@-1.0
  max-score-picker llm-d@- gie@-
  metrics-data-source llm-d@0.5- gie@1.3-
  mm-embeddings-cache-producer llm-d@0.9-
  mm-embeddings-cache-scorer llm-d@0.9-
  model-server-protocol-metrics llm-d@0.5-0.8 gie@1.3-1.5
  model-server-protocol-models llm-d@0.6-0.9
  models-data-extractor llm-d@0.9-
  models-data-source llm-d@0.6-
  multicluster-approx-prefix-cache-producer llm-d@0.10-
  multicluster-file-discovery llm-d@0.10-
  multicluster-kv-cache-utilization-scorer llm-d@0.10-
  multicluster-metrics-data-source llm-d@0.10-
  multicluster-metrics-extractor llm-d@0.10-
  multicluster-prefix-cache-scorer llm-d@0.10-
  multicluster-queue-scorer llm-d@0.10-
  multicluster-session-affinity-filter llm-d@0.10-
  no-hit-lru-scorer llm-d@0.4-
  openai-parser llm-d@0.8- gie@1.5-
  p2p-source-producer llm-d@0.10-
  passthrough-parser llm-d@0.8- gie@1.5-
  pd-profile-handler llm-d@-
  precise-prefix-cache-producer llm-d@0.9-
  precise-prefix-cache-scorer llm-d@0.3-
  predicted-latency-producer llm-d@0.8- gie@1.5-
  predicted-latency-scorer llm-d@0.5-0.9 gie@1.3-
  prefill-filter llm-d@-
  prefill-header-handler llm-d@-
  prefix-based-pd-decider llm-d@0.6-
  prefix-cache-affinity-filter llm-d@0.8- gie@1.5-
  prefix-cache-scorer llm-d@- gie@-
  priority-holdback-policy llm-d@0.10-
  priority-then-time-eviction-order-policy llm-d@0.10-
  probabilistic-admitter llm-d@0.9-
  program-aware-fairness llm-d@0.9-
  queue-scorer llm-d@- gie@-
  random-picker llm-d@- gie@-
  request-attribute-reporter llm-d@0.7- gie@1.4-
  round-robin-fairness-policy llm-d@0.7- gie@1.4-
  running-requests-size-scorer llm-d@0.5- gie@1.3-
  session-affinity-filter llm-d@0.9-
  session-affinity-scorer llm-d@-
  session-id-producer llm-d@0.9-
  sheddable-eviction-filter llm-d@0.10-
  single-profile-handler llm-d@- gie@-
  slo-deadline-ordering-policy llm-d@0.8- gie@1.5-
  slo-headroom-tier-filter llm-d@0.8- gie@1.5-
  soft-reflective-ceiling-policy llm-d@0.10-
  static-usage-limit-policy llm-d@0.8- gie@1.5-
  token-load-scorer llm-d@0.8- gie@1.5-
  token-producer llm-d@0.9-
  tokenizer llm-d@0.7-
  topology-affinity-filter llm-d@0.10-
  topology-affinity-scorer llm-d@0.10-
  topology-extractor llm-d@0.10-
  utilization-detector llm-d@0.8- gie@1.5-
  utilization-filter llm-d@0.10-
  vertexai-parser llm-d@0.9-
  vllmgrpc-parser llm-d@0.8- gie@1.5-
  vllmhttp-parser llm-d@0.9-
  weighted-random-picker llm-d@0.3- gie@1.0-
`;

/** The releases that have each type of plugin, by its name. */
export const PLUGIN_TYPES: ReadonlyMap<string, Spans> = new Map(
  PLUGINS.trim()
    .split("\n")
    .map((row) => {
      const [name = "", ...words] = row.trim().split(" ");
      return [name, spansOf(words)] as const;
    }),
);

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
  ["by-label-selector", "label-selector-filter"],
  ["tokenizer", "token-producer"],
];

/** The other names of a type, in any release. */
export function otherNames(type: string): string[] {
  return RENAMED.flatMap((pair) => (pair.includes(type) ? pair.filter((name) => name !== type) : []));
}

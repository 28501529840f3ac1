/**
 * Metrics of vLLM, and those of SGLang that count the same. Source: the default mapping of the core-metrics-extractor of llm-d-router
 * (pkg/epp/framework/plugins/datalayer/extractor/metrics/factories.go), which finds the engine by the label of the pods.
 */
const METRICS: readonly (readonly [vllm: string, sglang: string])[] = [
  ["vllm:num_requests_waiting", "sglang:num_queue_reqs"],
  ["vllm:num_requests_running", "sglang:num_running_reqs"],
  ["vllm:kv_cache_usage_perc", "sglang:token_usage"],
];

/** A query of vLLM's metrics as one of SGLang's. */
export function queryOfSglang(query: string): string {
  return METRICS.reduce((text, [vllm, sglang]) => text.replaceAll(vllm, sglang), query);
}

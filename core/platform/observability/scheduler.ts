import type { Dashboard, Panel } from "./panels.ts";
import { BY_SCHEDULER, maxBy, quantile, sumBy } from "./queries.ts";

const CHOSEN = '{namespace=~"$namespace",service=~"$scheduler"}';
const perSecond = (counter: string): string => `rate(${counter}${CHOSEN}[$__rate_interval])`;
const latency = (histogram: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [0.5, 0.99].map((share) => [
      `p${share * 100} {{service}}`,
      quantile(share, histogram, BY_SCHEDULER, { selector: CHOSEN, range: "$__rate_interval" }),
    ]),
  );
const ofPool = (gauge: string): Readonly<Record<string, string>> => ({
  "{{name}}": maxBy(["namespace", "name"], `${gauge}${CHOSEN}`),
});

const REQUESTS: readonly Panel[] = [
  {
    title: "Requests",
    text: "Requests per second, by model.",
    unit: "reqps",
    queries: { "{{model_name}}": sumBy(["namespace", "model_name"], perSecond("llm_d_epp_request_total")) },
  },
  {
    title: "Failed requests",
    text: "Failed requests per second, by error code. ResourceExhausted: no engine has room. ServiceUnavailable: no endpoint is ready. ModelServerError: the engine failed.",
    unit: "reqps",
    queries: { "{{error_code}}": sumBy(["error_code"], perSecond("llm_d_epp_request_error_total")) },
  },
  {
    title: "Whole request",
    text: "From the arrival at the scheduler to the last token.",
    unit: "s",
    queries: latency("llm_d_epp_request_duration_seconds"),
  },
  {
    title: "Time to first token",
    text: "As the scheduler measures it: with the time in the scheduler's queue, without the time in the gateway.",
    unit: "s",
    queries: latency("llm_d_epp_request_ttft_seconds"),
  },
];

const POOL: readonly Panel[] = [
  {
    title: "Ready endpoints",
    text: "Endpoints of the pool that are ready. At 0 no request is served.",
    unit: "short",
    queries: ofPool("llm_d_epp_ready_endpoints"),
  },
  {
    title: "Waiting requests of an engine",
    text: "The mean over the endpoints of the pool.",
    unit: "short",
    queries: ofPool("llm_d_epp_average_queue_size"),
  },
  {
    title: "KV cache in use",
    text: "The mean over the endpoints of the pool, as the scheduler reads it.",
    unit: "percentunit",
    queries: ofPool("llm_d_epp_average_kv_cache_utilization"),
  },
];

const DECISIONS: readonly Panel[] = [
  {
    title: "Decision time",
    text: "How long the scheduler takes to pick an endpoint.",
    unit: "s",
    queries: latency("llm_d_epp_scheduler_e2e_duration_seconds"),
  },
  {
    title: "Decisions",
    text: "Picked endpoints, and attempts that found none.",
    unit: "reqps",
    queries: { "{{status}}": sumBy(["status"], perSecond("llm_d_epp_scheduler_attempts_total")) },
  },
  {
    title: "Requests by endpoint",
    text: "Requests that each endpoint was picked for. Uneven lines are expected if the scheduler prefers cached prefixes.",
    unit: "reqps",
    queries: { "{{endpoint_name}}": sumBy(["endpoint_name"], perSecond("llm_d_epp_scheduler_attempts_total")) },
  },
  {
    title: "Prefix matches",
    text: "The mean share of a prompt that the picked endpoint already holds.",
    unit: "percentunit",
    queries: {
      "{{service}}": `${sumBy(BY_SCHEDULER, perSecond("llm_d_epp_prefix_indexer_hit_ratio_sum"))} / ${sumBy(BY_SCHEDULER, perSecond("llm_d_epp_prefix_indexer_hit_ratio_count"))}`,
    },
  },
  {
    title: "Prefill and decode",
    text: "Requests that were split over prefill and decode, and those that decode served alone.",
    unit: "reqps",
    queries: { "{{decision_type}}": sumBy(["decision_type"], perSecond("llm_d_epp_disagg_decision_total")) },
  },
  {
    title: "Unread metrics of engines",
    text: "Failed reads per second. Without the metrics, the scheduler does not know the load of the engines.",
    unit: "reqps",
    queries: { "{{service}}": sumBy(BY_SCHEDULER, perSecond("llm_d_epp_datalayer_poll_errors_total")) },
  },
];

const HELD: readonly Panel[] = [
  {
    title: "Held requests",
    text: "Requests that the scheduler holds back until an engine has room.",
    unit: "short",
    queries: {
      "{{inference_pool}}": sumBy(["namespace", "inference_pool"], `llm_d_epp_flow_control_queue_size${CHOSEN}`),
    },
  },
  {
    title: "Saturation of the pool",
    text: "At 1 or more, the scheduler holds requests back. Exactly 1 may also mean that the metrics of the engines are missing.",
    unit: "percentunit",
    queries: {
      "{{inference_pool}}": maxBy(["namespace", "inference_pool"], `llm_d_epp_flow_control_pool_saturation${CHOSEN}`),
    },
  },
  {
    title: "Time in the queue",
    text: "How long requests are held back.",
    unit: "s",
    queries: latency("llm_d_epp_flow_control_request_queue_duration_seconds"),
  },
];

/** The decisions of the schedulers, and their input. */
export const SCHEDULER: Dashboard = {
  id: "scheduler",
  title: "LLM scheduler (llm-d)",
  variables: [
    { name: "namespace", label: "Namespace", values: { series: "llm_d_epp_ready_endpoints", label: "namespace" } },
    { name: "scheduler", label: "Scheduler", values: { series: "llm_d_epp_ready_endpoints", label: "service" } },
  ],
  sections: [
    { title: "Requests", panels: REQUESTS },
    { title: "Pool", panels: POOL },
    { title: "Decisions", panels: DECISIONS },
    { title: "Flow control, if its feature gate is on", panels: HELD },
  ],
};

import type { Dashboard, Panel } from "./panels.ts";
import { avgBy, BY_MODEL, quantile, sumBy } from "./queries.ts";

const CHOSEN = '{namespace=~"$namespace",model_name=~"$model"}';
const also = (matcher: string): string => `${CHOSEN.slice(0, -1)},${matcher}}`;
const perSecond = (counter: string, selector = CHOSEN): string => `rate(${counter}${selector}[$__rate_interval])`;
const MODEL = "{{model_name}}";
const BY_POD = [...BY_MODEL, "pod"];

const latency = (histogram: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [0.5, 0.9, 0.99].map((share) => [
      `p${share * 100} ${MODEL}`,
      quantile(share, histogram, BY_MODEL, { selector: CHOSEN, range: "$__rate_interval" }),
    ]),
  );

const LATENCY: readonly Panel[] = [
  {
    title: "Time to first token",
    text: "From the arrival of a request to its first token: waiting, then prefill.",
    unit: "s",
    queries: latency("vllm:time_to_first_token_seconds"),
  },
  {
    title: "Time between tokens",
    text: "The time between two tokens of a request. It grows with the size of the batch, and with prefills in between.",
    unit: "s",
    queries: latency("vllm:inter_token_latency_seconds"),
  },
  {
    title: "Whole request",
    text: "From the arrival of a request to its last token.",
    unit: "s",
    queries: latency("vllm:e2e_request_latency_seconds"),
  },
  {
    title: "Where a request spends its time",
    text: "The mean of waiting, prefill and decode.",
    unit: "s",
    queries: Object.fromEntries(
      ["queue", "prefill", "decode"].map((phase) => [
        `${phase} ${MODEL}`,
        `${sumBy(BY_MODEL, perSecond(`vllm:request_${phase}_time_seconds_sum`))} / ${sumBy(BY_MODEL, perSecond(`vllm:request_${phase}_time_seconds_count`))}`,
      ]),
    ),
  },
];

const LOAD: readonly Panel[] = [
  {
    title: "Requests in the engines",
    text: "Running requests are in the batch; waiting ones find no room in the batch or in the KV cache.",
    unit: "short",
    queries: {
      [`running ${MODEL}`]: sumBy(BY_MODEL, `vllm:num_requests_running${CHOSEN}`),
      [`waiting ${MODEL}`]: sumBy(BY_MODEL, `vllm:num_requests_waiting${CHOSEN}`),
    },
  },
  {
    title: "Finished requests",
    text: "Finished requests per second, by reason. `error`: the engine failed. `abort`: the client disconnected.",
    unit: "reqps",
    queries: {
      "{{finished_reason}}": sumBy(["finished_reason"], perSecond("vllm:request_success_total")),
    },
  },
  {
    title: "Tokens",
    text: "Prompt tokens and generated tokens per second.",
    unit: "short",
    queries: {
      [`prompt ${MODEL}`]: sumBy(BY_MODEL, perSecond("vllm:prompt_tokens_total")),
      [`generated ${MODEL}`]: sumBy(BY_MODEL, perSecond("vllm:generation_tokens_total")),
    },
  },
];

const CACHE: readonly Panel[] = [
  {
    title: "KV cache in use",
    text: "The share of the KV cache's blocks that requests hold, by pod. Near 1 requests wait or are preempted.",
    unit: "percentunit",
    queries: { "{{pod}}": avgBy(BY_POD, `vllm:kv_cache_usage_perc${CHOSEN}`) },
  },
  {
    title: "Prefix cache hits",
    text: "The share of prompt tokens that were found in the prefix cache of the engine, or in a cache outside the engine.",
    unit: "percentunit",
    queries: {
      [`engine ${MODEL}`]: `${sumBy(BY_MODEL, perSecond("vllm:prefix_cache_hits_total"))} / ${sumBy(BY_MODEL, perSecond("vllm:prefix_cache_queries_total"))}`,
      [`outside ${MODEL}`]: `${sumBy(BY_MODEL, perSecond("vllm:external_prefix_cache_hits_total"))} / ${sumBy(BY_MODEL, perSecond("vllm:external_prefix_cache_queries_total"))}`,
    },
  },
  {
    title: "Preemptions",
    text: "Requests per second that lose their KV cache to other requests and start again.",
    unit: "reqps",
    queries: { "{{pod}}": sumBy(BY_POD, perSecond("vllm:num_preemptions_total")) },
  },
];

const EXTRAS: readonly Panel[] = [
  {
    title: "KV transfer",
    text: "The time that the KV blocks of a request take from prefill to decode over NIXL.",
    unit: "s",
    queries: latency("vllm:nixl_xfer_time_seconds"),
  },
  {
    title: "Failed KV transfers",
    text: "Transfers and notifications that failed, and requests whose blocks were not fetched in time.",
    unit: "reqps",
    queries: {
      transfers: sumBy(BY_MODEL, perSecond("vllm:nixl_num_failed_transfers_total")),
      notifications: sumBy(BY_MODEL, perSecond("vllm:nixl_num_failed_notifications_total")),
      expired: sumBy(BY_MODEL, perSecond("vllm:nixl_num_kv_expired_reqs_total")),
    },
  },
  {
    title: "Accepted draft tokens",
    text: "The share of the speculated tokens that the model accepts.",
    unit: "percentunit",
    queries: {
      [MODEL]: `${sumBy(BY_MODEL, perSecond("vllm:spec_decode_num_accepted_tokens_total"))} / ${sumBy(BY_MODEL, perSecond("vllm:spec_decode_num_draft_tokens_total"))}`,
    },
  },
];

const NOW: readonly Panel[] = [
  {
    ...{ title: "Running", text: "Requests in the batches of the engines.", unit: "short", kind: "stat" },
    queries: { running: `sum(vllm:num_requests_running${CHOSEN})` },
  },
  {
    ...{ title: "Waiting", text: "Requests that wait in the engines.", unit: "short", kind: "stat" },
    queries: { waiting: `sum(vllm:num_requests_waiting${CHOSEN})` },
  },
  {
    ...{ title: "First token, p99", text: "99 of 100 requests get their first token faster.", unit: "s", kind: "stat" },
    queries: {
      p99: quantile(0.99, "vllm:time_to_first_token_seconds", [], { selector: CHOSEN, range: "$__rate_interval" }),
    },
  },
  {
    ...{ title: "KV cache", text: "Mean usage of the KV cache over the engines.", unit: "percentunit", kind: "stat" },
    queries: { usage: `avg(vllm:kv_cache_usage_perc${CHOSEN})` },
  },
  {
    ...{
      title: "Generated tokens",
      text: "Generated tokens per second, over all engines.",
      unit: "short",
      kind: "stat",
    },
    queries: { tokens: `sum(${perSecond("vllm:generation_tokens_total")})` },
  },
  {
    ...{
      title: "Errors",
      text: "Requests per second that the engines ended with an error.",
      unit: "reqps",
      kind: "stat",
    },
    queries: { errors: `sum(${perSecond("vllm:request_success_total", also('finished_reason="error"'))})` },
  },
];

/** The engines: latency, load, caches. */
export const ENGINES: Dashboard = {
  id: "engines",
  title: "LLM engines (vLLM)",
  variables: [
    { name: "namespace", label: "Namespace", values: { series: "vllm:num_requests_running", label: "namespace" } },
    { name: "model", label: "Model", values: { series: "vllm:num_requests_running", label: "model_name" } },
  ],
  sections: [
    { title: "Now", panels: NOW },
    { title: "Latency", panels: LATENCY },
    { title: "Load", panels: LOAD },
    { title: "KV cache", panels: CACHE },
    { title: "Prefill and decode, speculation", panels: EXTRAS },
  ],
};

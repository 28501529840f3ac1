import type { Thresholds } from "../../contract/options/observability.ts";
import { avgBy, BY_MODEL, BY_SCHEDULER, maxBy, OBJECTS, quantile, rate, sumBy } from "./queries.ts";

/** An alert as its table has it. */
export interface Alert {
  alert: string;
  severity: "warning" | "critical";
  /** How long the expression must be true. */
  minutes: number | ((thresholds: Thresholds) => number);
  expr: string | ((thresholds: Thresholds) => string);
  /** The problem and its object; Prometheus fills in templates when it fires. */
  summary: string;
  /** What to look at and what to do. */
  action: string;
}

/** Names of recorded series; a name contains its grouping, its meaning, and its computation. */
const NAMES = {
  timeToFirstToken: "kserve_llm:time_to_first_token_seconds:p99",
  interTokenLatency: "kserve_llm:inter_token_latency_seconds:p99",
  waiting: "kserve_llm:requests_waiting:avg",
  kvCache: "kserve_llm:kv_cache_usage:avg",
  prefixHits: "kserve_llm:prefix_cache_hits:ratio",
  preemptions: "kserve_llm:preemptions_per_request:ratio",
  failures: "kserve_llm:failed_requests:ratio",
} as const;

/** Failures that the request itself caused. */
const OF_CLIENT = "BadRequest|Unauthorized|Forbidden|NotFound|PreconditionFailed";

/** Series that are computed once for alerts, dashboards and people. */
export const RECORDED: Readonly<Record<string, string>> = {
  [NAMES.timeToFirstToken]: quantile(0.99, "vllm:time_to_first_token_seconds", BY_MODEL),
  [NAMES.interTokenLatency]: quantile(0.99, "vllm:inter_token_latency_seconds", BY_MODEL),
  [NAMES.waiting]: avgBy(BY_MODEL, "vllm:num_requests_waiting"),
  [NAMES.kvCache]: avgBy(BY_MODEL, "vllm:kv_cache_usage_perc"),
  [NAMES.prefixHits]: `${sumBy(BY_MODEL, rate("vllm:prefix_cache_hits_total"))} / ${sumBy(BY_MODEL, rate("vllm:prefix_cache_queries_total"))}`,
  [NAMES.preemptions]: `${sumBy(BY_MODEL, rate("vllm:num_preemptions_total"))} / ${sumBy(BY_MODEL, rate("vllm:request_success_total"))}`,
  [NAMES.failures]: `${sumBy(BY_SCHEDULER, rate(`llm_d_epp_request_error_total{error_code!~"${OF_CLIENT}"}`))} / ${sumBy(BY_SCHEDULER, rate("llm_d_epp_request_total"))}`,
};

const MODEL = "{{ $labels.model_name }} in {{ $labels.namespace }}";
const SCHEDULER = "the scheduler {{ $labels.service }} in {{ $labels.namespace }}";

export const ENGINE_ALERTS: readonly Alert[] = [
  {
    alert: "LLMTimeToFirstTokenHigh",
    severity: "warning",
    minutes: 10,
    expr: ({ timeToFirstTokenSeconds }) => `${NAMES.timeToFirstToken} > ${timeToFirstTokenSeconds}`,
    summary: `1 of 100 requests to ${MODEL} waits {{ $value | humanizeDuration }} or longer for its first token`,
    action:
      "Look at the waiting requests and the KV cache usage: add replicas if they are high, shorten prompts if they are low.",
  },
  {
    alert: "LLMInterTokenLatencyHigh",
    severity: "warning",
    minutes: 10,
    expr: ({ interTokenLatencySeconds }) => `${NAMES.interTokenLatency} > ${interTokenLatencySeconds}`,
    summary: `1 of 100 tokens of ${MODEL} arrives {{ $value | humanizeDuration }} or later after the previous token`,
    action: "Lower max-num-seqs, separate prefill from decode, or add replicas.",
  },
  {
    alert: "LLMQueueGrowing",
    severity: "warning",
    minutes: 10,
    expr: ({ waitingRequestsPerEngine }) =>
      `${NAMES.waiting} > ${waitingRequestsPerEngine} and deriv(${NAMES.waiting}[15m]) > 0`,
    summary: `{{ $value }} requests wait in each engine of ${MODEL}, and the queue is growing`,
    action: "Add replicas, or raise the maximum of the autoscaler.",
  },
  {
    alert: "LLMKVCacheFull",
    severity: "warning",
    minutes: 10,
    expr: ({ kvCacheUsage }) => `${NAMES.kvCache} > ${kvCacheUsage}`,
    summary: `the KV cache of ${MODEL} is {{ $value | humanizePercentage }} full`,
    action: "Add replicas, lower max-model-len or max-num-seqs, or offload the KV cache.",
  },
  {
    alert: "LLMPreemptionsHigh",
    severity: "warning",
    minutes: 10,
    expr: ({ preemptionsPerRequest }) => `${NAMES.preemptions} > ${preemptionsPerRequest}`,
    summary: `the engines of ${MODEL} stop and restart {{ $value | humanizePercentage }} of their requests, because the KV cache is full`,
    action: "Lower max-num-seqs, or give the KV cache more memory.",
  },
  {
    alert: "LLMEngineErrors",
    severity: "warning",
    minutes: 5,
    expr: `${sumBy(BY_MODEL, rate('vllm:request_success_total{finished_reason="error"}'))} > 0`,
    summary: `engines of ${MODEL} end requests with an internal error`,
    action: "Read the logs of the engines. If prefill and decode are separate, check the transfer of KV blocks first.",
  },
  {
    alert: "LLMKVTransferFails",
    severity: "critical",
    minutes: 5,
    expr: `${sumBy(BY_MODEL, rate("vllm:nixl_num_failed_transfers_total"))} > 0`,
    summary: `KV blocks of ${MODEL} do not arrive at the decode engines`,
    action: "Check the network between prefill and decode pods: RDMA devices, UCX variables and network policies.",
  },
];

/** A pool whose engines were scaled to zero on purpose has no ready engines. */
const SCALED_TO_ZERO = "kube_deployment_spec_replicas == 0";
const READY = 'label_replace(llm_d_epp_ready_endpoints, "deployment", "$1-kserve", "name", "(.+)-inference-pool")';

export const SCHEDULER_ALERTS: readonly Alert[] = [
  {
    alert: "LLMNoReadyEndpoints",
    severity: "critical",
    minutes: 5,
    expr: `${maxBy(["namespace", "name", "deployment"], READY)} == 0 unless on (namespace, deployment) ${SCALED_TO_ZERO}`,
    summary: "the pool {{ $labels.name }} in {{ $labels.namespace }} has no ready endpoint",
    action: "Look at the pods of the service: they are pending, are still loading, or fail their readiness probe.",
  },
  {
    alert: "LLMRequestsFail",
    severity: "critical",
    minutes: 5,
    expr: ({ failedRequests }) => `${NAMES.failures} > ${failedRequests}`,
    summary: `{{ $value | humanizePercentage }} of the requests through ${SCHEDULER} fail`,
    action:
      "Group llm_d_epp_request_error_total by error_code. For ResourceExhausted, add replicas. For ModelServerError, read the logs of the engines.",
  },
  {
    alert: "LLMSchedulingFails",
    severity: "warning",
    minutes: 5,
    expr: `${sumBy(BY_SCHEDULER, rate('llm_d_epp_scheduler_attempts_total{status="failure"}'))} > 0`,
    summary: `${SCHEDULER} finds no endpoint for requests`,
    action: "Compare the filters of the scheduler's configuration with the labels of the pods.",
  },
  {
    alert: "LLMPoolQueueHigh",
    severity: "warning",
    minutes: 10,
    expr: ({ waitingRequestsPerEngine }) =>
      `${maxBy([...BY_SCHEDULER, "name"], "llm_d_epp_average_queue_size")} > ${waitingRequestsPerEngine}`,
    summary: "{{ $value }} requests wait in each engine of the pool {{ $labels.name }} in {{ $labels.namespace }}",
    action: "Add replicas, or raise the maximum of the autoscaler.",
  },
  {
    alert: "LLMPoolSaturated",
    severity: "warning",
    minutes: 10,
    expr: `${maxBy([...BY_SCHEDULER, "inference_pool"], "llm_d_epp_flow_control_pool_saturation")} >= 1`,
    summary:
      "the pool {{ $labels.inference_pool }} in {{ $labels.namespace }} is saturated, so the scheduler holds requests back",
    action: "Add replicas. At exactly 1, check first that the scheduler reads the metrics of the engines.",
  },
  {
    alert: "LLMEngineMetricsUnread",
    severity: "warning",
    minutes: 10,
    expr: `${sumBy(BY_SCHEDULER, rate("llm_d_epp_datalayer_poll_errors_total"))} > 0`,
    summary: `${SCHEDULER} cannot read the metrics of engines, so it picks endpoints without knowing their load`,
    action: "Check port, scheme and network policies between the scheduler and the engines.",
  },
  {
    alert: "LLMSchedulerDown",
    severity: "critical",
    minutes: 5,
    expr: `kube_deployment_status_replicas_available{deployment=~"${OBJECTS.schedulers}"} == 0 and kube_deployment_spec_replicas > 0`,
    summary: "the scheduler {{ $labels.deployment }} in {{ $labels.namespace }} does not run, so no request is served",
    action:
      "Look at the pods of the scheduler and their logs: the scheduler exits at its start when it refuses its configuration.",
  },
];

export const WORKLOAD_ALERTS: readonly Alert[] = [
  {
    alert: "LLMPodPending",
    severity: "warning",
    minutes: ({ pendingMinutes }) => pendingMinutes,
    expr: `${maxBy(["namespace", "pod"], `kube_pod_status_phase{phase="Pending",pod=~"${OBJECTS.pods}"}`)} == 1`,
    summary: "the pod {{ $labels.pod }} in {{ $labels.namespace }} is still pending",
    action:
      "Read the events of the pod: accelerators are missing, no node has a required label, or an image cannot be pulled.",
  },
  {
    alert: "LLMReplicasMissing",
    severity: "warning",
    minutes: ({ pendingMinutes }) => pendingMinutes,
    expr: `kube_deployment_spec_replicas{deployment=~"${OBJECTS.workloads}",deployment!~"${OBJECTS.schedulers}"} > kube_deployment_status_replicas_available`,
    summary: "the workload {{ $labels.deployment }} in {{ $labels.namespace }} has fewer engines than it should have",
    action: "Look at the pods that are not ready; `kserve-llm preflight` names what the cluster lacks.",
  },
  {
    alert: "LLMEngineRestarts",
    severity: "warning",
    minutes: 1,
    expr: `${sumBy(["namespace", "pod"], `increase(kube_pod_container_status_restarts_total{container="main",pod=~"${OBJECTS.pods}"}[1h])`)} > 2`,
    summary: "the engine in {{ $labels.pod }} in {{ $labels.namespace }} has restarted more than twice within an hour",
    action:
      "Read the logs of the container before its restart; `kserve-llm fit` shows whether the model fits into memory.",
  },
];

const SCALERS = `horizontalpodautoscaler=~"${OBJECTS.scalers}"`;
const SCALER = "the autoscaler {{ $labels.horizontalpodautoscaler }} in {{ $labels.namespace }}";

export const AUTOSCALER_ALERTS: readonly Alert[] = [
  {
    alert: "LLMAutoscalerAtMaximum",
    severity: "warning",
    minutes: 30,
    expr: `kube_horizontalpodautoscaler_status_desired_replicas{${SCALERS}} >= kube_horizontalpodautoscaler_spec_max_replicas > kube_horizontalpodautoscaler_spec_min_replicas`,
    summary: `${SCALER} has been at its maximum for half an hour`,
    action: "Raise scaling.maxReplicas if latency is high and accelerators are free.",
  },
  {
    alert: "LLMScaleStuck",
    severity: "warning",
    minutes: 30,
    expr: `kube_horizontalpodautoscaler_status_desired_replicas{${SCALERS}} != kube_horizontalpodautoscaler_status_current_replicas`,
    summary: `${SCALER} wants {{ $value }} replicas but does not get them`,
    action: "Look at the pending pods, and at the events of the autoscaler.",
  },
  {
    alert: "LLMAutoscalerInactive",
    severity: "warning",
    minutes: 15,
    expr: `kube_horizontalpodautoscaler_status_condition{condition="ScalingActive",status="false",${SCALERS}} == 1 and on (namespace, horizontalpodautoscaler) kube_horizontalpodautoscaler_status_current_replicas > 0`,
    summary: `${SCALER} cannot compute how many replicas it needs`,
    action:
      "Check that Prometheus has the metric that the autoscaler uses, and that KEDA or the metrics adapter can read this metric.",
  },
  {
    alert: "LLMScalerErrors",
    severity: "warning",
    minutes: 10,
    expr: `${sumBy(["exported_namespace", "scaledObject", "scaler"], rate(`keda_scaler_detail_errors_total{scaledObject=~"${OBJECTS.scalers}"}`))} > 0`,
    summary: "KEDA cannot read the trigger {{ $labels.scaler }} of {{ $labels.scaledObject }}",
    action: "Check the address of Prometheus in the settings, and the query of the trigger.",
  },
  {
    alert: "LLMVariantScaleStuck",
    severity: "warning",
    minutes: 30,
    expr: `${maxBy(["exported_namespace", "variant_name"], "wva_desired_replicas")} != ${maxBy(["exported_namespace", "variant_name"], "wva_current_replicas")}`,
    summary: "the variant autoscaler wants {{ $value }} replicas of {{ $labels.variant_name }} but does not get them",
    action: "Check that the HPA or the ScaledObject of the variant reads wva_desired_replicas.",
  },
];

/**
 * The metrics that the parts of a serving stack export, by exporter and kind, as text: `NAME`, `NAME{LABEL,…}` with
 * labels in addition to those of the exporter, and `@FROM-UNTIL` where not every release of the range has it. A
 * counter's name ends with `_total` as Prometheus sees it, and a histogram's is without `_bucket`, `_sum` and `_count`.
 */
export interface ExporterRow {
  title: string;
  /** Labels that each of its metrics has. */
  labels: readonly string[];
  /** The releases that were read, oldest first. */
  releases: readonly string[];
  /** The source of the names and labels. */
  source: string;
  counter?: string;
  gauge?: string;
  histogram?: string;
}

export const EXPORTERS = {
  vllm: {
    title: "vLLM",
    labels: ["model_name", "engine"],
    releases: ["0.23.0", "0.26.0", "0.32.0"],
    source:
      "vllm/v1/metrics/loggers.py, vllm/v1/spec_decode/metrics.py and kv_connector/v1/nixl/stats.py of the wheels; prometheus_client ends the name of a counter with _total",
    counter: `
      vllm:external_prefix_cache_hits_total vllm:external_prefix_cache_queries_total
      vllm:generation_tokens_total vllm:mm_cache_hits_total vllm:mm_cache_queries_total
      vllm:nixl_num_failed_notifications_total vllm:nixl_num_failed_transfers_total vllm:nixl_num_kv_expired_reqs_total
      vllm:num_preemptions_total vllm:prefix_cache_hits_total vllm:prefix_cache_queries_total vllm:prompt_tokens_total
      vllm:prompt_tokens_by_source_total{source} vllm:prompt_tokens_cached_total
      vllm:request_success_total{finished_reason} vllm:spec_decode_num_accepted_tokens_total
      vllm:spec_decode_num_draft_tokens_total vllm:spec_decode_num_drafts_total`,
    gauge: `
      vllm:engine_sleep_state{sleep_state} vllm:kv_cache_usage_perc vllm:num_requests_running vllm:num_requests_waiting
      vllm:num_requests_waiting_by_reason{reason}`,
    histogram: `
      vllm:e2e_request_latency_seconds vllm:inter_token_latency_seconds vllm:iteration_tokens_total
      vllm:nixl_bytes_transferred vllm:nixl_post_time_seconds vllm:nixl_xfer_time_seconds
      vllm:request_decode_time_seconds vllm:request_generation_tokens vllm:request_inference_time_seconds
      vllm:request_prefill_time_seconds vllm:request_prompt_tokens vllm:request_queue_time_seconds
      vllm:request_time_per_output_token_seconds vllm:time_to_first_token_seconds`,
  },
  scheduler: {
    title: "llm-d's scheduler",
    labels: [],
    releases: ["0.9.0", "0.10.0"],
    source:
      "github.com/llm-d/llm-d-router, pkg/epp/metrics/llm_d_router_metrics.go, the metrics.go of its plugins disagg and approximateprefix, and docs/metrics.md",
    counter: `
      llm_d_epp_request_total{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_error_total{model_name,target_model_name,fairness_id,priority,error_code}
      llm_d_epp_scheduler_attempts_total{status,target_model_name,endpoint_name,namespace,port}
      llm_d_epp_datalayer_poll_errors_total{source_type}
      llm_d_epp_datalayer_extract_errors_total{source_type,extractor_type}
      llm_d_epp_disagg_decision_total{plugin_name,plugin_type,model_name,decision_type}
      llm_d_epp_model_rewrite_decisions_total{model_rewrite_name,model_name,target_model}
      llm_d_epp_flow_control_requests_total{outcome,priority,inference_pool}@0.10-`,
    gauge: `
      llm_d_epp_request_running{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_average_kv_cache_utilization{name} llm_d_epp_average_queue_size{name}
      llm_d_epp_average_running_requests{name} llm_d_epp_ready_endpoints{name}
      llm_d_epp_per_endpoint_queue_size{name,model_server_endpoint}
      llm_d_epp_flow_control_queue_size{fairness_id,priority,inference_pool,model_name,target_model_name}
      llm_d_epp_flow_control_queue_bytes{fairness_id,priority,inference_pool,model_name,target_model_name}
      llm_d_epp_flow_control_pool_saturation{inference_pool} llm_d_epp_flow_control_stale_endpoints{detector}@0.10-
      llm_d_epp_prefix_indexer_size{plugin_name,plugin_type} llm_d_epp_info{commit,build_ref}`,
    histogram: `
      llm_d_epp_request_duration_seconds{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_ttft_seconds{model_name,target_model_name,fairness_id,priority,streaming}
      llm_d_epp_request_streaming_itl_seconds{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_streaming_tpot_seconds{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_ntpot_seconds{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_input_tokens{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_output_tokens{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_request_cached_tokens{model_name,target_model_name,fairness_id,priority}
      llm_d_epp_scheduler_e2e_duration_seconds llm_d_epp_plugin_duration_seconds{extension_point,plugin_type,plugin_name}
      llm_d_epp_prefix_indexer_hit_ratio{plugin_name,plugin_type}
      llm_d_epp_flow_control_request_queue_duration_seconds{fairness_id,priority,outcome,inference_pool,model_name,target_model_name}`,
  },
  keda: {
    title: "KEDA",
    labels: ["namespace"],
    releases: ["2.18.0"],
    source: "github.com/kedacore/keda at v2.18.0, pkg/metricscollector/prommetrics.go",
    counter: `
      keda_scaler_detail_errors_total{metric,scaledObject,scaler,triggerIndex,type}
      keda_scaled_object_errors_total{scaledObject}`,
    gauge: `
      keda_scaler_active{metric,scaledObject,scaler,triggerIndex,type}
      keda_scaler_metrics_value{metric,scaledObject,scaler,triggerIndex,type} keda_scaled_object_paused{scaledObject}`,
  },
  variantAutoscaler: {
    title: "llm-d's variant autoscaler",
    labels: ["variant_name", "namespace"],
    releases: ["0.5.1"],
    source:
      "github.com/llm-d/llm-d-workload-variant-autoscaler, internal/metrics/metrics.go and internal/constants/metrics.go; KServe 0.20 and 0.21 scale by wva_desired_replicas of 0.7 and 0.9",
    counter: "wva_replica_scaling_total{direction,reason}",
    gauge:
      "wva_desired_replicas{accelerator_type} wva_current_replicas{accelerator_type} wva_desired_ratio{accelerator_type}",
  },
  kubeStateMetrics: {
    title: "kube-state-metrics",
    labels: ["namespace"],
    releases: ["2.20.0"],
    source: "github.com/kubernetes/kube-state-metrics at v2.20.0, docs/metrics/workload",
    counter: "kube_pod_container_status_restarts_total{container,pod,uid}",
    gauge: `
      kube_deployment_spec_replicas{deployment} kube_deployment_status_replicas_available{deployment}
      kube_horizontalpodautoscaler_spec_max_replicas{horizontalpodautoscaler}
      kube_horizontalpodautoscaler_spec_min_replicas{horizontalpodautoscaler}
      kube_horizontalpodautoscaler_status_current_replicas{horizontalpodautoscaler}
      kube_horizontalpodautoscaler_status_desired_replicas{horizontalpodautoscaler}
      kube_horizontalpodautoscaler_status_condition{horizontalpodautoscaler,condition,status}
      kube_pod_status_phase{pod,phase,uid} kube_pod_status_ready{pod,condition,uid}
      kube_pod_container_status_waiting_reason{container,pod,reason,uid}`,
  },
} as const satisfies Record<string, ExporterRow>;

export type Exporter = keyof typeof EXPORTERS;

/**
 * The keys of flags that take a JSON document, by release: written like the flags (flagtable.ts). Source: the classes of
 * vllm/config in the package `vllm`, every release from 0.8.5 to 0.33.0, patches included.
 */
export const KEYS: Readonly<Record<string, string>> = {
  "kv-transfer-config": `
    enable_permute_local_kv@0.11.1- engine_id@0.9- kv_buffer_device kv_buffer_size@-0.32 kv_connector
    kv_connector_extra_config kv_connector_module_path@0.9- kv_ip@-0.32 kv_load_failure_policy@0.13-
    kv_parallel_size@-0.32 kv_port kv_rank@-0.32 kv_role`,
  "kv-events-config": `
    buffer_steps enable_kv_cache_events endpoint hwm max_queue_size publisher replay_endpoint topic`,
  "eplb-config": `
    communicator@0.20- enable_migration_batching@0.32- log_balancedness log_balancedness_interval@0.14-
    num_redundant_experts policy@0.13- step_interval use_async@0.12- window_size`,
  "structured-outputs-config": `
    backend disable_additional_properties disable_any_whitespace disable_fallback@-0.18 enable_in_reasoning@0.11.1-
    reasoning_parser reasoning_parser_plugin@0.11.1-`,
  "speculative-config": `
    acceptance_method@-0.10 attention_backend@0.21- code_revision disable_by_batch_size@-0.17
    disable_eagle_block_drop@0.30- disable_log_stats@-0.11.1 disable_logprobs@-0.11.1 disable_lookahead_block_hashes@0.33-
    disable_mqa_scorer@-0.10 disable_padded_drafter_batch@0.11- draft_lm_head_quantization@0.33- draft_load_config@0.17-
    draft_model_config draft_parallel_config draft_sample_method@0.21- draft_tensor_parallel_size dspark_draft_topk@0.28-
    enable_adaptive_verification@0.28- enable_chunked_prefill@-0.11.1 enforce_eager@0.11- fly_entropy_threshold@0.33-
    fly_entropy_top_k@0.33- fly_window_size@0.33- index_share_for_mtp_iteration@0.29- kv_cache_dtype@0.26- max_model_len
    method model moe_backend@0.19- num_speculative_tokens num_speculative_tokens_per_batch_size@0.24-
    parallel_drafting@0.16- posterior_alpha@-0.10 posterior_threshold@-0.10 prompt_lookup_max prompt_lookup_min
    quantization rejection_sample_method@0.18- revision speculative_token_tree@0.9-0.21
    suffix_decoding_max_cached_requests@0.11.1- suffix_decoding_max_spec_factor@0.11.1-
    suffix_decoding_max_tree_depth@0.11.1- suffix_decoding_min_token_prob@0.11.1- synthetic_acceptance_length@0.20-
    synthetic_acceptance_rate@0.19-0.20 synthetic_acceptance_rates@0.20- target_model_config target_parallel_config
    tensor_parallel_size@0.15- use_heterogeneous_vocab@0.25- use_local_argmax_reduction@0.17- xpress_topc@0.33-`,
  "compilation-config": `
    backend bs_to_padded_graph_size@-0.9 cache_dir compilation_time@-0.9 compile_cache_save_format@0.11.1-
    compile_mm_encoder@0.11.1- compile_ranges_endpoints@0.18- compile_ranges_split_points@0.13-0.18 compile_sizes
    cudagraph_capture_sizes cudagraph_copy_inputs cudagraph_decoder_replay@0.32- cudagraph_mm_encoder@0.19-
    cudagraph_mode@0.10.1- cudagraph_num_of_warmups cudagraph_specialize_lora@0.11.1- custom_ops debug_dump_path
    decoder_replay_cudagraph_capture_sizes@0.32- decoder_replay_trim_threshold@0.32- disabled_custom_ops@-0.9
    dynamic_shapes_config@0.12- enabled_custom_ops@-0.9 encoder_cudagraph_max_frames_per_batch@0.20-
    encoder_cudagraph_max_images_per_batch@0.19-0.20 encoder_cudagraph_max_vision_items_per_batch@0.20-
    encoder_cudagraph_token_budgets@0.19- fast_moe_cold_start@0.16- full_cuda_graph@0.9-0.11.1 inductor_compile_config
    inductor_passes ir_enable_torch_wrap@0.20- level@-0.18 local_cache_dir@-0.9 max_capture_size@-0.9
    max_cudagraph_capture_size@0.11.1- mode@0.11.1- pass_config splitting_ops static_forward_context@-0.9
    traced_files@-0.9 use_cudagraph@-0.11.1 use_inductor@-0.12 use_inductor_graph_partition@0.11-`,
  "attention-config": `
    backend backend_per_kind@0.26- disable_flashinfer_prefill@-0.22 disable_flashinfer_q_quantization
    flash_attn_max_num_splits_for_cuda_graph flash_attn_version flex_attn_block_m@0.22- flex_attn_block_n@0.22-
    flex_attn_kv_block_size@0.22- flex_attn_q_block_size@0.22- hisparse_config@0.30- indexer_kv_dtype@0.24-
    indexer_sparse_logits@0.31- indexer_tp_shard_min_rows@0.33- minimax_m3_indexer_cp@0.33-
    minimax_m3_msa_decode_backend@0.27- mla_prefill_backend@0.21- sparse_mla_force_mqa@0.26-
    sparse_mla_prefill_workspace_factor@0.32- tokenspeed_mla_min_split_kv@0.32- tq_max_kv_splits_for_cuda_graph@0.20-
    trtllm_ragged_backend@0.33- use_cudnn_prefill@-0.22 use_fp4_indexer_cache@0.20-0.30 use_non_causal@0.21-
    use_prefill_decode_attention@-0.29 use_prefill_query_quantization@0.17- use_trtllm_attention
    use_trtllm_ragged_deepseek_prefill@-0.22`,
  "kernel-config": `
    enable_bf16x3_router_gemm@0.26-0.30 enable_cutedsl_warmup@0.25- enable_flashinfer_autotune enable_jit_warmup@0.27-
    enable_rocm_segmented_attn_autotune@0.32- ir_op_priority@0.20- linear_backend@0.22- linear_backend_per_quant@0.30-
    moe_backend@0.17- monokernel@0.33- sparse_indexer_topk_backend@0.30-`,
  "profiler-config": `
    active_iterations@0.18- capture_torch_profiler@0.26- delay_iterations detailed_trace_annotation@0.26- ignore_frontend
    max_iterations profiler proton_backend@0.28- proton_context@0.28- proton_data@0.28- proton_graph_attribution@0.30-
    proton_hook@0.28- proton_mode@0.28- proton_output_format@0.28- proton_profiler_dir@0.28-
    torch_profiler_activities@0.31- torch_profiler_dir torch_profiler_dump_cuda_time_total torch_profiler_record_shapes
    torch_profiler_use_gzip torch_profiler_with_flops torch_profiler_with_memory torch_profiler_with_stack
    wait_iterations@0.18- warmup_iterations@0.18-`,
  "ec-transfer-config": `
    ec_buffer_device ec_buffer_size ec_connector ec_connector_extra_config ec_connector_module_path ec_ip
    ec_parallel_size@-0.32 ec_port ec_rank@-0.32 ec_role engine_id`,
  "pooler-config": `
    activation@0.10.1-0.16 dimensions@0.10.1- enable_chunked_processing@0.10.1- enable_flash_late_interaction@0.32-
    logit_bias@0.10.2-0.23 logit_mean@0.20- logit_scale@0.20-0.23 logit_sigma@0.20- max_embed_len@0.10.1- normalize@-0.16
    pooling_type returned_token_ids seq_pooling_type@0.14- softmax@-0.16 step_tag_id task@0.19- tok_pooling_type@0.14-
    use_activation@0.11.1-`,
  "reasoning-config": "reasoning_end_str reasoning_parser@0.20- reasoning_start_str",
};

/**
 * The types of the values of keys in JSON documents of flags, by release: `whole >=1` is a whole number of at least 1,
 * `word` has one of the words after it. Keys and words are written like flags (flagtable.ts). Keys whose value vLLM
 * converts before it checks it are not here. Source: the annotations and `Field(…)` of the classes of vllm/config in the
 * package `vllm`, every release from 0.16.0 to 0.33.0, patches included.
 */
export const KEY_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "attention-config": {
    switch: `
      disable_flashinfer_prefill disable_flashinfer_q_quantization indexer_sparse_logits minimax_m3_indexer_cp
      sparse_mla_force_mqa use_cudnn_prefill use_fp4_indexer_cache use_non_causal use_prefill_decode_attention
      use_prefill_query_quantization use_trtllm_attention use_trtllm_ragged_deepseek_prefill
    `,
    whole: `
      flash_attn_max_num_splits_for_cuda_graph flex_attn_block_m flex_attn_block_n flex_attn_kv_block_size
      flex_attn_q_block_size tq_max_kv_splits_for_cuda_graph
    `,
    "whole >=1": "indexer_tp_shard_min_rows",
    "whole >=1 <=256": "tokenspeed_mla_min_split_kv",
    "whole >=2": "sparse_mla_prefill_workspace_factor",
    "word 2 3 4@0.17-": "flash_attn_version",
    "word auto bf16 fp8 mxfp4 nvfp4": "indexer_kv_dtype@0.28-0.33",
    "word bf16 fp8 mxfp4 nvfp4": "indexer_kv_dtype@-0.28",
    "word cute-dsl trtllm-gen": "trtllm_ragged_backend",
    "word cutlass triton": "minimax_m3_msa_decode_backend",
  },
  "compilation-config": {
    number: "compilation_time",
    object: "inductor_compile_config inductor_passes static_forward_context",
    switch: `
      compile_mm_encoder cudagraph_copy_inputs cudagraph_decoder_replay cudagraph_mm_encoder
      cudagraph_specialize_lora fast_moe_cold_start
    `,
    text: "backend cache_dir local_cache_dir",
    texts: "custom_ops splitting_ops",
    whole: `
      cudagraph_num_of_warmups encoder_cudagraph_max_frames_per_batch encoder_cudagraph_max_images_per_batch
      encoder_cudagraph_max_vision_items_per_batch
    `,
    "whole >=0": "decoder_replay_trim_threshold",
    wholes: `
      compile_ranges_endpoints compile_ranges_split_points cudagraph_capture_sizes
      decoder_replay_cudagraph_capture_sizes encoder_cudagraph_token_budgets
    `,
    "word binary unpacked": "compile_cache_save_format",
  },
  "ec-transfer-config": {
    number: "ec_buffer_size",
    object: "ec_connector_extra_config",
    text: "ec_buffer_device ec_connector ec_connector_module_path ec_ip engine_id",
    whole: "ec_parallel_size ec_port ec_rank",
    "word ec_both@0.17- ec_consumer ec_producer": "ec_role",
  },
  "eplb-config": {
    switch: "enable_migration_batching log_balancedness use_async",
    whole: "log_balancedness_interval@-0.20 step_interval@-0.20 window_size@-0.20",
    "whole >0": "log_balancedness_interval@0.20- step_interval@0.20- window_size@0.20-",
    "whole >=0": "num_redundant_experts",
    "word default": "policy",
    "word nixl pynccl torch_gloo torch_nccl torch_xccl@0.31-": "communicator",
  },
  "kernel-config": {
    object: "linear_backend_per_quant",
    switch: "enable_bf16x3_router_gemm enable_rocm_segmented_attn_autotune monokernel",
  },
  "kv-events-config": {
    switch: "enable_kv_cache_events",
    text: "endpoint replay_endpoint topic",
    whole: "buffer_steps hwm max_queue_size",
    "word null zmq": "publisher",
  },
  "kv-transfer-config": {
    number: "kv_buffer_size",
    object: "kv_connector_extra_config",
    switch: "enable_permute_local_kv",
    text: "engine_id kv_buffer_device kv_connector_module_path kv_ip",
    whole: "kv_parallel_size kv_port kv_rank",
    "word fail recompute": "kv_load_failure_policy",
  },
  "pooler-config": {
    number: "logit_bias logit_mean logit_scale logit_sigma",
    switch: "enable_chunked_processing enable_flash_late_interaction use_activation",
    whole: "dimensions max_embed_len step_tag_id",
    wholes: "returned_token_ids",
    "word ALL CLS LAST MEAN STEP": "pooling_type",
    "word ALL STEP": "tok_pooling_type",
    "word CLS LAST MEAN": "seq_pooling_type",
  },
  "profiler-config": {
    switch: `
      capture_torch_profiler detailed_trace_annotation ignore_frontend proton_graph_attribution
      torch_profiler_dump_cuda_time_total torch_profiler_record_shapes torch_profiler_use_gzip
      torch_profiler_with_flops torch_profiler_with_memory torch_profiler_with_stack
    `,
    text: "proton_mode proton_profiler_dir torch_profiler_dir",
    "whole >=0": "delay_iterations max_iterations wait_iterations warmup_iterations",
    "whole >=1": "active_iterations",
    "word chrome_trace hatchet hatchet_msgpack": "proton_output_format",
    "word cuda proton@0.28- torch": "profiler",
    "word cupti": "proton_backend",
    "word python shadow": "proton_context",
    "word trace tree": "proton_data",
    "word triton": "proton_hook",
  },
  "reasoning-config": {
    text: "reasoning_end_str reasoning_parser reasoning_start_str",
  },
  "speculative-config": {
    number: `
      suffix_decoding_max_spec_factor suffix_decoding_min_token_prob synthetic_acceptance_length
      synthetic_acceptance_rate
    `,
    "number >=0": "fly_entropy_threshold",
    switch: `
      disable_eagle_block_drop disable_lookahead_block_hashes disable_padded_drafter_batch
      enable_adaptive_verification enforce_eager index_share_for_mtp_iteration parallel_drafting
      use_heterogeneous_vocab use_local_argmax_reduction
    `,
    text: "code_revision revision speculative_token_tree",
    whole: "suffix_decoding_max_cached_requests suffix_decoding_max_tree_depth",
    "whole >=0": "xpress_topc",
    "whole >=1": `
      draft_tensor_parallel_size dspark_draft_topk fly_entropy_top_k fly_window_size max_model_len prompt_lookup_max
      prompt_lookup_min
    `,
    "whole >=2": "disable_by_batch_size",
    "word block@0.25- fly@0.33- probabilistic@-0.21 standard@0.21- strict@-0.21 synthetic@0.19-": `
      rejection_sample_method
    `,
    "word fp8 nvfp4": "draft_lm_head_quantization",
    "word greedy gumbel@-0.22 probabilistic@0.22-": "draft_sample_method",
  },
  "structured-outputs-config": {
    switch: "disable_additional_properties disable_any_whitespace disable_fallback enable_in_reasoning",
    text: "reasoning_parser reasoning_parser_plugin",
    "word auto guidance lm-format-enforcer outlines xgrammar": "backend",
  },
};

/**
 * What a flag of SGLang accepts, if that is the same for every user; in the notation of the flags. Source: that of the
 * table of flags; for parsers, DetectorMap of ReasoningParser and ToolCallParserEnum of FunctionCallParser in the same
 * wheels, whose names argparse gets as its choices.
 */
export const CHOICES: Readonly<Record<string, string>> = {
  "attention-backend": `
    aiter ascend compressed@0.5.12- cutedsl_mla@0.5.13- cutlass_mla@-0.5.20 dsa@0.5.13- dsv4@0.5.12-
    dual_chunk_flash_attn@0.5.2-0.5.20 fa3 fa4@0.5.4- flashinfer flashmla flex_attention@0.5.4- hpc_ops@0.5.17-
    hybrid_linear_attn@0.5.2-0.5.4 intel_amx intel_xpu@0.5.4- llada2_cfg_flashinfer@0.5.22- minicpm_flashattn@0.5.19-
    minicpm_flashinfer@0.5.19- nsa@0.5.4- qsa@0.5.20- tokenspeed_mla@0.5.12- torch_native triton trtllm_mha@0.5.2-
    trtllm_mla@0.5.2- wave@0.5.2-`,
  "bf16-gemm-backend": "auto cutedsl flashinfer_pr4266@0.5.19-0.5.20 gemv@0.5.19- torch@0.5.17-",
  "boundary-reduction": "ar auto rs rs+rsv rsv",
  "cp-strategy": "interleave zigzag",
  "cuda-graph-tc-compiler": "eager inductor",
  "dcp-comm-backend": "a2a ag_rs fi_a2a",
  "decode-attention-backend": `
    aiter@0.5.2- ascend@0.5.2- compressed@0.5.12- cutedsl_mla@0.5.13- cutlass_mla@-0.5.20 dsa@0.5.13- dsv4@0.5.12-
    dual_chunk_flash_attn@0.5.2-0.5.20 fa3 fa4@0.5.4- flashinfer flashmla flex_attention@0.5.4- hpc_ops@0.5.17-
    hybrid_linear_attn@0.5.2-0.5.4 intel_amx@0.5.2- intel_xpu@0.5.4- llada2_cfg_flashinfer@0.5.22-
    minicpm_flashattn@0.5.19- minicpm_flashinfer@0.5.19- nsa@0.5.4- qsa@0.5.20- tokenspeed_mla@0.5.12- torch_native
    triton trtllm_mha@0.5.2- trtllm_mla@0.5.2- wave@0.5.2-`,
  "decoupled-spec-role": "drafter null verifier",
  "deepep-dispatcher-output-dtype": "auto bf16 fp8 int8 nvfp4",
  "deepep-mode": "auto low_latency normal",
  "deepep-v2-mode": "direct hybrid",
  "disaggregation-decode-allocation-policy": "early prefill_complete",
  "disaggregation-decode-retraction-backup": "cpu_tensor host_pool none@0.5.21-",
  "disaggregation-mode": "decode null prefill",
  "disaggregation-transfer-backend": "ascend fake@0.5.2- mooncake mooncake_tcp@0.5.13- mori@0.5.9- nixl",
  "dsa-decode-backend": `
    aiter fa3 flashinfer_sparse_mla@0.5.17- flashmla_auto flashmla_kv flashmla_sparse flashmla_sparse_q8@0.5.16-
    intel_xpu@0.5.22- tilelang triton@0.5.20- trtllm`,
  "dsa-paged-mqa-logits-backend": "aiter auto cutedsl deepgemm",
  "dsa-prefill-backend": `
    aiter fa3 flashinfer_sparse_mla@0.5.17- flashmla_auto flashmla_kv flashmla_sparse flashmla_sparse_q8@0.5.16-
    intel_xpu@0.5.22- tilelang triton@0.5.20- triton_sparse_mla@0.5.22- trtllm`,
  "dsa-prefill-cp-mode": "in-seq-split round-robin-split",
  "dsa-topk-backend": "flashinfer sgl-kernel torch",
  "dsa-triton-union": "0 2 4",
  "dsv4-attn-backend": "auto flashmla flashmla_mega@0.5.23- trtllm",
  "dsv4-prefill-backend": "auto flashmla_sparse flashmla_sparse_q8",
  dtype: "auto bfloat16 float float16 float32 half",
  "elastic-ep-backend": "mooncake nixl@0.5.10- none",
  "elastic-ep-join-mode": "recover scale",
  "encoder-transfer-backend": "auto@0.5.17- mooncake zmq_to_scheduler zmq_to_tokenizer",
  "ep-dispatch-algorithm": "dynamic fake lp static",
  "expert-balancedness-report-mode": "both off prometheus server_log",
  "expert-distribution-recorder-mode": "per_pass per_token stat stat_approx",
  "flashinfer-a2a-dispatch-type": "auto bf16 mxfp8 nvfp4",
  "flashinfer-allreduce-fusion-backend": "auto cutedsl@0.5.21- mnnvl trtllm",
  "flashinfer-mxfp4-moe-precision": "bf16 default fp8@0.5.19-",
  "fp4-gemm-backend": `
    auto cutlass@0.5.10-0.5.16 flashinfer_cudnn flashinfer_cutedsl@0.5.12- flashinfer_cutlass flashinfer_trtllm
    marlin@0.5.13-`,
  "fp8-gemm-backend": `
    aiter auto cutlass deep_gemm flashinfer_cutedsl@0.5.18- flashinfer_cutlass@0.5.10- flashinfer_deepgemm@0.5.9-
    flashinfer_trtllm triton`,
  "fuseep-mode": "1 2",
  "grammar-backend": "llguidance none outlines xgrammar",
  "hicache-host-memory-mode": "buffer_only cache",
  "hicache-io-backend": "direct kernel kernel_ascend@0.5.6-",
  "hicache-mem-layout": "layer_first page_first page_first_direct@0.5.4- page_first_kv_split@0.5.6- page_head@0.5.6-",
  "hicache-storage-backend": `
    aibrix@0.5.4- dynamic@0.5.4- eic@0.5.4- file hf3fs mooncake mori@0.5.15- nixl@0.5.2- npu_memcache@0.5.20-
    seaweedfs@0.5.22- shm@0.5.17- sim@0.5.19- simm@0.5.11- tensorcast@0.5.21-`,
  "hicache-storage-prefetch-policy": "best_effort timeout wait_complete",
  "hicache-write-policy": "write_back write_through write_through_selective",
  "image-processor-backend": "auto pil torchvision",
  "kv-cache-dtype": `
    auto bf16@0.5.4- bfloat16@0.5.4- fp4_e2m1@0.5.5-0.5.21 fp4_mx_block16@0.5.16- fp8_e4m3 fp8_e5m2 mxfp8@0.5.16-
    nvfp4@0.5.16-`,
  "kv-canary": "log none raise",
  "linear-attn-backend": `
    cutedsl flashinfer flashkda@0.5.15- helion@0.5.18- intel_xpu@0.5.19- nvidia_kda@0.5.17- ptx_kda@0.5.17- triton`,
  "linear-attn-decode-backend": `
    cutedsl flashinfer flashkda@0.5.15- helion@0.5.18- intel_xpu@0.5.19- nvidia_kda@0.5.17- ptx_kda@0.5.17- triton`,
  "linear-attn-prefill-backend": `
    cutedsl flashinfer flashkda@0.5.15- helion@0.5.18- intel_xpu@0.5.19- nvidia_kda@0.5.17- ptx_kda@0.5.17- triton`,
  "linear-attn-verify-backend": `
    cutedsl flashinfer flashkda helion@0.5.18- intel_xpu@0.5.19- nv_cutedsl nvidia_kda ptx_kda triton`,
  "load-balance-method": `
    auto@0.5.8- decode_round_robin@0.5.7-0.5.8 follow_bootstrap_room@0.5.8- minimum_tokens@0.5.2-0.5.8 round_robin
    shortest_queue@-0.5.8 total_requests@0.5.8- total_tokens@0.5.8-`,
  "load-format": `
    auto bitsandbytes dummy expert_pack@0.5.19- fastsafetensors@0.5.7- flash_rl@0.5.7- gguf instanttensor@0.5.22-
    layered mistral@0.5.10- npcache presharded@0.5.17- private@0.5.7- pt remote remote_instance@0.5.4-
    runai_streamer@0.5.10- safetensors sharded_state`,
  "log-requests-format": "json text",
  "log-requests-level": "0 1 2 3",
  "lora-backend": "ascend@0.5.6- csgmv torch_native@0.5.7- triton triton_v2@0.5.23-",
  "lora-eviction-policy": "fifo lru",
  "mamba-backend": "flashinfer triton",
  "mamba-radix-cache-strategy": "auto extra_buffer extra_buffer_lazy no_buffer",
  "mamba-ssm-dtype": "bfloat16 float16@0.5.9- float32",
  "max-lora-chunk-size": "128 16 32 64",
  "mm-attention-backend": `
    aiter_attn@0.5.5- amx_attn@0.5.13- ascend_attn@0.5.4- fa3 fa4@0.5.9- flashinfer_cudnn@0.5.10- sdpa triton_attn
    xpu_attn@0.5.13-`,
  "mm-feature-transport": "cpu cuda_ipc cuda_vmm@0.5.18-",
  "mm-global-cache-backend": "mooncake",
  "moe-a2a-backend": `
    ascend_fuseep@0.5.6- ascend_tp@0.5.16- deepep deepep_v2@0.5.19- flashinfer@0.5.9- flashinfer_megamoe@0.5.20-
    megamoe@0.5.12- mooncake@0.5.4- mori@0.5.9- nixl@0.5.10- none pplx@0.5.17-`,
  "moe-runner-backend": `
    aiter@0.5.11- auto cutlass@0.5.4- deep_gemm@0.5.4- experimental_sgl_marlin@0.5.16- experimental_sgl_trtllm@0.5.13-
    flashinfer_cutedsl@0.5.4- flashinfer_cutlass flashinfer_megamoe@0.5.20- flashinfer_mxfp4 flashinfer_trtllm
    flashinfer_trtllm_routed@0.5.10- hpc_ops@0.5.17- humming@0.5.16- intel_xpu@0.5.19- lora_cutedsl@0.5.23-
    lora_marlin@0.5.23- lora_triton@0.5.23- marlin@0.5.12- megamoe@0.5.18- triton triton_kernel`,
  "nsa-decode-backend": `
    aiter fa3 flashinfer_sparse_mla@0.5.17- flashmla_auto@0.5.5- flashmla_kv flashmla_sparse flashmla_sparse_q8@0.5.16-
    tilelang trtllm@0.5.9-`,
  "nsa-prefill-backend": `
    aiter fa3 flashinfer_sparse_mla@0.5.17- flashmla_auto@0.5.5- flashmla_kv flashmla_sparse flashmla_sparse_q8@0.5.16-
    tilelang trtllm@0.5.9-`,
  "nsa-prefill-cp-mode": "in-seq-split round-robin-split",
  "piecewise-cuda-graph-compiler": "eager inductor",
  "ple-offload-backend": "file pinned",
  "prefill-attention-backend": `
    aiter@0.5.2- ascend@0.5.2- compressed@0.5.12- cutedsl_mla@0.5.13- cutlass_mla@-0.5.20 dsa@0.5.13- dsv4@0.5.12-
    dual_chunk_flash_attn@0.5.2-0.5.20 fa3 fa4@0.5.4- flashinfer flashmla flex_attention@0.5.4- hpc_ops@0.5.17-
    hybrid_linear_attn@0.5.2-0.5.4 intel_amx@0.5.2- intel_xpu@0.5.4- llada2_cfg_flashinfer@0.5.22-
    minicpm_flashattn@0.5.19- minicpm_flashinfer@0.5.19- nsa@0.5.4- qsa@0.5.20- tokenspeed_mla@0.5.12- torch_native
    triton trtllm_mha@0.5.2- trtllm_mla@0.5.2- wave@0.5.2-`,
  "prefill-cp-mode": "in-seq-split",
  "prefill-kv-cache-dequant-dtype": "auto fp8_e4m3 nvfp4",
  "qsa-indexer-dtype": "auto bfloat16 fp8_e4m3",
  quantization: `
    auto-round@0.5.5- auto-round-int8@0.5.15- awq awq_marlin bitsandbytes compressed-tensors@0.5.4- fp8 gguf gptq
    gptq_marlin humming@0.5.16- marlin@-0.5.20 mlx_q4@0.5.12- mlx_q8@0.5.12- modelopt modelopt_fp4 modelopt_fp8@0.5.4-
    modelopt_mixed@0.5.10- modelslim@0.5.7- moe_wna16 mxfp4@0.5.2- mxfp8@0.5.9- mxfp_w4a8@0.5.15- nvfp4_online@0.5.14-
    petit_nvfp4 qoq@-0.5.16 quark@0.5.12- quark_int4fp8_moe@0.5.8- quark_mxfp4@0.5.13- unquant@0.5.11- w4afp8 w8a8_fp8
    w8a8_int8`,
  "radix-eviction-policy": "lfu lru priority@0.5.11- slru@0.5.10- tlru@0.5.21-",
  "reasoning-parser": `
    auto@0.5.12- apertus2509@0.5.13- beam@0.5.23- cohere_command4@0.5.13- deepseek-r1 deepseek-v3@0.5.2-
    deepseek-v4@0.5.12- deepseek-v41@0.5.21- dots@0.5.19- gemma4@0.5.11- gigachat35@0.5.21- glm45 gpt-oss@0.5.2-
    granite_thinking_parser@0.5.20- hunyuan@0.5.11- inkling@0.5.16- interns1@0.5.7- iquest_q1@0.5.21-
    k2_horizon@0.5.20- kimi kimi_k2@0.5.5- kimi_k3@0.5.17- ling3@0.5.19- mimo@0.5.10- minimax@0.5.5-
    minimax-append-think@0.5.5- minimax-m3@0.5.16- mistral@0.5.10- muse@0.5.18- nanbeige@0.5.20-
    nano_v3@0.5.7-0.5.10 nemotron_3@0.5.10- poolside_v1@0.5.12- qwen3 qwen3-thinking response_template@0.5.23-
    step3 step3p5@0.5.9-`,
  "remote-instance-weight-loader-backend": "modelexpress@0.5.10- nccl transfer_engine",
  "retraction-policy": "length priority",
  "return-hidden-states-mode": "full last",
  "rl-on-policy-target": "fsdp",
  "sampling-backend": "ascend@0.5.6- flashinfer intel_xpu@0.5.21- pytorch",
  "sampling-defaults": "model openai",
  "schedule-policy": `
    dfs-weight fcfs hrrn@0.5.20- lof@0.5.2- lpm priority@0.5.4- random routing-key@0.5.8- shortest-prefill-first@0.5.21-`,
  "speculative-attention-mode": "decode prefill",
  "speculative-draft-kv-cache-dtype": "auto bf16 bfloat16 fp8_e4m3 fp8_e5m2",
  "speculative-draft-load-format": `
    auto bitsandbytes dummy expert_pack@0.5.19- fastsafetensors@0.5.7- flash_rl@0.5.7- gguf instanttensor@0.5.22-
    layered mistral@0.5.10- npcache presharded@0.5.17- private@0.5.7- pt remote remote_instance runai_streamer@0.5.10-
    safetensors sharded_state`,
  "speculative-draft-model-quantization": `
    auto-round auto-round-int8@0.5.15- awq awq_marlin bitsandbytes compressed-tensors fp8 gguf gptq gptq_marlin
    humming@0.5.16- marlin@-0.5.20 mlx_q4@0.5.12- mlx_q8@0.5.12- modelopt modelopt_fp4 modelopt_fp8
    modelopt_mixed@0.5.10- modelslim moe_wna16 mxfp4 mxfp8@0.5.9- mxfp_w4a8@0.5.15- nvfp4_online@0.5.14- petit_nvfp4
    qoq@-0.5.16 quark@0.5.12- quark_int4fp8_moe@0.5.8- quark_mxfp4@0.5.13- unquant w4afp8 w8a8_fp8 w8a8_int8`,
  "speculative-dsa-topk-backend": "flashinfer sgl-kernel torch",
  "speculative-moe-a2a-backend": `
    ascend_fuseep ascend_tp@0.5.16- deepep deepep_v2@0.5.19- flashinfer@0.5.9- megamoe@0.5.12- mooncake mori@0.5.9-
    nixl@0.5.10- none pplx@0.5.17-`,
  "speculative-moe-runner-backend": `
    aiter@0.5.11- auto cutlass deep_gemm experimental_sgl_marlin@0.5.16- experimental_sgl_trtllm@0.5.13-
    flashinfer_cutedsl flashinfer_cutlass flashinfer_megamoe@0.5.20- flashinfer_mxfp4 flashinfer_trtllm
    flashinfer_trtllm_routed@0.5.10- hpc_ops@0.5.17- humming@0.5.16- intel_xpu@0.5.19- lora_cutedsl@0.5.23-
    lora_marlin@0.5.23- lora_triton@0.5.23- marlin@0.5.12- megamoe@0.5.18- triton triton_kernel`,
  "speculative-ngram-match-type": "BFS PROB",
  "startup-weight-load-mode": "overlap serial",
  "tokenizer-backend": "fastokens huggingface",
  "tokenizer-mode": "auto slow",
  "tool-call-parser": `
    auto@0.5.12- apertus2509@0.5.13- beam@0.5.23- cohere_command4@0.5.13- deepseekv3 deepseekv31@0.5.2-
    deepseekv32@0.5.6- deepseekv4@0.5.12- deepseekv41@0.5.21- dots@0.5.19- gemma4@0.5.11- gigachat3@0.5.9-
    gigachat35@0.5.21- glm@0.5.4- glm45 glm47@0.5.7- gpt-oss@0.5.2- hermes@0.5.9- hunyuan@0.5.11- inkling@0.5.16-
    interns1@0.5.7- iquest_q1@0.5.21- k2_horizon@0.5.20- kimi_k2 kimi_k3@0.5.17- lfm2@0.5.9- ling3@0.5.19- llama3
    mimo@0.5.7- minicpm5@0.5.13- minimax-m2@0.5.5- minimax-m3@0.5.16- mistral muse@0.5.18- nanbeige@0.5.20-
    poolside_v1@0.5.12- pythonic qwen@0.5.4- qwen25 qwen3_coder response_template@0.5.23- spark25@0.5.19- step3
    step3p5@0.5.9- trinity@0.5.8-`,
  "unified-cache-external-linker-backend": "dynamic@0.5.23- mooncake mori",
  "weight-cache-mode": "client daemon off",
};

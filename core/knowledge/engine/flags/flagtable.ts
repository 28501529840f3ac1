/**
 * Every flag of `vllm serve` from 0.8 on, by what it takes, as text: `NAME`, or `NAME@FROM-UNTIL` where not every
 * release of the range has it; FROM is the first release that has the flag and UNTIL the first that no longer has it.
 * Source: EngineArgs.add_cli_args (vllm/engine/arg_utils.py), FrontendArgs and make_arg_parser (cli_args.py of the
 * entry points) and the config classes they read their types from, in the package `vllm` of every release from 0.8.0 to
 * 0.33.0, patches included. A type that changed is the latest one.
 */
export const FIRST_RELEASE = "0.8.0";
export const LAST_RELEASE = "0.33.0";

/**
 * What a flag takes. `switch`: no value, and `--no-FLAG` is the opposite; `once`: no value; `optional`: a word or
 * nothing; `list`: several words; `repeated`: one word, and every occurrence counts. The others are types of one word.
 */
export const KINDS = {
  switch: `
    allow-credentials allow-deprecated-quantization@0.14- async-scheduling@0.10- calculate-kv-scales@-0.28
    cohere-is-reasoning-model@0.27- cudagraph-metrics@0.13- data-parallel-external-lb@0.11.1-
    data-parallel-hybrid-lb@0.10- dcp-q-replicate@0.29- disable-cascade-attn@0.8.2- disable-chunked-mm-input@0.8.4-
    disable-custom-all-reduce disable-fastapi-docs disable-frontend-multiprocessing@-0.19
    disable-hybrid-kv-cache-manager@0.9.1- disable-log-requests@-0.17 disable-mm-preprocessor-cache@-0.13
    disable-nccl-for-dp-synchronization@0.11.1- disable-sliding-window disable-uvicorn-access-log@0.8.2-
    enable-auto-tool-choice enable-batch-sharded-sampling@0.29- enable-bf16x3-router-gemm@0.26-0.30
    enable-chunked-prefill enable-cumem-allocator@0.22- enable-dbo@0.11- enable-elastic-ep@0.17-
    enable-ep-weight-filter@0.18- enable-eplb@0.9.2- enable-expert-parallel enable-fault-tolerance@0.27-
    enable-flash-late-interaction@0.20- enable-flashinfer-autotune@0.16- enable-force-include-usage@0.9.2-
    enable-hc-sp@0.32- enable-layerwise-nvtx-tracing@0.13- enable-log-deltas@0.14- enable-log-outputs@0.10.1-
    enable-log-requests@0.10.1- enable-logging-iteration-details@0.14- enable-lora enable-lora-bias@-0.11.1
    enable-mamba-cache-stochastic-rounding@0.20- enable-mamba-fine-grained-prefix-cache@0.30-0.31
    enable-mamba-shared-prefix-checkpoint@0.31- enable-mfu-metrics@0.14- enable-mixed-moe-lora-format@0.22-
    enable-mm-embeds@0.11.1- enable-moe-shared-loras@0.26- enable-multimodal-encoder-data-parallel@0.9.1-0.13
    enable-nccl-comm-suspend@0.30- enable-offline-docs@0.14- enable-per-request-metrics@0.25- enable-prefix-caching
    enable-prompt-adapter@-0.10.2 enable-prompt-embeds@0.9- enable-prompt-tokens-details enable-reasoning@-0.10
    enable-request-id-headers enable-return-routed-experts@0.14- enable-scale-out@0.30- enable-server-load-tracking
    enable-shm-tensor-arena@0.32- enable-sleep-mode enable-ssl-refresh enable-tokenizer-info-endpoint@0.10-
    enable-tower-connector-lora@0.14- enable-trace-replay@0.29- enforce-eager eplb-log-balancedness@0.9.2-0.12
    exclude-tools-when-tool-choice-none@0.10.1- fail-on-environ-validation@0.17- fully-sharded-loras
    interleave-mm-strings@0.10- jit-monitor-verbose@0.24- kv-cache-metrics@0.12- kv-sharing-fast-prefill@0.10.1-
    language-model-only@0.17- log-error-stack@0.10.2- long-prefill-token-threshold-adaptive@0.31-
    mm-device-do-normalize@0.28- mm-encoder-only@0.15- monokernel@0.33- multi-step-stream-outputs@-0.10.1
    numa-bind@0.20- ray-workers-use-nsight return-sampling-mask@0.28- return-tokens-as-token-ids
    scheduler-reserve-full-isl@0.19- skip-mm-profiling@0.10.1- skip-tokenizer-init sleep-mode-offload-cudagraph@0.32-
    specialize-active-lora@0.16- swa-bounded-replay@0.31- tokens-only@0.11.1- trust-remote-code
    trust-request-chat-template@0.11- trust-request-mm-kwargs@0.31- use-fp64-gumbel@0.22-
    use-gpu-for-pooling-score@0.17-0.18 use-replayssm@0.27- use-tqdm-on-load`,
  once: `
    aggregate-engine-logging@0.11.1- data-parallel-multi-port-external-lb@0.22- disable-async-output-proc@-0.11
    disable-log-stats expand-tools-even-if-tool-choice-none@0.9.2-0.10 grpc@0.18- headless@0.9-
    speculative-disable-mqa-scorer@-0.8.3 use-v2-block-manager@-0.10`,
  optional: `
    disable-logprobs-during-spec-decoding@-0.8.3 guided-decoding-disable-additional-properties@0.9-0.12
    guided-decoding-disable-any-whitespace@0.9-0.12 guided-decoding-disable-fallback@0.9-0.12 hf-token@0.8.4-`,
  int: `
    api-server-count@0.9.1- block-size cp-kv-cache-interleave-size@0.12- cpu-distributed-timeout-seconds@0.22-
    data-parallel-rank@0.9.2- data-parallel-rpc-port@0.9- data-parallel-size-local@0.9- data-parallel-size@0.8.3-
    data-parallel-start-rank@0.9- data-parallel-supervisor-port@0.22- dbo-decode-token-threshold@0.11-
    dbo-prefill-token-threshold@0.11- dcp-kv-cache-interleave-size@0.11.1- decode-context-parallel-size@0.10.2-
    distributed-timeout-seconds@0.18- dp-supervisor-probe-failure-threshold@0.22- dp-sync-interval@0.30-
    elastic-ep-max-dp-size@0.30- eplb-step-interval@0.9.2-0.12 eplb-window-size@0.9.2-0.12 grpc-port@0.32-
    h11-max-header-count@0.10.1.1- h11-max-incomplete-event-size@0.10.1.1- kv-cache-memory-bytes@0.10.2-
    long-prefill-token-threshold mamba-block-size@0.11.1- mamba-cache-philox-rounds@0.20- master-port@0.11.1-
    max-cpu-loras max-cudagraph-capture-size@0.11.1- max-log-len max-logprobs max-long-partial-prefills@-0.27
    max-lora-cls-labels@0.31- max-loras max-model-len max-num-active-seqs@0.31- max-num-batched-tokens
    max-num-partial-prefills@-0.27 max-num-queued-reqs@0.29- max-num-queued-tokens@0.29-
    max-num-scheduled-tokens@0.26- max-num-seqs max-parallel-loading-workers max-prompt-adapter-token@-0.10
    max-prompt-adapters@-0.10 max-seq-len-to-capture@-0.11 mm-shm-cache-max-object-size-mb@0.11-
    ngram-prompt-lookup-max@-0.8.3 ngram-prompt-lookup-min@-0.8.3 nnodes@0.11.1- node-rank@0.11.1-
    num-gpu-blocks-override num-lookahead-slots@-0.12 num-redundant-experts@0.9.2-0.12 num-scheduler-steps@-0.10.1
    num-speculative-tokens@-0.8.3 offload-group-size@0.17- offload-num-in-group@0.17- offload-prefetch-step@0.17-
    pipeline-parallel-size port prefill-context-parallel-size@0.12- prefill-schedule-interval@0.24-
    prefix-cache-retention-interval@0.29- prefix-match-unit@0.26- renderer-num-workers@0.19-
    replayssm-buffer-len@0.27- safetensors-prefetch-block-size@0.21- safetensors-prefetch-num-threads@0.21- seed
    shutdown-timeout@0.18- spec-tokens@0.22- speculative-disable-by-batch-size@-0.8.3
    speculative-draft-tensor-parallel-size@-0.8.3 speculative-max-model-len@-0.8.3 sse-keep-alive-interval@0.29-
    ssl-cert-reqs stream-interval@0.11.1- tensor-parallel-size tokenizer-pool-size@-0.10 ubatch-size@0.14-`,
  float: `
    cpu-offload-gb device-memory-utilization@0.31- dp-supervisor-probe-interval-s@0.22-
    dp-supervisor-probe-timeout-s@0.22- gpu-memory-utilization kv-cache-metrics-sample@0.12-
    kv-offloading-size@0.11.1- mm-encoder-fp8-scale-save-margin@0.21- mm-ipc-gpu-memory-gb@0.25-
    mm-processor-cache-gb@0.10.1- rope-theta@-0.11.1 scheduler-delay-factor@-0.11 swap-space@-0.18
    typical-acceptance-sampler-posterior-alpha@-0.8.3 typical-acceptance-sampler-posterior-threshold@-0.8.3
    video-pruning-rate@0.11- watermark@0.24-`,
  str: `
    allowed-local-media-path anthropic-disabled-thinking-effort@0.31- attention-backend@0.13- chat-template
    code-revision cohere-format@0.27- config config-format data-parallel-address@0.9-
    data-parallel-backend@0.9.1- device-ids@0.24- device@-0.10 disable-access-log-for-endpoints@0.16-
    distributed-executor-backend download-dir dtype fingerprint-value@0.21- generation-config hf-config-path host
    io-processor-plugin@0.10.2- kv-cache-dtype limit-mm-per-prompt load-format log-config-file@0.9.1-
    logging-config@0.31- logits-processor-pattern@-0.17 lora-dtype mamba-backend@0.20-
    master-addr@0.11.1- mm-encoder-attn-backend@0.11.1- mm-encoder-fp8-scale-path@0.21-
    mm-encoder-fp8-scale-save-path@0.21- mm-processor-device@0.28- model model-impl optimization-level@0.12-
    otlp-traces-endpoint override-attention-dtype@0.9.2-0.28 pt-load-map-location@0.9-
    qlora-adapter-name-or-path@-0.10 quantization reasoning-parser reasoning-parser-plugin@0.11.1- response-role
    revision root-path scheduler-cls show-hidden-metrics-for-version sleep-mode-backend@0.33- spec-model@0.22-
    speculative-model-quantization@-0.8.3 speculative-model@-0.8.3 ssl-ca-certs ssl-certfile ssl-ciphers@0.15-
    ssl-keyfile tokenizer tokenizer-mode tokenizer-pool-type@-0.10 tokenizer-revision tool-call-parser
    tool-parser-plugin tool-server@0.10.1- uds@0.10.1- worker-cls worker-extension-cls`,
  json: `
    additional-config allowed-headers allowed-methods allowed-origins attention-config@0.13- aux-output-config@0.31-
    compilation-config custom-histogram-buckets@0.32- default-chat-template-kwargs@0.14- default-mm-loras@0.10-
    diffusion-config@0.24- ec-manager-config@0.28- ec-transfer-config@0.11.1- engram-config@0.30-
    eplb-config@0.10.2- fault-tolerance-config@0.27- hf-overrides ir-op-priority@0.20- kernel-config@0.16-
    kv-events-config@0.9- kv-transfer-config media-io-kwargs@0.9.2- mm-processor-kwargs model-class-overrides@0.25-
    model-loader-extra-config override-generation-config override-neuron-config@-0.10.2 override-pooler-config@-0.12
    pooler-config@0.11- profiler-config@0.13- quantization-config@0.22- reasoning-config@0.19-
    reasoning-effort-map@0.33- rope-scaling@-0.11.1 speculative-config@0.8.2- structured-outputs-config@0.11-
    tokenizer-pool-extra-config@-0.10 watchdog-config@0.33- watermark-config@0.30- weight-transfer-config@0.16-`,
  choice: `
    all2all-backend@0.11.1- chat-template-content-format convert@0.10.1- dcp-comm-backend@0.18- expert-placement-strategy@0.11-
    fingerprint-mode@0.21- gdn-prefill-backend@0.18- guided-decoding-backend@-0.12 jit-monitor-mode@0.25-
    kda-decode-backend@0.30- kda-prefill-backend@0.27- kv-offloading-backend@0.11.1- linear-backend@0.22-
    log-level@0.31- logprobs-mode@0.10- lora-extra-vocab-size@-0.12 mamba-cache-dtype@0.10.1- mamba-cache-mode@0.15-
    mamba-ssm-cache-dtype@0.10.1- mamba-ssu-algorithm@0.27- max-lora-rank mm-encoder-attn-dtype@0.21-
    mm-encoder-tp-mode@0.10.2- mm-hasher-algorithm@0.27- mm-processor-cache-type@0.11- mm-tensor-ipc@0.19-
    moe-backend@0.17- offload-backend@0.17- per-request-spec-decode-metrics@0.29- performance-mode@0.17-
    preemption-mode@-0.11 prefix-caching-hash-algo@0.8.3- runner@0.10.1- safetensors-load-strategy@0.10.2-
    scheduling-policy sparse-indexer-topk-backend@0.30- spec-decoding-acceptance-method@-0.8.3 spec-method@0.22-
    task@-0.13 tool-strict-level@0.31- uvicorn-log-level video-pruning-method@0.27-`,
  list: `
    allowed-media-domains@0.11- api-key collect-detailed-traces cpu-offload-params@0.17- cuda-graph-sizes@0.9-0.13
    cudagraph-capture-sizes@0.11.1- ignore-patterns kv-cache-dtype-skip-layers@0.19- logits-processors@0.10.1-
    long-lora-scaling-factors@-0.10 lora-modules lora-target-modules@0.19- numa-bind-cpus@0.20-
    numa-bind-nodes@0.20- offload-params@0.17- prompt-adapters@-0.10 served-model-name
    sleep-preserve-parameter-names@0.31-`,
  repeated: `
    middleware`,
} as const;

/**
 * What a flag accepts, if that is the same for every user; in the same notation as the flags. A bound is a minor
 * release, so an older patch of that minor release is not distinguished. If no value is listed for a release, that
 * release accepts any.
 */
export const CHOICES: Readonly<Record<string, string>> = {
  // Without `passthrough`, which the parser takes out of what the configuration knows.
  "all2all-backend": `
    allgather_reducescatter deepep_high_throughput deepep_low_latency flashinfer_all2allv naive pplx mori@0.15-0.23
    flashinfer_nvlink_one_sided@0.18- flashinfer_nvlink_two_sided@0.18- nixl_ep@0.18- mori_high_throughput@0.23-
    mori_low_latency@0.23- deepep_v2@0.24- moonep@0.31-`,
  "anthropic-disabled-thinking-effort": "auto high low max medium none xhigh",
  "chat-template-content-format": "auto openai string",
  "collect-detailed-traces": `
    all@0.9- model@0.9- worker@0.9- all,model@0.9-0.31 all,worker@0.9-0.31 model,all@0.9-0.31 model,worker@0.9-0.31
    worker,all@0.9-0.31 worker,model@0.9-0.31`,
  convert: "auto classify embed none reward@-0.16 mm_encoder_only@0.14-0.16",
  "dcp-comm-backend": "a2a ag_rs",
  dtype: "auto bfloat16 float float16 float32 half",
  "expert-placement-strategy": "linear round_robin",
  "fingerprint-mode": "custom full hash none",
  "gdn-prefill-backend": "aiter_flydsl@0.32- cutedsl@0.22- flashinfer sycl@0.33- triton",
  "guided-decoding-backend":
    "auto@0.9- guidance@0.9- lm-format-enforcer@0.9-0.10.1 lm-format-enforcer@0.10.2- outlines@0.9- xgrammar@0.9-",
  "jit-monitor-mode": "error warn",
  "kda-decode-backend": "auto flashinfer native triton",
  "kda-prefill-backend": "auto flashinfer@0.30- flashkda fused@0.30- triton",
  // From 0.33 on plugins may register additional types.
  "kv-cache-dtype": `
    auto@-0.33 bfloat16@0.11.0-0.33 float16@0.18-0.33 fp8@-0.33 fp8_ds_mla@0.11.1-0.33 fp8_e4m3@-0.33 fp8_e5m2@-0.33
    fp8_inc@0.10.0-0.33 fp8_per_token_head@0.20-0.33 int4_per_token_head@0.25-0.33 int8_per_token_head@0.20-0.33
    nvfp4@0.20-0.33 nvfp4_4over6@0.28-0.33 nvfp4_ds_mla@0.30-0.33 turboquant_3bit_nc@0.20-0.33
    turboquant_4bit_nc@0.20-0.33 turboquant_k3v4_nc@0.20-0.33 turboquant_k8v4@0.20-0.33 ultraquant_4bit@0.32-0.33`,
  "kv-offloading-backend": "lmcache native",
  "linear-backend": `
    aiter auto b12x@0.28- conch cutlass deep_gemm emulation exllama fbgemm flashinfer_b12x@0.24- flashinfer_cudnn
    flashinfer_cutedsl@0.24- flashinfer_cutlass flashinfer_trtllm humming@0.25- machete marlin torch triton xpu@0.25-
    xpu_woq@0.25-`,
  "log-level": "CRITICAL DEBUG ERROR INFO NOTSET WARNING",
  "logprobs-mode": "processed_logits processed_logprobs raw_logits raw_logprobs",
  "lora-dtype": "auto bfloat16 float16",
  "lora-extra-vocab-size": "256@0.11.1- 512@0.11.1-",
  "mamba-cache-dtype": "auto bfloat16@0.22- float16@0.13- float32",
  "mamba-cache-mode": "align all@-0.32 none",
  "mamba-ssm-cache-dtype": "auto bfloat16@0.22- float16@0.13- float32",
  "mamba-ssu-algorithm": "auto horizontal simple vertical",
  "max-lora-rank": "1@0.11.1- 128 16 256 32 320 512 64 8",
  "mm-encoder-attn-dtype": "fp8",
  "mm-encoder-tp-mode": "data weights",
  "mm-hasher-algorithm": "blake3 sha256 sha512",
  "mm-processor-cache-type": "lru shm",
  "mm-tensor-ipc": "direct_rpc torch_shm",
  "moe-backend": `
    aiter aiter_mega_moe@0.32- aiter_triton_mxfp4_bf16@0.30- aiter_triton_mxfp4_mxfp4@0.33- auto b12x@0.29-
    batched_triton@0.27- cutlass deep_gemm deep_gemm_mega_moe@0.20- emulation@0.20- flashinfer_b12x@0.22-
    flashinfer_cutedsl flashinfer_cutlass flashinfer_moe_ep_cutedsl@0.32- flashinfer_moe_ep_mega_cutedsl@0.29-0.32
    flashinfer_moe_ep_mega_deep_gemm@0.29- flashinfer_trtllm flydsl@0.24- hpc@0.25- humming@0.21- marlin rdna3@0.30-
    triton triton_unfused@0.21-`,
  "offload-backend": "auto prefetch uva",
  "per-request-spec-decode-metrics": "detailed none summary",
  "performance-mode": "balanced interactivity throughput",
  "preemption-mode": "recompute@0.8.5- swap@0.8.5-",
  "prefix-caching-hash-algo": `
    builtin@-0.10.2 sha256 sha256_cbor_64bit@0.10-0.10.2 sha256_cbor@0.10.2- xxhash@0.13- xxhash_cbor@0.13-`,
  runner: "auto draft generate pooling",
  "safetensors-load-strategy": "eager@0.24- lazy@0.24- prefetch@0.24- torchao@0.24-",
  "scheduling-policy": "fcfs priority",
  "sparse-indexer-topk-backend": "aiter@0.32- auto cooperative deep_select flashinfer per_row persistent torch",
  // Of --speculative-config too.
  "spec-method": `
    bailing_hybrid_mtp@0.25- bailing_hybrid_v3_mtp@0.28- custom_class@0.22- deepseek_mtp@0.9- dflash@0.20-
    dots3_note_mtp@0.28- draft_model dspark@0.25- eagle eagle3@0.9.1- ernie_mtp@0.10.2- exaone4_5_mtp@0.20-
    exaone_moe_mtp@0.14- extract_hidden_states@0.17- gemma4_mtp@0.21- glm4_moe_lite_mtp@0.15- glm4_moe_mtp@0.11.1-
    glm5_next_mtp@0.30- glm_ocr_mtp@0.16- hy_v3_mtp@0.20- hy_v4_mtp@0.29- inkling_mtp@0.26- kimi_k3_mtp@0.27-
    longcat_flash_mtp@0.11- medusa@-0.33 mimo_mtp@0.11- mimo_v2_mtp@0.21- minimax_m3_mtp@0.24- mlp_speculator@-0.33
    mtp@0.11- nemotron_h_mtp@0.17- ngram ngram_gpu@0.18- pangu_ultra_moe_mtp@0.11.1- qwen3_5_mtp@0.17-
    qwen3_next_mtp@0.10.2- qwen4_exp_mtp@0.29- step3p5_mtp@0.15.1- step5_mtp@0.33- suffix@0.11.1-`,
  task: "auto classify draft@0.9- embed embedding generate reward score transcription",
  // From 0.12 on a plugin may bring one.
  "tokenizer-mode": "auto@0.8.5-0.12 custom@0.8.5-0.12 mistral@0.8.5-0.12 slow@0.8.5-0.12",
  "tool-strict-level": "auto function parameter",
  "uvicorn-log-level": "debug info warning error critical trace",
  "video-pruning-method": "evs vidcom2",
};

/** Short forms, by the text after their one dash. */
export const ALIASES: Readonly<Record<string, string>> = {
  pp: "pipeline-parallel-size",
  tp: "tensor-parallel-size",
  q: "quantization",
  O: "optimization-level",
  dp: "data-parallel-size",
  dpl: "data-parallel-size-local",
  dpa: "data-parallel-address",
  dpp: "data-parallel-rpc-port",
  dpr: "data-parallel-start-rank",
  dpb: "data-parallel-backend",
  asc: "api-server-count",
  dpn: "data-parallel-rank",
  dcp: "decode-context-parallel-size",
  n: "nnodes",
  r: "node-rank",
  dph: "data-parallel-hybrid-lb",
  dpe: "data-parallel-external-lb",
  pcp: "prefill-context-parallel-size",
  cc: "compilation-config",
  ac: "attention-config",
  ep: "enable-expert-parallel",
  sc: "speculative-config",
  dpm: "data-parallel-multi-port-external-lb",
  dc: "diffusion-config",
};

/**
 * The flags whose numbers may have a unit, in the notation of the flags. Source: `human_readable_int` in EngineArgs of
 * every release from 0.8.0 to 0.33.0.
 */
export const WITH_UNITS = `
  max-model-len@0.8.4- max-num-batched-tokens@0.9.1- kv-cache-memory-bytes safetensors-prefetch-block-size
  max-num-scheduled-tokens max-num-queued-tokens`;

/**
 * The flags with a number that may be unset by `None` or an empty text, in the notation of the flags. Source:
 * `optional_type` for the types of vllm/config and of the entry points, in the same releases.
 */
export const NULLABLE = `
  cpu-distributed-timeout-seconds distributed-timeout-seconds grpc-port kv-cache-memory-bytes kv-offloading-size
  mamba-block-size max-cpu-loras@0.8.5- max-cudagraph-capture-size@-0.16 max-log-len@0.10- max-lora-cls-labels
  max-num-active-seqs max-num-queued-reqs max-num-queued-tokens max-num-scheduled-tokens
  max-parallel-loading-workers@0.8.4- num-gpu-blocks-override@0.8.5- prefix-cache-retention-interval
  prefix-match-unit rope-theta@0.9- seed@0.9-0.12 video-pruning-rate`;

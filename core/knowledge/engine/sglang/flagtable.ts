/**
 * Every flag of `python3 -m sglang.launch_server` from 0.4.10 on, by what it takes, in the notation of vLLM's table.
 * A flag with several names is listed under that of the latest release. Source: the parser that ServerArgs.add_cli_args
 * (sglang/srt/server_args.py) builds in the wheels of SGLang 0.4.10, 0.5.2 and the first patch of each release from
 * 0.5.4 to 0.5.23.
 */
export const FIRST_RELEASE = "0.4.10";
export const LAST_RELEASE = "0.5.23";

/** What a flag takes: the kinds of the table of vLLM's flags. */
export const KINDS = {
  switch: `
    dcp-replicate-q-proj@0.5.17- dllm-fdfo@0.5.16- enable-decoder-swa-bounded-replay@0.5.21-
    enable-dsa-fused-indexer@0.5.22- enable-fused-qk-norm-rope@0.5.7- enable-tf32-matmul@0.5.15-
    enable-tp-lm-head-all-to-all@0.5.18- experts-shared-outer-loras@0.5.10- lora-strict-loading@0.5.11-
    mm-enable-dp-encoder@0.5.6- ple-offload-embedding@0.5.20- record-nolora-graph@0.5.11-0.5.13
    speculative-enable-w4a4-mxfp4-megamoe@0.5.22-`,
  once: `
    abort-on-priority-when-disabled@0.5.4- allow-auto-truncate checkpoint-engine-wait-weights-before-ready@0.5.4-
    collect-tokens-histogram@-0.5.20 constrained-json-disable-any-whitespace@0.5.4- debug-cuda-graph@0.5.11-
    debug-tensor-dump-prefill-only@-0.5.4 delete-ckpt-after-loading disable-aiter-allreduce-fusion-in-decode@0.5.21-
    disable-aiter-allreduce-fusion-in-prefill@0.5.21- disable-attn-tp-gather@0.5.13- disable-chunked-prefix-cache
    disable-cuda-graph disable-cuda-graph-padding disable-custom-all-reduce disable-decode-cuda-graph@0.5.14-
    disable-fast-image-processor disable-flashinfer-autotune@0.5.7- disable-flashinfer-cutlass-moe-fp4-allgather@0.5.2-
    disable-hicache-numa-detect@0.5.8-0.5.10 disable-hybrid-swa-memory disable-outlines-disk-cache
    disable-overlap-schedule disable-piecewise-cuda-graph@0.5.10-0.5.20 disable-prefill-cuda-graph@0.5.14-
    disable-priority-preemption@0.5.10- disable-radix-cache disable-shared-experts-fusion
    disable-tokenizer-batch-decode@0.5.4- disaggregation-decode-enable-fake-auto@0.5.7-0.5.9
    disaggregation-decode-enable-offload-kvcache@0.5.4- disaggregation-decode-enable-radix-cache@0.5.11-
    disaggregation-enable-kv-checksum@0.5.21- elastic-ep-rejoin@0.5.11-0.5.21
    enable-adaptive-dispatch-to-encoder@0.5.10- enable-aiter-allreduce-fusion@0.5.10- enable-amd-monokernel@0.5.23-
    enable-attn-tp-input-scattered@0.5.6- enable-beta-spec@0.5.4-0.5.5 enable-breakable-cuda-graph@0.5.11-0.5.20
    enable-broadcast-mm-inputs-process@0.5.6- enable-cache-report enable-cp-decode-attn-tp@0.5.17-
    enable-cudagraph-gc@0.5.2- enable-custom-logit-processor enable-deepep-moe@-0.5.5
    enable-deepep-waterfill@0.5.12-0.5.16 enable-deepseek-v4-fp4-indexer@0.5.13- enable-dense-mlp-attn-tp@0.5.19-
    enable-deterministic-inference@0.5.4- enable-double-sparsity@-0.5.11 enable-dp-attention
    enable-dp-attention-local-control-broadcast@0.5.11- enable-dp-lm-head enable-draft-weights-cpu-backup@0.5.6-
    enable-dsa-cache-layer-split@0.5.16- enable-dsa-prefill-context-parallel@0.5.13-0.5.20
    enable-dynamic-batch-tokenizer@0.5.4- enable-dynamic-chunking@0.5.7- enable-elastic-expert-backup@0.5.10-
    enable-encoder-swa-bounded-replay@0.5.21- enable-ep-moe@-0.5.5 enable-eplb
    enable-expert-distribution-metrics@-0.5.20 enable-flashinfer-allreduce-fusion enable-flashinfer-autotune@0.5.6-0.5.7
    enable-flashinfer-cutedsl-moe@0.5.4-0.5.5 enable-flashinfer-cutlass-moe@-0.5.5
    enable-flashinfer-mxfp4-moe@0.5.2-0.5.5 enable-flashinfer-trtllm-moe@-0.5.5 enable-flexkv@0.5.16-
    enable-forward-pass-metrics@0.5.12- enable-fp32-lm-head@0.5.4- enable-fused-moe-sum-all-reduce@0.5.10-
    enable-gdn-replayssm-spec@0.5.16-0.5.20 enable-hierarchical-cache enable-hisparse@0.5.10-
    enable-http-worker-reuseport@0.5.23- enable-http2@0.5.11- enable-int8-mamba-checkpoint@0.5.14-
    enable-kv-cache-sharding@0.5.22- enable-layernorm-sp@0.5.19- enable-layerwise-nvtx-marker@0.5.6-
    enable-lean-attention@0.5.19- enable-linear-replayssm@0.5.15- enable-linear-replayssm-spec@0.5.17-
    enable-linker-mla-dedup@0.5.21- enable-lmcache@0.5.2- enable-lora enable-lora-overlap-loading@0.5.8-
    enable-mamba-cache-stochastic-rounding@0.5.15- enable-megamoe-for-layernorm-sp@0.5.23- enable-memory-saver
    enable-metrics enable-metrics-for-all-schedulers enable-mfu-metrics@0.5.10- enable-mis@0.5.11- enable-mixed-chunk
    enable-mm-global-cache@0.5.10- enable-mscclpp enable-multi-layer-eagle@0.5.7- enable-multimodal
    enable-nan-detection@-0.5.13 enable-nccl-nvls enable-nsa-prefill-context-parallel@0.5.6-0.5.20
    enable-nvidia-megakernel@0.5.23- enable-p2p-check enable-page-major-kv-layout@0.5.15- enable-paged-experts@0.5.23-
    enable-pd-role-switch@0.5.21- enable-pdmux enable-piecewise-cuda-graph@0.5.4-0.5.14
    enable-precise-embedding-interpolation@0.5.7- enable-prefill-context-parallel@0.5.10-0.5.20
    enable-prefill-cp@0.5.14- enable-prefill-delayer@0.5.8- enable-prefix-mm-cache@0.5.7-
    enable-priority-scheduling@0.5.4- enable-profile-cuda-graph enable-quant-communications@0.5.11-
    enable-request-time-stats-logging enable-response-store@0.5.20- enable-return-aux-hidden-states@0.5.23-
    enable-return-hidden-states enable-return-indexer-topk@0.5.12- enable-return-routed-experts@0.5.7-
    enable-scattered-sconv@0.5.16- enable-session-radix-cache@0.5.15- enable-shared-experts-attn-tp@0.5.19-
    enable-single-batch-overlap@0.5.4- enable-ssl-refresh@0.5.10- enable-streaming-session@0.5.10-
    enable-strict-thinking@0.5.12- enable-symm-mem@0.5.2- enable-tokenizer-batch-encode enable-torch-compile
    enable-torch-compile-debug-mode@0.5.6- enable-torch-symm-mem@0.5.4- enable-trace@0.5.4-
    enable-triton-kernel-moe@-0.5.5 enable-two-batch-overlap enable-unified-cache-external-linker@0.5.20-
    enable-unified-memory@0.5.15- enable-w4a4-mxfp4-megamoe@0.5.19- enable-waterfill@0.5.16- enable-watermark@0.5.22-
    enable-weights-cpu-backup@0.5.4- encoder-only@0.5.7- enforce-disable-flashinfer-allreduce-fusion@0.5.10-
    enforce-piecewise-cuda-graph@0.5.10-0.5.20 enforce-shared-experts-fusion@0.5.11- export-metrics-to-file@0.5.6-
    flashinfer-mla-disable-ragged grpc-mode@0.5.4- hybrid-kvcache-ratio@-0.5.14 incremental-streaming-output@0.5.10-
    is-embedding keep-mm-feature-on-device@0.5.4-0.5.21 language-model-only@0.5.18- language-only@0.5.7- log-requests
    lora-use-virtual-experts@0.5.11- mlx-enable-sampling@0.5.18- monokernel-backend@0.5.23- pre-warm-nccl@0.5.10-
    prefill-only-disable-kv-cache@0.5.12- prefill-round-robin-balance@0.5.2-0.5.20 quantize-and-serve@0.5.4-
    remote-instance-weight-loader-start-seed-via-transfer-engine@0.5.7- return-input-ids@0.5.20-
    return-output-ids@0.5.20- schedule-low-priority-values-first@0.5.4- show-time-cost skip-server-warmup
    skip-tokenizer-init sleep-on-idle smg-grpc-mode@0.5.16- speculative-adaptive@0.5.11-
    speculative-dspark-align-verify-tokens-to-graph-tier@0.5.16- speculative-skip-dp-mlp-sync@0.5.11-0.5.23
    speculative-use-block-verification@0.5.22- speculative-use-rejection-sampling@0.5.14- stream-output@-0.5.20
    stream-response-default-include-usage@0.5.10- strip-thinking-cache@0.5.11- triton-attention-reduce-in-fp32
    trust-mm-content-hashes@0.5.18- trust-remote-code trust-request-chat-template@0.5.21- use-ray@0.5.10-
    weight-loader-disable-mmap weight-loader-drop-cache-after-load@0.5.12- weight-loader-prefetch-checkpoints@0.5.11-`,
  optional: `
    model-checksum@0.5.8-`,
  int: `
    asr-max-buffer-seconds@0.5.13- asr-max-concurrent-sessions@0.5.13- attn-cp-size@0.5.9- attn-dp-size@0.5.22-
    base-gpu-id batch-notify-size@0.5.11- c128-page-size@0.5.18- chunked-prefill-size
    constrained-json-max-whitespace-cnt@0.5.21- context-length cpu-offload-gb cuda-graph-max-bs@-0.5.20
    cuda-graph-max-bs-decode@0.5.14- cuda-graph-max-bs-prefill@0.5.14- cuda-graph-max-seq-len-prefill@0.5.21-
    cuda-graph-prefill-max-context@0.5.21- dcp-size@0.5.15- decode-log-interval decoupled-spec-rank@0.5.15-
    default-priority-value@0.5.10- detokenizer-worker-num@0.5.12- disaggregation-bootstrap-port
    disaggregation-decode-dp@-0.5.10 disaggregation-decode-extra-slots@0.5.14-
    disaggregation-decode-polling-interval@0.5.4- disaggregation-decode-tp@-0.5.10 disaggregation-prefill-pp@-0.5.10
    dist-timeout dllm-block-size@0.5.6-0.5.7 dp-size ds-heavy-channel-num@-0.5.11 ds-heavy-token-num@-0.5.11
    ds-sparse-decode-threshold@-0.5.11 dwdp-size@0.5.17- dynamic-batch-tokenizer-batch-size@0.5.4-
    elastic-ep-initial-size@0.5.16- elastic-ep-join-rank-offset@0.5.16- encoder-bootstrap-port@0.5.13-
    engine-info-bootstrap-port@0.5.10- ep-num-redundant-experts ep-size eplb-rebalance-layers-per-chunk
    eplb-rebalance-num-iterations expert-distribution-recorder-buffer-size gated-launch-port@0.5.19- gpu-id-step
    grpc-port@0.5.16- grpc-response-timeout-secs@0.5.21- hicache-size
    hicache-storage-prefetch-retry-max-attempts@0.5.19- hicache-storage-prefetch-retry-poll-interval@0.5.19-
    http2-initial-connection-window-size@0.5.19- http2-max-concurrent-streams@0.5.18- int8-mamba-ckpt-size@0.5.14-
    kt-cpuinfer@0.5.4- kt-max-deferred-experts-per-token@0.5.5- kt-num-gpu-experts@0.5.4- kt-threadpool-count@0.5.4-
    kv-canary-sweep-interval@0.5.13- linear-replayssm-cache-len@0.5.15- load-snapshot-publish-interval@0.5.13-
    mamba-cache-philox-rounds@0.5.15- mamba-max-states-per-path@0.5.17- mamba-track-interval@0.5.7- max-ep-size@0.5.16-
    max-loaded-loras@0.5.2- max-lora-rank max-loras-per-batch max-mamba-cache-size@0.5.2- max-micro-batch-size@-0.5.4
    max-prefill-tokens max-queued-requests max-running-requests max-total-tokens media-url-max-file-size-mb@0.5.18-
    min-free-slots-delay@0.5.15- mm-io-worker-num@0.5.17- mm-max-concurrent-calls@0.5.5-0.5.10
    mm-per-request-timeout@0.5.5-0.5.10 mm-preprocess-cache-size-mb@0.5.18- mm-processor-worker-num@0.5.17-
    moe-dense-tp-size moe-dp-size@0.5.9- multi-item-scoring-delimiter@0.5.4-0.5.11 nccl-port nnodes node-rank
    num-continuous-decode-steps num-reserved-decode-tokens offload-group-size@0.5.2- offload-num-in-group@0.5.2-
    offload-prefetch-step@0.5.2- optimistic-prefill-attempts@0.5.16- optimistic-prefill-retries@0.5.13-0.5.16 page-size
    paged-experts-num-resident@0.5.23- piecewise-cuda-graph-max-tokens@0.5.4-0.5.20 port pp-async-batch-depth@0.5.7-
    pp-max-micro-batch-size@0.5.4- pp-size prefill-decode-interval@0.5.19- prefill-decode-interval-min-bs@0.5.23-
    prefill-delayer-max-delay-passes@0.5.8- prefill-max-requests@0.5.7- priority-scheduling-preemption-threshold@0.5.4-
    random-seed remote-instance-weight-loader-seed-instance-service-port@0.5.4- sampling-mask-max-tokens@0.5.20-
    scheduler-recv-interval@0.5.2- shared-experts-tp-size@0.5.21- sm-group-num smg-http-sidecar-port@0.5.11-
    speculative-dflash-block-size@0.5.11- speculative-dflash-draft-window-size@0.5.11-0.5.20
    speculative-domino-candidate-pool-size@0.5.20- speculative-draft-sink-size@0.5.21-
    speculative-draft-window-size@0.5.12- speculative-dspark-block-size@0.5.16- speculative-eagle-topk
    speculative-ngram-branch-length@0.5.4-0.5.10 speculative-ngram-capacity@0.5.4-
    speculative-ngram-external-corpus-max-tokens@0.5.11- speculative-ngram-external-sam-budget@0.5.11-
    speculative-ngram-max-bfs-breadth@0.5.4- speculative-ngram-max-match-window-size@0.5.4-0.5.10
    speculative-ngram-max-trie-depth@0.5.10- speculative-ngram-min-bfs-breadth@0.5.4-
    speculative-ngram-min-match-window-size@0.5.4-0.5.10 speculative-num-draft-tokens speculative-num-steps
    stream-interval swa-prefix-tails@0.5.21- tokenizer-worker-num@0.5.2- torch-compile-max-bs tp-size
    triton-attention-num-kv-splits triton-attention-split-tile-size@0.5.4- weight-cache-timeout@0.5.17-
    weight-loader-prefetch-num-threads@0.5.11-`,
  float: `
    disaggregation-decode-host-receive-threshold@0.5.21- dynamic-batch-tokenizer-batch-timeout@0.5.4-
    elastic-ep-scale-timeout@0.5.16- eplb-min-rebalancing-utilization-threshold@0.5.2- gc-warning-threshold-secs@0.5.2-
    hicache-host-memory-fraction@0.5.21- hicache-ratio load-watch-interval@0.5.4-0.5.7 lora-drain-wait-threshold@0.5.12-
    mamba-full-memory-ratio@0.5.4- mem-fraction-static prefill-delayer-max-delay-ms@0.5.12-
    prefill-delayer-queue-min-ratio@0.5.12- prefill-delayer-token-usage-low-watermark@0.5.8- schedule-conservativeness
    soft-watchdog-timeout@0.5.7- speculative-accept-threshold-acc speculative-accept-threshold-single
    swa-full-tokens-ratio tbo-token-distribution-threshold@0.5.2- watchdog-timeout`,
  str: `
    admin-api-key@0.5.8- api-key chat-template completion-template config@0.5.4- constrained-json-whitespace-pattern
    crash-dump-folder cuda-graph-backend-decode@0.5.14- cuda-graph-backend-prefill@0.5.14- cuda-graph-config@0.5.14-
    custom-sigquit-handler@0.5.7-0.5.14 debug-tensor-dump-inject@-0.5.14 debug-tensor-dump-input-file
    debug-tensor-dump-output-folder decoupled-spec-bind-endpoint@0.5.15- decoupled-spec-connect-endpoints@0.5.15-
    decrypted-config-file@0.5.5- decrypted-draft-config-file@0.5.5- deepep-config device disaggregation-ib-device
    dist-init-addr dllm-algorithm@0.5.6- dllm-algorithm-config@0.5.7- download-dir ds-channel-config-path@-0.5.11
    ds-heavy-channel-type@-0.5.11 eplb-algorithm export-metrics-to-file-dir@0.5.6- fastapi-root-path@0.5.6-
    file-storage-path flexkv-config-file@0.5.16- forward-hooks@0.5.6- forward-pass-metrics-ipc-name@0.5.12-
    forward-pass-metrics-worker-id@0.5.12- hf-chat-template-name@0.5.8- hicache-storage-backend-extra-config@0.5.2-
    hisparse-config@0.5.8- host init-expert-location json-model-override-args kt-amx-method@0.5.4-0.5.6
    kt-amx-weight-path@0.5.4-0.5.6 kt-method@0.5.6- kt-weight-path@0.5.6- kv-canary-real-data@0.5.13- kv-events-config
    lmcache-config-file@0.5.13- load-publish-endpoint@0.5.19- log-level log-level-http
    mamba-scheduler-strategy@0.5.7-0.5.20 model-config-parser@0.5.12- model-impl model-loader-extra-config model-path
    modelexpress-config@0.5.10- modelopt-checkpoint-restore-path@0.5.4- modelopt-checkpoint-save-path@0.5.4-
    modelopt-export-path@0.5.4- modelopt-quant@0.5.4- mooncake-ib-device@0.5.4- msprobe-dump-config@0.5.11-
    offload-mode@0.5.2- oltp-traces-endpoint@0.5.4-0.5.5 otlp-service-name@0.5.21- otlp-traces-endpoint@0.5.5-
    pdlb-url@-0.5.2 pdmux-config-path@0.5.4- ple-offload-dir@0.5.20- quantization-param-path radix-cache-backend@0.5.13-
    remote-instance-weight-loader-seed-instance-ip@0.5.4- remote-instance-weight-loader-send-weights-group-ports@0.5.4-
    revision rl-quant-profile@0.5.7- served-model-name sidecar@0.5.16- sidecar-args@0.5.16- spec-trace-dir@0.5.15-
    speculative-adaptive-config@0.5.11- speculative-algorithm speculative-draft-attention-backend@0.5.7-
    speculative-draft-model-path speculative-draft-model-revision@0.5.2- speculative-dspark-confidence-sts-path@0.5.16-
    speculative-dspark-sps-table-path@0.5.16- speculative-ngram-external-corpus-path@0.5.11- speculative-token-map
    ssl-ca-certs@0.5.10- ssl-certfile@0.5.10- ssl-keyfile@0.5.10- ssl-keyfile-password@0.5.10-
    tokenizer-metrics-custom-labels-header@0.5.4- tokenizer-path tool-server@0.5.2- torchao-config@-0.5.18
    trace-modules@0.5.13- uno-lora-path@0.5.20- warmups watermark-config@0.5.22- weight-cache-socket@0.5.17-
    weight-version@0.5.2-`,
  json: `
    default-chat-template-kwargs@0.5.16- extra-metric-labels@0.5.9- limit-mm-data-per-request@0.5.7-
    mm-process-config@0.5.6- preferred-sampling-params radix-eviction-policy-config@0.5.20-
    unified-cache-external-linker-config@0.5.23-`,
  choice: `
    attention-backend bf16-gemm-backend@0.5.15- boundary-reduction@0.5.21- cp-strategy@0.5.14-
    cuda-graph-tc-compiler@0.5.14-0.5.22 dcp-comm-backend@0.5.17- decode-attention-backend decoupled-spec-role@0.5.15-
    deepep-dispatcher-output-dtype@0.5.13- deepep-mode deepep-v2-mode@0.5.19-
    disaggregation-decode-allocation-policy@0.5.22- disaggregation-decode-retraction-backup@0.5.18- disaggregation-mode
    disaggregation-transfer-backend dsa-decode-backend@0.5.13- dsa-paged-mqa-logits-backend@0.5.15-
    dsa-prefill-backend@0.5.13- dsa-prefill-cp-mode@0.5.13-0.5.20 dsa-topk-backend@0.5.13- dsa-triton-union@0.5.22-
    dsv4-attn-backend@0.5.20- dsv4-prefill-backend@0.5.19- dtype elastic-ep-backend@0.5.4- elastic-ep-join-mode@0.5.16-
    encoder-transfer-backend@0.5.7- ep-dispatch-algorithm expert-balancedness-report-mode@0.5.18-
    expert-distribution-recorder-mode flashinfer-a2a-dispatch-type@0.5.20- flashinfer-allreduce-fusion-backend@0.5.14-
    flashinfer-mxfp4-moe-precision@0.5.2- fp4-gemm-backend@0.5.8- fp8-gemm-backend@0.5.7- fuseep-mode@0.5.16-
    grammar-backend hicache-host-memory-mode@0.5.19- hicache-io-backend hicache-mem-layout@0.5.2-
    hicache-storage-backend hicache-storage-prefetch-policy@0.5.2- hicache-write-policy image-processor-backend@0.5.18-
    kv-cache-dtype kv-canary@0.5.13- linear-attn-backend@0.5.10- linear-attn-decode-backend@0.5.10-
    linear-attn-prefill-backend@0.5.10- linear-attn-verify-backend@0.5.17- load-balance-method load-format
    log-requests-format@0.5.7- log-requests-level lora-backend lora-eviction-policy@0.5.4- mamba-backend@0.5.9-
    mamba-radix-cache-strategy@0.5.14- mamba-ssm-dtype@0.5.2- max-lora-chunk-size@0.5.4- mm-attention-backend
    mm-feature-transport@0.5.16- mm-global-cache-backend@0.5.18- moe-a2a-backend@0.5.2- moe-runner-backend@0.5.2-
    nsa-decode-backend@0.5.4-0.5.20 nsa-prefill-backend@0.5.4-0.5.20 nsa-prefill-cp-mode@0.5.8-0.5.20
    piecewise-cuda-graph-compiler@0.5.4-0.5.20 ple-offload-backend@0.5.20- prefill-attention-backend
    prefill-cp-mode@0.5.10-0.5.20 prefill-kv-cache-dequant-dtype@0.5.21- qsa-indexer-dtype@0.5.22- quantization
    radix-eviction-policy@0.5.4- reasoning-parser remote-instance-weight-loader-backend@0.5.7- retraction-policy@0.5.16-
    return-hidden-states-mode@0.5.17- rl-on-policy-target@0.5.5- sampling-backend sampling-defaults@0.5.4-
    schedule-policy speculative-attention-mode@0.5.2- speculative-draft-kv-cache-dtype@0.5.18-
    speculative-draft-load-format@0.5.4- speculative-draft-model-quantization@0.5.7-
    speculative-dsa-topk-backend@0.5.19- speculative-moe-a2a-backend@0.5.7- speculative-moe-runner-backend@0.5.5-
    speculative-ngram-match-type@0.5.4- startup-weight-load-mode@0.5.18- tokenizer-backend@0.5.11- tokenizer-mode
    tool-call-parser unified-cache-external-linker-backend@0.5.20- weight-cache-mode@0.5.17-`,
  list: `
    allowed-media-domains@0.5.18- bucket-e2e-request-latency bucket-inter-token-latency bucket-time-to-first-token
    cuda-graph-bs@-0.5.20 cuda-graph-bs-decode@0.5.14- cuda-graph-bs-prefill@0.5.14- custom-weight-loader
    debug-tensor-dump-layers@0.5.5- encoder-register-urls@0.5.13- encoder-urls@0.5.7-
    flashinfer-autotune-skip-ops@0.5.17- gc-threshold@0.5.10- generation-tokens-buckets@0.5.2-
    log-requests-target@0.5.8- lora-paths lora-target-modules numa-node@0.5.2- piecewise-cuda-graph-tokens@0.5.4-0.5.20
    prefill-delayer-forward-passes-buckets@0.5.8- prefill-delayer-wait-seconds-buckets@0.5.8-
    prompt-tokens-buckets@0.5.2- return-aux-hidden-state-layer-ids@0.5.23-
    tokenizer-metrics-allowed-custom-labels@0.5.4- uvicorn-access-log-exclude-prefixes@0.5.8-`,
  repeated: "",
} as const;

/** Other names of a flag, with two dashes too. */
export const LONG_ALIASES: Readonly<Record<string, string>> = {
  "attention-context-parallel-size": "attn-cp-size",
  "attention-data-parallel-size": "attn-dp-size",
  "context-bucket": "cuda-graph-prefill-max-context",
  "data-parallel-size": "dp-size",
  "decode-context-parallel-size": "dcp-size",
  "enable-hicache": "enable-hierarchical-cache",
  ep: "ep-size",
  "expert-parallel-size": "ep-size",
  "grpc-http-sidecar-port": "smg-http-sidecar-port",
  "hierarchical-sparse-attention-extra-config": "hisparse-config",
  model: "model-path",
  "moe-data-parallel-size": "moe-dp-size",
  "nccl-init-addr": "dist-init-addr",
  "pipeline-parallel-size": "pp-size",
  "speculative-draft-model": "speculative-draft-model-path",
  "tensor-parallel-size": "tp-size",
};

/**
 * The flags whose numbers may have a unit in some releases. Source: `human_readable_int` in sglang/srt/server_args.py
 * of 0.5.14 and sglang/srt/arg_groups/fields of 0.5.23; 0.5.5 reads no units.
 */
export const WITH_UNITS = "context-length max-total-tokens max-prefill-tokens cuda-graph-prefill-max-context";

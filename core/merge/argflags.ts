/**
 * The flags of `vllm serve`, by what they take. Source: EngineArgs.add_cli_args (vllm/engine/arg_utils.py) and FrontendArgs
 * (vllm/entrypoints/openai/cli_args.py) of vLLM 0.23, the engine of our presets; flags that older
 * images have are kept, so that their command lines are read right too.
 */
export type Takes = "nothing" | "value" | "list";

/** Every boolean of the engine is also there as `--no-FLAG`. */
const SWITCHES = `
  trust-remote-code allow-deprecated-quantization enforce-eager enable-return-routed-experts disable-sliding-window
  disable-cascade-attn skip-tokenizer-init enable-prompt-embeds enable-sleep-mode use-tqdm-on-load
  data-parallel-hybrid-lb data-parallel-external-lb enable-expert-parallel enable-dbo enable-elastic-ep
  disable-nccl-for-dp-synchronization enable-eplb ray-workers-use-nsight disable-custom-all-reduce enable-prefix-caching
  calculate-kv-scales kv-sharing-fast-prefill language-model-only enable-mm-embeds mm-encoder-only interleave-mm-strings
  skip-mm-profiling enable-lora enable-lora-bias enable-tower-connector-lora fully-sharded-loras specialize-active-lora
  kv-cache-metrics cudagraph-metrics enable-layerwise-nvtx-tracing enable-mfu-metrics enable-logging-iteration-details
  enable-chunked-prefill disable-chunked-mm-input disable-hybrid-kv-cache-manager async-scheduling
  enable-flashinfer-autotune disable-log-stats aggregate-engine-logging fail-on-environ-validation numa-bind
  disable-log-requests enable-log-requests enable-log-outputs enable-log-deltas headless tokens-only`;

/** Booleans of the HTTP server. */
const SERVER_SWITCHES = `
  disable-uvicorn-access-log allow-credentials enable-ssl-refresh enable-request-id-headers enable-auto-tool-choice
  exclude-tools-when-tool-choice-none return-tokens-as-token-ids disable-frontend-multiprocessing disable-fastapi-docs
  enable-prompt-tokens-details enable-server-load-tracking enable-force-include-usage enable-tokenizer-info-endpoint
  trust-request-chat-template log-error-stack enable-offline-docs`;

const VALUES = `
  model runner convert task tokenizer tokenizer-mode dtype seed hf-config-path allowed-local-media-path revision code-revision
  tokenizer-revision max-model-len quantization max-logprobs logprobs-mode config-format hf-overrides pooler-config
  generation-config override-generation-config model-impl override-attention-dtype io-processor-plugin load-format
  download-dir safetensors-load-strategy model-loader-extra-config pt-load-map-location attention-backend reasoning-parser
  reasoning-parser-plugin distributed-executor-backend pipeline-parallel-size master-addr master-port nnodes node-rank
  distributed-timeout-seconds cpu-distributed-timeout-seconds tensor-parallel-size decode-context-parallel-size
  dcp-comm-backend dcp-kv-cache-interleave-size cp-kv-cache-interleave-size prefill-context-parallel-size
  data-parallel-size data-parallel-rank data-parallel-start-rank data-parallel-size-local data-parallel-address
  data-parallel-rpc-port data-parallel-backend all2all-backend ubatch-size dbo-decode-token-threshold
  dbo-prefill-token-threshold eplb-config expert-placement-strategy max-parallel-loading-workers worker-cls
  worker-extension-cls block-size gpu-memory-utilization kv-cache-memory-bytes kv-cache-dtype num-gpu-blocks-override
  prefix-caching-hash-algo mamba-cache-dtype mamba-ssm-cache-dtype mamba-block-size mamba-cache-mode kv-offloading-size
  kv-offloading-backend offload-backend cpu-offload-gb offload-group-size offload-num-in-group offload-prefetch-step
  swap-space limit-mm-per-prompt media-io-kwargs mm-processor-kwargs mm-processor-cache-gb mm-processor-cache-type
  mm-shm-cache-max-object-size-mb mm-encoder-tp-mode mm-encoder-attn-backend video-pruning-rate max-loras max-lora-rank
  lora-dtype lora-extra-vocab-size max-cpu-loras default-mm-loras show-hidden-metrics-for-version otlp-traces-endpoint
  kv-cache-metrics-sample max-num-batched-tokens max-num-seqs max-num-partial-prefills max-long-partial-prefills
  long-prefill-token-threshold scheduling-policy scheduler-cls stream-interval max-cudagraph-capture-size moe-backend
  speculative-config kv-transfer-config kv-events-config ec-transfer-config compilation-config attention-config
  kernel-config additional-config structured-outputs-config profiler-config optimization-level performance-mode
  weight-transfer-config shutdown-timeout rope-scaling rope-theta max-log-len logits-processor-pattern`;

const SERVER_VALUES = `
  host port uds uvicorn-log-level disable-access-log-for-endpoints allowed-origins allowed-methods allowed-headers
  ssl-keyfile ssl-certfile ssl-ca-certs ssl-cert-reqs ssl-ciphers root-path chat-template chat-template-content-format
  default-chat-template-kwargs response-role tool-call-parser tool-parser-plugin tool-server log-config-file
  h11-max-incomplete-event-size h11-max-header-count api-server-count config middleware`;

/** Several words behind the flag (argparse's nargs). */
const LISTS = `
  allowed-media-domains logits-processors ignore-patterns collect-detailed-traces cudagraph-capture-sizes cuda-graph-sizes
  cpu-offload-params offload-params hf-token`;
const SERVER_LISTS = "served-model-name api-key lora-modules";

const words = (text: string): string[] => text.trim().split(/\s+/);
const taking = (names: string, takes: Takes): [string, Takes][] => words(names).map((name) => [name, takes]);

export const FLAGS: ReadonlyMap<string, Takes> = new Map([
  ...taking(SWITCHES, "nothing"),
  ...taking(SERVER_SWITCHES, "nothing"),
  ...taking(VALUES, "value"),
  ...taking(SERVER_VALUES, "value"),
  ...taking(LISTS, "list"),
  ...taking(SERVER_LISTS, "list"),
]);

/** Flags that may stand several times and mean all of them (argparse's append). */
export const REPEATED: ReadonlySet<string> = new Set(["middleware"]);

/** Flags of the HTTP server: a follower of a group has none. `served-model-name` is here as clients are who it is for. */
export const SERVER_FLAGS: ReadonlySet<string> = new Set(
  [SERVER_SWITCHES, SERVER_VALUES, SERVER_LISTS].flatMap((names) => words(names)),
);

/** Flags that say which node of an engine this is: never the same on two. */
export const NODE_FLAGS: ReadonlySet<string> = new Set([
  "headless",
  "node-rank",
  "master-addr",
  "data-parallel-address",
  "data-parallel-rank",
  "data-parallel-start-rank",
]);

/** Short forms, by what stands behind their one dash. */
export const ALIASES: Readonly<Record<string, string>> = {
  tp: "tensor-parallel-size",
  pp: "pipeline-parallel-size",
  dp: "data-parallel-size",
  dpl: "data-parallel-size-local",
  dpa: "data-parallel-address",
  dpp: "data-parallel-rpc-port",
  dpr: "data-parallel-start-rank",
  dpn: "data-parallel-rank",
  dpb: "data-parallel-backend",
  dph: "data-parallel-hybrid-lb",
  dpe: "data-parallel-external-lb",
  ep: "enable-expert-parallel",
  dcp: "decode-context-parallel-size",
  pcp: "prefill-context-parallel-size",
  asc: "api-server-count",
  q: "quantization",
  n: "nnodes",
  r: "node-rank",
  cc: "compilation-config",
  ac: "attention-config",
  O: "optimization-level",
};

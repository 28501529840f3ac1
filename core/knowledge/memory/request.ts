import type { ModelFacts } from "../models/facts.ts";

/** The vendor of Intel's GPUs. */
export const INTEL = "gpu.intel.com";

/** How an engine runs a model; a field that is not set has vLLM's default. */
export interface FitRequest {
  model: ModelFacts;
  /** Memory of one accelerator, in GiB. */
  memoryGiB: number;
  /**
   * The vendor of the accelerator, by the domain of its resource (`amd.com`): runtimes use more or less memory.
   * Default: NVIDIA.
   */
  vendor?: string;
  /** Whether the memory is shared with the node, so that its free part is not known: then nothing is certain. */
  unified?: boolean;
  /** Whether vLLM uses small steps by default in spite of much memory, as it does on an A100. */
  smallSteps?: boolean;
  /** Compute capability of an NVIDIA device, times ten. Default: that of an H100 if there is much memory. */
  capability?: number;
  /** Release of vLLM, as {@link releaseNumber} has it. Default: the newest. */
  release?: number;
  /** Number of accelerators of the largest node: no larger tensor-parallel size is suggested. */
  devicesPerNode?: number;
  tensor?: number;
  pipeline?: number;
  /**
   * Data-parallel ranks of the one engine: its experts are spread over them. Separate copies of the engine do not
   * count.
   */
  data?: number;
  /** Whether each expert is whole on a rank, so that tensor parallelism does not split it. */
  expertParallel?: boolean;
  /** Ranks that share the KV cache of a sequence (--decode-context-parallel-size). */
  decodeContext?: number;
  /** Default: the model's longest context. */
  maxModelLen?: number;
  /** Number of full-length sequences that must run at once. Default 1: vLLM does not start with less. */
  concurrency?: number;
  /** Default 0.92, as in vLLM from 0.20 on. */
  gpuMemoryUtilization?: number;
  /** `fp8`, `bfloat16` …; `auto` is the type of the model. */
  kvCacheDtype?: string;
  /** Size of the KV cache per accelerator, in bytes, instead of what the utilisation leaves. */
  kvCacheMemoryBytes?: number;
  dtype?: string;
  /** Quantisation that the engine itself applies to the weights (`fp8`); a stored quantisation belongs to the model. */
  quantization?: string;
  maxNumBatchedTokens?: number;
  maxNumSeqs?: number;
  /** Whether steps are twice as large by default (--performance-mode=throughput). */
  throughput?: boolean;
  /** Whether a prompt is processed whole in a step (--no-enable-chunked-prefill). */
  wholePrompts?: boolean;
  /** How the ranks of experts exchange tokens (--all2all-backend). */
  exchange?: string;
  /** Whether rows of FP8 stay as they are on AMD (VLLM_ROCM_FP8_PADDING=0). */
  plainRows?: boolean;
  /** Weights of each rank that stay in the node's memory, in GiB (--cpu-offload-gb). */
  cpuOffloadGiB?: number;
  /** Whether the engine captures no CUDA graphs (--enforce-eager). */
  eager?: boolean;
  /** Whether the V0 engine runs in releases that have both (VLLM_USE_V1=0). */
  engineV0?: boolean;
  /**
   * Whether the memory of graphs counts before the cache is made (VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS). Default:
   * that of the release.
   */
  estimatesGraphs?: boolean;
  /** Whether FlashInfer samples where it is not the default (VLLM_USE_FLASHINFER_SAMPLER=1). */
  flashInferSampler?: boolean;
  /** Which kernels run experts (--moe-backend). */
  moeBackend?: string;
  /** Whether each rank holds the whole tower and processes a share of the images (--mm-encoder-tp-mode=data). */
  wholeTower?: boolean;
  /** Whether the engine takes no images, videos and sounds, so that it runs no tower (--language-model-only). */
  textOnly?: boolean;
  /** Whether the memory of a tower's work is not measured before the cache is made (--skip-mm-profiling). */
  skipsMedia?: boolean;
  /** Whether the engine takes no videos (--limit-mm-per-prompt), and whether a flag sets the size of pictures (--mm-processor-kwargs). */
  withoutVideos?: boolean;
  sizedMedia?: boolean;
  /** Copies of experts over all ranks, for balance (num_redundant_experts). */
  redundantExperts?: number;
  /** A draft model for this one: its weights on a rank, in bytes. */
  draftBytes?: number;
  /** Layers of the model itself that draft (multi-token prediction), which are loaded in addition to the others. */
  draftLayers?: number;
  /** Layers of a drafting head (EAGLE): each caches like a layer of the model. */
  draftHeads?: number;
  /** The same model, which caches in the type of this one, and the ranks over which it is split. */
  draft?: { model: ModelFacts; tensor: number };
  /** Number of tokens that are drafted at once. */
  draftTokens?: number;
  /** Whether Model Runner V2 runs the model (VLLM_USE_V2_MODEL_RUNNER). Default: that of the release. */
  runnerV2?: boolean;
  /** Whether prefixes are cached (--enable-prefix-caching). Default: that of the release. */
  prefixCaching?: boolean;
  /** Number of adapters in memory at once, and the largest rank of one (--max-loras, --max-lora-rank). */
  adapters?: { count: number; rank: number };
}

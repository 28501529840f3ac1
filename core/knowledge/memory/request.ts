import type { ModelFacts } from "../models/facts.ts";

/** The vendor of Intel's GPUs. */
export const INTEL = "gpu.intel.com";

/** How an engine is to run a model; what is not set is vLLM's default. */
export interface FitRequest {
  model: ModelFacts;
  /** Memory of one accelerator, in GiB. */
  memoryGiB: number;
  /** Whose accelerator it is, by the domain of its resource (`amd.com`): runtimes take more or less. Default: NVIDIA's. */
  vendor?: string;
  /** Whether the memory is also the node's own, of which nobody knows what is free: nothing is certain then. */
  unified?: boolean;
  /** Whether vLLM takes small steps by default in spite of much memory, as it does on an A100. */
  smallSteps?: boolean;
  /** Compute capability of NVIDIA's, times ten. Default: that of an H100 where there is much memory. */
  capability?: number;
  /** Release of vLLM, as {@link releaseNumber} has it. Default: the newest. */
  release?: number;
  /** Accelerators of the largest node: no tensor-parallel size beyond is suggested. */
  devicesPerNode?: number;
  tensor?: number;
  pipeline?: number;
  /** Data-parallel ranks of the one engine: its experts are spread over them. Copies of the engine are no ranks. */
  data?: number;
  /** Whether each expert is whole on a rank, so that no tensor-parallel size splits one. */
  expertParallel?: boolean;
  /** Ranks that share the KV cache of a sequence (--decode-context-parallel-size). */
  decodeContext?: number;
  /** Default: the model's longest context. */
  maxModelLen?: number;
  /** Sequences of full length that must be under way at once. Default 1: with less vLLM does not start. */
  concurrency?: number;
  /** Default 0.92, as vLLM has it from 0.20 on. */
  gpuMemoryUtilization?: number;
  /** `fp8`, `bfloat16` …; `auto` is the model's own. */
  kvCacheDtype?: string;
  /** Size of the KV cache per accelerator, in bytes, in the place of what is left of the utilisation. */
  kvCacheMemoryBytes?: number;
  dtype?: string;
  /** Quantisation that the engine itself applies to the weights (`fp8`); a stored one is the model's. */
  quantization?: string;
  maxNumBatchedTokens?: number;
  maxNumSeqs?: number;
  /** Whether steps are twice as large by default (--performance-mode=throughput). */
  throughput?: boolean;
  /** Whether a prompt is taken whole in a step (--no-enable-chunked-prefill). */
  wholePrompts?: boolean;
  /** How the ranks of experts exchange tokens (--all2all-backend). */
  exchange?: string;
  /** Weights of each rank that stay in the node's memory, in GiB (--cpu-offload-gb). */
  cpuOffloadGiB?: number;
  /** Whether the engine captures no CUDA graphs (--enforce-eager). */
  eager?: boolean;
  /** Whether each rank holds the tower whole and takes a share of the images (--mm-encoder-tp-mode=data). */
  wholeTower?: boolean;
  /** Copies of experts over all ranks, for balance (num_redundant_experts). */
  redundantExperts?: number;
  /** A model beside, that drafts tokens for this one: its weights on a rank, in bytes. */
  draftBytes?: number;
  /** Layers of the model itself that draft (multi-token prediction), which are loaded beside the others. */
  draftLayers?: number;
  /** Adapters that are in memory at once, and the largest rank of one (--max-loras, --max-lora-rank). */
  adapters?: { count: number; rank: number };
}

import { bytesOf, type ModelFacts } from "../models/facts.ts";

export const GIB = 1024 ** 3;

/** One share of the memory: how much, and what it follows from. */
export interface Part {
  part: string;
  bytes: number;
  how: string;
}

/** The heaviest rank of an engine: which share of the model it holds. */
export interface Rank {
  model: ModelFacts;
  tensor: number;
  pipeline: number;
  /** Ranks over which each layer's experts are spread: vLLM shards them over tensor × data, with and without expert parallelism. */
  expertRanks: number;
  /** Layers of the longest pipeline stage. */
  layers: number;
  weightBytes: number;
  tokens: number;
  sequences: number;
  /** Bytes of one token in one layer's cache. */
  tokenBytes: number;
  cacheRule: string;
}

/** vLLM's steps are larger where there is much memory. Source: EngineArgs.get_batch_defaults, vllm/engine/arg_utils.py, 0.23. */
const LARGE_GIB = 70;
const LARGE = { tokens: 8192, sequences: 1024 };
const SMALL = { tokens: 2048, sequences: 256 };

export function rankOf(request: FitRequest): Rank {
  const { model, memoryGiB, tensor = 1, pipeline = 1, data = 1, decodeContext = 1 } = request;
  const batch = memoryGiB >= LARGE_GIB ? LARGE : SMALL;
  const number = cacheNumberBytes(request);
  const { heads, tokenNumbers, rule } = cachedPerToken(model, tensor, decodeContext);
  return {
    model,
    tensor,
    pipeline,
    expertRanks: tensor * data,
    layers: Math.ceil(model.layers / pipeline),
    weightBytes: loadedBytes(request),
    tokens: request.maxNumBatchedTokens ?? batch.tokens,
    sequences: request.maxNumSeqs ?? batch.sequences,
    tokenBytes: (tokenNumbers * number) / decodeContext,
    cacheRule: rule(heads, number),
  };
}

/**
 * What a rank caches of one token in one layer. Key and value heads are split over the tensor-parallel ranks, and copied
 * where there are fewer heads than ranks; a latent is needed whole by every rank (DeepSeek's MLA).
 * Source: ModelConfig.get_num_kv_heads, vllm/config/model.py.
 */
function cachedPerToken(model: ModelFacts, tensor: number, decodeContext: number) {
  const shared = decodeContext > 1 ? `, over ${decodeContext} ranks` : "";
  if (model.latent !== undefined) {
    const { latent } = model;
    const rule = (_: number, bytes: number): string =>
      `a latent of ${latent} numbers of ${bytes} B in each of the layers, whole on every rank${shared}`;
    return { heads: 1, tokenNumbers: latent, rule };
  }
  const heads = Math.max(1, Math.ceil(model.kvHeads / tensor));
  const copied = model.kvHeads < tensor ? ` (${model.kvHeads} heads, copied)` : "";
  const rule = (count: number, bytes: number): string =>
    `${count} KV heads${copied} of ${model.headDim} × 2 numbers of ${bytes} B in each of the layers${shared}`;
  return { heads, tokenNumbers: 2 * heads * model.headDim, rule };
}

/** All weights as they are in memory. Quantisation by the engine leaves the embeddings as they are. */
function loadedBytes({ model, dtype = "auto", quantization }: FitRequest): number {
  const { parameters, embeddingParameters, bytesPerParameter, weightBytes } = model;
  const wide = bytesOf(dtype) ?? Math.max(2, bytesPerParameter);
  const isPlain = bytesPerParameter >= 2;
  const applied = isPlain && quantization !== undefined ? bytesOf(quantization) : undefined;
  const each = applied ?? (isPlain ? (bytesOf(dtype) ?? bytesPerParameter) : bytesPerParameter);
  const counted = (parameters - embeddingParameters) * each + embeddingParameters * (each < 2 ? wide : each);
  if (weightBytes === undefined) return counted;
  return applied === undefined ? weightBytes : Math.min(weightBytes, counted);
}

/** Bytes of a model's weights as they are stored. */
export function storedBytes(model: ModelFacts): number {
  return loadedBytes({ model, memoryGiB: 0 });
}

/** The weights of the rank: its share of the experts, and of all else. */
export function weightParts({ model, tensor, pipeline, expertRanks, layers, weightBytes }: Rank): Part[] {
  const stage = layers / model.layers;
  const expertShare = model.expertParameters / model.parameters;
  const dense = (weightBytes * (1 - expertShare) * stage) / tensor;
  const size = `${gib(weightBytes)} GiB`;
  const over = pipeline > 1 ? `tensor ${tensor} × pipeline ${pipeline}` : `tensor ${tensor}`;
  if (expertShare === 0) return [{ part: "weights", bytes: dense, how: `${size} over ${over}` }];
  const spread = pipeline > 1 ? `${expertRanks} ranks × pipeline ${pipeline}` : `${expertRanks} ranks (tensor × data)`;
  const percent = Math.round(expertShare * 100);
  return [
    { part: "weights", bytes: dense, how: `${100 - percent} % of ${size} over ${over}` },
    {
      part: "experts",
      bytes: (weightBytes * expertShare * stage) / expertRanks,
      how: `${percent} % of ${size} over ${spread}`,
    },
  ];
}

/** CUDA's context, NCCL's buffers and the graphs of a rank: about 1 GiB on every GPU that vLLM runs on. */
const CONTEXT_GIB = 1;

/**
 * What a step works in: the widest layer's activations in 16 bits for the tokens of a step (its input and output, the
 * feed-forward part's two halves and their product), and the logits of its sequences in 32 bits, twice.
 */
export function reservedParts({ model, tensor, tokens, sequences }: Rank): Part[] {
  const activations = tokens * (4 * model.hidden + (3 * model.width) / tensor) * 2;
  const logits = (Math.min(sequences, tokens) * model.vocab * 8) / tensor;
  return [
    { part: "step", bytes: activations + logits, how: `${tokens} tokens and ${sequences} sequences at once` },
    { part: "context", bytes: CONTEXT_GIB * GIB, how: "CUDA, NCCL, graphs" },
  ];
}

/** A layer with a sliding window keeps the window and the tokens of the step. Source: SlidingWindowSpec, vllm/v1/kv_cache_interface.py. */
export function kvBytes({ model, layers, tokens, tokenBytes }: Rank, length: number): number {
  const { sliding } = model;
  const slidingLayers = sliding === undefined ? 0 : Math.ceil((sliding.layers * layers) / model.layers);
  const kept = sliding === undefined ? 0 : Math.min(length, sliding.window - 1 + tokens);
  return tokenBytes * ((layers - slidingLayers) * length + slidingLayers * kept);
}

/** Bytes as GiB with one digit behind the point. */
export function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}

/** Bytes of one cached number. */
function cacheNumberBytes({ kvCacheDtype = "auto", dtype = "auto" }: FitRequest): number {
  if (/^(fp8|int8)/.test(kvCacheDtype)) return 1;
  if (/^(nvfp4|turboquant_.*4bit)/.test(kvCacheDtype)) return 4.5 / 8;
  return bytesOf(kvCacheDtype) ?? bytesOf(dtype) ?? 2;
}

/** How an engine is to run a model; what is not set is vLLM's default. */
export interface FitRequest {
  model: ModelFacts;
  /** Memory of one accelerator, in GiB. */
  memoryGiB: number;
  /** Accelerators of the largest node: no tensor-parallel size beyond is suggested. */
  devicesPerNode?: number;
  tensor?: number;
  pipeline?: number;
  /** Data-parallel ranks of the one engine: its experts are spread over them. Copies of the engine are no ranks. */
  data?: number;
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
  /** Weights of each rank that stay in the node's memory, in GiB (--cpu-offload-gb). */
  cpuOffloadGiB?: number;
  /** A model beside, that drafts tokens for this one: its weights, in bytes, are whole on every rank. */
  draftBytes?: number;
}

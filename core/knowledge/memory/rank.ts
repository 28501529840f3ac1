import { releaseNumber } from "../engine/release.ts";
import { bytesOf, type ModelFacts } from "../models/facts.ts";
import type { FitRequest } from "./request.ts";

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
  /** Of these, the routed experts'. */
  expertBytes: number;
  vendor: string;
  /** Whether it is an accelerator of a data centre, with much memory. */
  isLarge: boolean;
  release: number;
  eager: boolean;
  tokens: number;
  sequences: number;
  maxModelLen: number;
  /** Bytes of one token in one layer's cache. */
  tokenBytes: number;
  /** The same of a layer that slides, and beside all layers of an indexer. */
  slidingTokenBytes: number;
  indexBytes: number;
  cacheRule: string;
}

/** vLLM's steps are larger where there is much memory, but on an A100. Source: EngineArgs.get_batch_defaults, vllm/engine/arg_utils.py, 0.23. */
const LARGE_GIB = 70;
const LARGE = { tokens: 8192, sequences: 1024 };
const SMALL = { tokens: 2048, sequences: 256 };
/** The first releases of the V1 engine took as many sequences whatever the memory. Source: _set_default_args_v1, vllm/engine/arg_utils.py, 0.8.1 to 0.8.4. */
const MANY = { from: releaseNumber("0.8.0") ?? 0, until: releaseNumber("0.8.4") ?? 0, sequences: LARGE.sequences };

export function rankOf(request: FitRequest): Rank {
  const { model, memoryGiB, tensor = 1, pipeline = 1, data = 1, decodeContext = 1 } = request;
  const { release = Number.MAX_SAFE_INTEGER } = request;
  const usual = memoryGiB >= LARGE_GIB && request.smallSteps !== true ? LARGE : SMALL;
  const isMany = release >= MANY.from && release < MANY.until;
  const batch = isMany ? { ...usual, sequences: MANY.sequences } : usual;
  const number = cacheNumberBytes(request);
  const { heads, tokenNumbers, rule } = cachedPerToken(model, tensor, decodeContext);
  const { kvHeads = model.kvHeads, headDim = model.headDim } = model.sliding ?? {};
  const sliding = cachedPerToken({ ...model, kvHeads, headDim }, tensor, decodeContext);
  return {
    model,
    tensor,
    pipeline,
    expertRanks: tensor * data,
    layers: Math.ceil(model.layers / pipeline),
    ...loadedBytes(request),
    isLarge: memoryGiB >= LARGE_GIB,
    vendor: request.vendor ?? "nvidia.com",
    release,
    eager: request.eager === true,
    tokens: request.maxNumBatchedTokens ?? batch.tokens,
    sequences: request.maxNumSeqs ?? batch.sequences,
    maxModelLen: request.maxModelLen ?? model.maxPositions ?? 2048,
    tokenBytes: (tokenNumbers * number) / decodeContext,
    slidingTokenBytes: (sliding.tokenNumbers * number) / decodeContext,
    indexBytes: (model.indexBytes ?? 0) / decodeContext,
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
      `a latent of ${Math.round(latent)} numbers of ${bytes} B in each of the layers, whole on every rank${shared}`;
    return { heads: 1, tokenNumbers: latent, rule };
  }
  const heads = Math.max(1, Math.ceil(model.kvHeads / tensor));
  const copied = model.kvHeads < tensor ? ` (${model.kvHeads} heads, copied)` : "";
  const rule = (count: number, bytes: number): string =>
    `${count} KV heads${copied} of ${model.headDim} × 2 numbers of ${bytes} B in each of the layers${shared}`;
  return { heads, tokenNumbers: 2 * heads * model.headDim, rule };
}

/** All weights as they are in memory, and of these the experts'. Quantisation by the engine leaves the embeddings as they are. */
export function loadedBytes(request: FitRequest): Pick<Rank, "weightBytes" | "expertBytes"> {
  const { model, dtype = "auto", quantization } = request;
  const { parameters, embeddingParameters, expertParameters, bytesPerParameter, weightBytes } = model;
  const wide = bytesOf(dtype) ?? Math.max(2, bytesPerParameter);
  const isPlain = bytesPerParameter >= 2;
  const applied = isPlain && quantization !== undefined ? bytesOf(quantization) : undefined;
  const each = applied ?? (isPlain ? (bytesOf(dtype) ?? bytesPerParameter) : bytesPerParameter);
  const others = parameters - embeddingParameters - expertParameters;
  const embeddings = embeddingParameters * (each < 2 ? wide : each);
  const counted = expertParameters * each + others * (applied ?? model.otherBytes ?? each) + embeddings;
  const all =
    weightBytes === undefined ? counted : applied === undefined ? weightBytes : Math.min(weightBytes, counted);
  // A published size of all weights is divided in the proportion of the counted parts: in mixed formats, experts have the smaller share of the bytes.
  return { weightBytes: all, expertBytes: all * ((expertParameters * each) / counted) };
}

/** Bytes of one cached number. */
function cacheNumberBytes({ kvCacheDtype = "auto", dtype = "auto" }: FitRequest): number {
  if (/^(fp8|int8)/.test(kvCacheDtype)) return 1;
  if (/^(nvfp4|turboquant_.*4bit)/.test(kvCacheDtype)) return 4.5 / 8;
  return bytesOf(kvCacheDtype) ?? bytesOf(dtype) ?? 2;
}

/** Bytes as GiB with one digit behind the point. */
export function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}

import { positionIn, releaseNumber, type Span } from "../engine/release.ts";
import type { CacheType } from "../models/config/cachetype.ts";
import { bytesOf, type ModelFacts } from "../models/facts.ts";
import { batchOf } from "./batch.ts";
import type { FitRequest } from "./request.ts";
import { leavesTower, loadedBytes } from "./weights.ts";

export const GIB = 1024 ** 3;

/** One share of the memory: its size, and what it follows from. */
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
  /** Of these, the bytes of the routed experts, and of those the padding for the kernels. */
  expertBytes: number;
  padding: number;
  vendor: string;
  /** Whether it holds the whole tower because a flag requires it. */
  wholeTower: boolean;
  /** Whether it holds no tower, because all media are excluded. */
  leavesTower: boolean;
  /** Whether it runs a vision or audio tower while it measures memory. */
  multimodal: boolean;
  /** Whether no videos are taken, and whether a flag sets the size of pictures. */
  withoutVideos: boolean;
  sizedMedia: boolean;
  /** Whether it is a data-centre accelerator, with much memory. */
  isLarge: boolean;
  capability: number;
  unified: boolean;
  data: number;
  release: number;
  eager: boolean;
  /** Whether a variable selects the V0 engine. */
  engineV0?: boolean;
  /** Whether graphs count before the cache is made, if a variable says so. */
  estimatesGraphs?: boolean;
  /** Whether FlashInfer samples. */
  flashInferSampler: boolean;
  /** Which kernels run experts, if a flag selects them, and whether the GPU may multiply floats of four bits itself. */
  moeBackend: string;
  /** Whether matrices of AWQ are written out in 16 bits before large steps. */
  writesOut: boolean;
  multipliesFp4: boolean;
  /** Whether it reserves room for adapters. */
  adapts: boolean;
  tokens: number;
  sequences: number;
  maxModelLen: number;
  /** Bytes of one token in one layer's cache. */
  tokenBytes: number;
  /** The same for a layer with a sliding window, and for an indexer over all layers. */
  slidingTokenBytes: number;
  indexBytes: number;
  cacheRule: string;
  /** Bytes of a number in the type of the model. */
  numberBytes: number;
  /**
   * What drafts tokens: layers that cache like the model's own, the rank of a draft model, and how many tokens are
   * drafted at once.
   */
  drafts: { layers: number; rank?: Rank; tokens: number };
  /** Whether prefixes are cached; undefined is the default of the release. */
  prefixCaching?: boolean;
  /** Whether Model Runner V2 or the first runner is selected. */
  runnerV2?: boolean;
}

/** From this size on an accelerator counts as one of a data centre. */
const LARGE_GIB = 70;
const HOPPER = 90;
const BLACKWELL = 100;

/**
 * From this release on an engine without media runs no tower: supports_multimodal_inputs in
 * vllm/multimodal/registry.py.
 */
const TEXT_ONLY = releaseNumber("0.10.1") ?? 0;

/** From this release on a model with LongRoPE takes its original length if none is set. */
const ORIGINAL_LENGTH = releaseNumber("0.11.1") ?? 0;

/** The context of a sequence: what is set, or the model's own. */
export function lengthOf({ maxModelLen, model, release = Number.MAX_SAFE_INTEGER }: FitRequest): number {
  const original = release >= ORIGINAL_LENGTH ? model.defaultPositions : undefined;
  return maxModelLen ?? original ?? model.maxPositions ?? 2048;
}

export function rankOf(request: FitRequest): Rank {
  const { model, memoryGiB, tensor = 1, pipeline = 1, data = 1, decodeContext = 1 } = request;
  const { release = Number.MAX_SAFE_INTEGER } = request;
  const maxModelLen = lengthOf(request);
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
    isLarge: memoryGiB >= LARGE_GIB,
    capability: request.capability ?? HOPPER,
    unified: request.unified === true,
    ...mediaOf(request, release),
    data,
    vendor: request.vendor ?? "nvidia.com",
    release,
    eager: request.eager === true,
    flashInferSampler: request.flashInferSampler === true,
    moeBackend: request.moeBackend ?? "auto",
    writesOut: request.quantization === "awq" && model.format === "awq",
    multipliesFp4: (request.capability ?? BLACKWELL) >= BLACKWELL,
    adapts: request.adapters !== undefined,
    maxModelLen,
    tokenBytes: model.cacheless ? 0 : (tokenNumbers * number) / decodeContext,
    slidingTokenBytes: model.cacheless ? 0 : (sliding.tokenNumbers * number) / decodeContext,
    indexBytes: (model.indexBytes ?? 0) / decodeContext,
    numberBytes: bytesOf(request.dtype ?? "auto") ?? 2,
    drafts: {
      layers: request.draftLayers ?? request.draftHeads ?? 0,
      ...(request.draft && { rank: draftRank(request, request.draft) }),
      tokens: request.draftTokens ?? 0,
    },
    cacheRule: model.cacheless ? "but an encoder caches no keys and values" : rule(heads, number),
    ...loadedBytes(request),
    ...batchOf(request, release, maxModelLen),
    ...(request.engineV0 && { engineV0: true }),
    ...(request.estimatesGraphs !== undefined && { estimatesGraphs: request.estimatesGraphs }),
    ...(request.runnerV2 !== undefined && { runnerV2: request.runnerV2 }),
    ...(request.prefixCaching !== undefined && { prefixCaching: request.prefixCaching }),
  };
}

/** What the request says of pictures and videos. */
function mediaOf(
  request: FitRequest,
  release: number,
): Pick<Rank, "wholeTower" | "leavesTower" | "multimodal" | "withoutVideos" | "sizedMedia"> {
  const { model, textOnly, skipsMedia } = request;
  return {
    wholeTower: request.wholeTower === true && !leavesTower(request),
    leavesTower: leavesTower(request),
    multimodal: model.multimodal === true && !skipsMedia && !(textOnly === true && release >= TEXT_ONLY),
    withoutVideos: request.withoutVideos === true,
    sizedMedia: request.sizedMedia === true,
  };
}

/**
 * What a rank caches of one token in one layer. Key and value heads are split over the tensor-parallel ranks, and
 * copied if there are fewer heads than ranks; every rank needs a latent as a whole (DeepSeek's MLA). Source:
 * ModelConfig.get_num_kv_heads, vllm/config/model.py.
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

/** A draft model has the same cache, steps and length as its target, and all of its layers on a rank. */
function draftRank(request: FitRequest, { model, tensor }: NonNullable<FitRequest["draft"]>): Rank {
  const { draft: _itself, draftLayers: _layers, draftHeads: _heads, quantization: _ofTarget, ...rest } = request;
  const read = cacheTypeRead(request);
  const kvCacheDtype = read?.guessed === undefined ? read?.type : undefined;
  const { maxModelLen = request.model.maxPositions } = request;
  return rankOf({
    ...rest,
    model,
    tensor,
    pipeline: 1,
    ...(kvCacheDtype && { kvCacheDtype }),
    ...(maxModelLen !== undefined && { maxModelLen }),
  });
}

/** From which release on vLLM reads the type of the cache from a model's files; see `cacheTypeOf`. */
const READS = {
  modelopt: { fp8: releaseNumber("0.14.0") ?? 0, nvfp4: releaseNumber("0.20.0") ?? 0 },
  "compressed-tensors": { fp8: releaseNumber("0.15.0") ?? 0, nvfp4: releaseNumber("0.15.0") ?? 0 },
};

/**
 * The releases that store the cache in the type of llm-compressor's files even if `--kv-cache-dtype` names another one.
 * Source: Attention.__init__ in vllm/attention/layer.py and, since 0.16, vllm/model_executor/layers/attention/attention.py.
 */
const OVER_FLAGS: Span = { from: "0.15.0", until: "0.22.0" };

/**
 * The type of the cache in the model's files, if a release reads it and no flag takes precedence. Layers of latents do
 * not read llm-compressor's: MLAAttention, vllm/model_executor/layers/attention/mla_attention.py.
 */
export function cacheTypeRead({ model, kvCacheDtype = "auto", release }: FitRequest): CacheType | undefined {
  const { cacheType: asked, latent } = model;
  if (asked === undefined) return undefined;
  const isOfCompressor = asked.by === "compressed-tensors";
  if (isOfCompressor && latent !== undefined) return undefined;
  if (release === undefined) return kvCacheDtype === "auto" ? asked : undefined;
  const isOverFlag = isOfCompressor && positionIn(OVER_FLAGS, release) === "inside";
  return release >= READS[asked.by][asked.type] && (kvCacheDtype === "auto" || isOverFlag) ? asked : undefined;
}

/** Bytes of one cached number. A type that is only guessed does not count. */
function cacheNumberBytes(request: FitRequest): number {
  const { dtype = "auto" } = request;
  const read = cacheTypeRead(request);
  const kvCacheDtype = read?.guessed === undefined ? (read?.type ?? request.kvCacheDtype ?? "auto") : "auto";
  if (/^(fp8|int8)/.test(kvCacheDtype)) return 1;
  if (/^(nvfp4|turboquant_.*4bit)/.test(kvCacheDtype)) return 4.5 / 8;
  return bytesOf(kvCacheDtype) ?? bytesOf(dtype) ?? 2;
}

/** Bytes as GiB. */
export function gib(bytes: number, digits = 1): string {
  return (bytes / GIB).toFixed(digits);
}

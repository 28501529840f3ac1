import { isObject } from "../../../kubernetes/json.ts";
import { type ModelInfo, numberOf, type Shape } from "./config.ts";
import { type States, statesOf } from "./states.ts";

/** What a rank caches of a token. Counts are of numbers, not of bytes, unless stated otherwise. */
export interface Caches {
  /** Numbers cached per token and layer with latent attention; undefined for attention with key and value heads. */
  latent?: number;
  /**
   * Layers that only see a window or a chunk of this many tokens, and their heads if other layers have different ones.
   */
  sliding?: { layers: number; window: number; kvHeads?: number; headDim?: number; chunked?: boolean };
  /** Layers that keep a state of fixed size, or share the cache of another layer: they cache no tokens. */
  uncachedLayers?: number;
  /** What those layers keep for each sequence, if it is known. */
  states?: States;
  /** The output of an encoder, which each layer of the decoder caches for a sequence (Whisper): this many tokens. */
  encoderTokens?: number;
  /**
   * Bytes per token that a rank caches in addition to keys and values, over all layers: those of an indexer that
   * selects tokens.
   */
  indexBytes?: number;
  /** Bytes per token of the indexer's entries, of which it gathers the keys of several prompts at once. */
  indexEntryBytes?: number;
  /**
   * What DeepSeek V4 keeps of the latest tokens in addition to the entries: bytes per token, over all layers, and the
   * number of tokens before a step's.
   */
  recent?: { bytes: number; window: number };
}

/** The number of a model's layers of each kind. */
export interface LayerKinds {
  /** Layers whose attention caches tokens: all of them, or those that only see a window. */
  attention: number;
  /** Layers of linear attention (gated delta nets), and Mamba mixers: a state of fixed size. */
  linear: number;
  mamba: number;
  /** Separate feed-forward layers, and expert layers, if a pattern lists both; otherwise each layer has one. */
  dense?: number;
  experts?: number;
}

/**
 * The kinds of a model's layers, from whichever field of its config describes them: `hybrid_override_pattern`
 * (Nemotron-H), `layer_types` and `full_attention_interval` (Qwen3-Next and later), `layer_group_size` (Ling 2.5 and later, whose
 * groups end in a layer of latent attention), `linear_attn_config` (Kimi Linear).
 */
export function layersOf(config: ModelInfo, layers: number): LayerKinds {
  const pattern = config["hybrid_override_pattern"];
  if (typeof pattern === "string") {
    const count = (kind: string): number => [...pattern].filter((one) => one === kind).length;
    return { attention: count("*"), linear: 0, mamba: count("M"), dense: count("-"), experts: count("E") };
  }
  const linear = linearLayers(config, layers);
  const mamba = (config.layer_types ?? []).filter((type) => type.startsWith("mamba")).length;
  return { attention: layers - linear - mamba, linear, mamba };
}

/**
 * Layers of attention with full or limited context, and Mamba's. All other kinds keep a state: `linear_attention`,
 * `conv`.
 */
const MIXERS = /(?<!linear_)attention$|^mamba/;

function linearLayers(config: ModelInfo, layers: number): number {
  const { layer_types: types } = config;
  if (types !== undefined) return types.filter((type) => !MIXERS.test(type)).length;
  const every = numberOf(config["full_attention_interval"]);
  if (every !== undefined && every > 0) return layers - Math.floor(layers / every);
  const group = numberOf(config["layer_group_size"]);
  if (group !== undefined && group > 0) return layers - Math.floor(layers / group);
  const mixed = config["linear_attn_config"];
  const full = isObject(mixed) && Array.isArray(mixed["full_attn_layers"]) ? mixed["full_attn_layers"].length : layers;
  return layers - full;
}

export function cachesOf(config: ModelInfo, { layers }: Shape): Caches {
  const latent = latentOf(config, layers);
  const kinds = layersOf(config, layers);
  const { attention } = kinds;
  const states = statesOf(config, kinds);
  const encoded = encoderTokens(config);
  const uncached = layers - attention + (numberOf(config["num_kv_shared_layers"]) ?? 0);
  const sliding = slidingOf(config, layers);
  const index = indexBytes(config, attention);
  const recent = recentOf(config);
  return {
    ...(latent !== undefined && { latent }),
    ...(uncached > 0 && { uncachedLayers: uncached }),
    ...(states && { states }),
    ...(encoded > 0 && { encoderTokens: encoded }),
    ...(sliding && { sliding }),
    ...(index > 0 && { indexBytes: index, indexEntryBytes: entryBytes(config) / tokensOfEntry(config) }),
    ...(recent && { recent }),
  };
}

/** In blocks of 16 tokens. Source: CrossAttentionSpec, vllm/v1/kv_cache_interface.py; 1500 is the default of WhisperConfig.max_source_positions. */
function encoderTokens(config: ModelInfo): number {
  if (config.model_type !== "whisper") return 0;
  return 16 * Math.ceil((numberOf(config["max_source_positions"]) ?? 1500) / 16);
}

/**
 * The window of every layer of DeepSeek V4, of a byte a number, and the states in 32 bits of which an entry is made:
 * key and gate, twice where entries of four tokens overlap, and those of the indexer. Pages are padded, so that vLLM
 * needs up to a third more: vllm-project/vllm#44376 logs 6.66 GiB for a sequence of 30000 tokens with steps of 16384.
 */
function recentOf(config: ModelInfo): Caches["recent"] {
  const { head_dim: width = 0, sliding_window: window } = config;
  const ratios = ratiosOf(config);
  if (ratios.length === 0 || !window) return undefined;
  const state = (ratio: number): number =>
    ratio === 4 ? 16 * (width + (numberOf(config["index_head_dim"]) ?? 0)) : ratio > 0 ? 8 * width : 0;
  return { bytes: ratios.reduce((all, ratio) => all + width + state(ratio), 0), window };
}

/** Numbers of a latent that stands for one token (DeepSeek's MLA), or of entries that each stand for several (DeepSeek V4), on average. */
function latentOf(config: ModelInfo, layers: number): number | undefined {
  const { kv_lora_rank: rank, qk_rope_head_dim: rope = 0, head_dim: width = 0 } = config;
  if (rank !== undefined) return rank + rope;
  const shares = ratiosOf(config).map((ratio) => (ratio > 0 ? width / ratio : 0));
  return shares.length === 0 ? undefined : shares.reduce((all, one) => all + one, 0) / layers;
}

/**
 * For each layer of DeepSeek V4, how many tokens one entry of its cache stands for; 0 for layers with only a window.
 */
export function ratiosOf(config: ModelInfo): number[] {
  const ratios = config["compress_ratios"];
  return Array.isArray(ratios) ? ratios.map((one) => numberOf(one) ?? 0) : [];
}

function slidingOf(config: ModelInfo, layers: number): Caches["sliding"] {
  const { sliding_window: window, use_sliding_window: used } = config;
  const chunk = numberOf(config["attention_chunk_size"]);
  if (chunk !== undefined) return { layers: chunkedLayers(config, layers), window: chunk, chunked: true };
  if (!window || used === false || ratiosOf(config).length > 0) return undefined;
  const count = slidingLayers(config, layers);
  const kvHeads = numberOf(config["swa_num_key_value_heads"]);
  const headDim = numberOf(config["swa_head_dim"]);
  if (count === 0) return undefined;
  return {
    layers: count,
    window,
    ...(kvHeads !== undefined && { kvHeads }),
    ...(headDim !== undefined && { headDim }),
  };
}

/**
 * Llama 4: by `layer_types`, otherwise all layers except each fourth, which has full attention and no rotary embedding
 * (`no_rope_layer_interval`).
 */
function chunkedLayers({ layer_types: types, ...config }: ModelInfo, layers: number): number {
  if (types !== undefined) return types.filter((type) => type === "chunked_attention").length;
  return layers - Math.floor(layers / (numberOf(config["no_rope_layer_interval"]) || 4));
}

/**
 * By `layer_types`; by the interval of layers with full attention (`sliding_window_pattern`, Gemma 3); otherwise all
 * layers.
 */
function slidingLayers({ layer_types: types, ...config }: ModelInfo, layers: number): number {
  if (types !== undefined) return types.filter((type) => type === "sliding_attention").length;
  const every = numberOf(config["sliding_window_pattern"]);
  return every !== undefined && every > 1 ? layers - Math.floor(layers / every) : layers;
}

/**
 * The indexer of DeepSeek's sparse attention keeps a key of 8 bits and a scale of 4 bytes per token. Source:
 * DeepseekV32IndexerCache, vllm/model_executor/models/deepseek_v2.py.
 */
function entryBytes(config: ModelInfo): number {
  const width = numberOf(config["index_head_dim"]);
  return width === undefined ? 0 : width + 4;
}

/** An entry of DeepSeek V4's indexer stands for four tokens. Source: DeepseekV4Indexer.max_total_seq_len, vllm/models/deepseek_v4/attention.py, 0.25. */
function tokensOfEntry(config: ModelInfo): number {
  return ratiosOf(config).includes(4) ? 4 : 1;
}

function indexBytes(config: ModelInfo, layers: number): number {
  const types = config["indexer_types"];
  const compressed = ratiosOf(config).filter((ratio) => ratio === 4).length / 4;
  const own = Array.isArray(types) ? types.filter((type) => type === "full").length : compressed || layers;
  return own * entryBytes(config);
}

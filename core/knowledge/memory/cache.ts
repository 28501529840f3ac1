import { releaseNumber } from "../engine/release.ts";
import type { Rank } from "./rank.ts";

/**
 * Before this release, layers with chunked attention keep all tokens. Source:
 * VLLM_ALLOW_CHUNKED_LOCAL_ATTN_WITH_HYBRID_KV_CACHE, vllm/envs.py.
 */
const CHUNKS_FROM = releaseNumber("0.14.0") ?? 0;

/**
 * The cache of a sequence on a rank. A layer with a sliding window, or with chunked attention, keeps that many tokens
 * and those of the step; a decoder also keeps the output of its encoder. Source: SlidingWindowSpec,
 * ChunkedLocalAttentionSpec and CrossAttentionSpec, vllm/v1/kv_cache_interface.py.
 */
export function kvBytes(rank: Rank, length: number): number {
  const { model, layers, tokens, tokenBytes, slidingTokenBytes, indexBytes, drafts } = rank;
  const sliding = slidingOf(rank);
  const stage = layers / model.layers;
  const keptOf = (window: number | undefined): number =>
    window === undefined ? 0 : Math.min(length, window - 1 + tokens);
  const ofWindows = slidingTokenBytes * sliding.layers * keptOf(sliding.window);
  const recent = (model.recent?.bytes ?? 0) * stage * keptOf(model.recent?.window);
  const ofEncoder = tokenBytes * layers * (model.encoderTokens ?? 0);
  const ofDraft = drafts.rank === undefined ? 0 : kvBytes(drafts.rank, length);
  const blocks = stateBlocksOf(rank);
  const full = blocks === undefined ? tokenBytes * fullLayers(rank) * length : blockBytes(rank, blocks, length);
  return full + ofWindows + indexBytes * stage * length + recent + ofEncoder + ofDraft;
}

function slidingOf({ model: { sliding, layers: all }, layers, release }: Rank): { layers: number; window?: number } {
  if (sliding === undefined || (sliding.chunked && release < CHUNKS_FROM)) return { layers: 0 };
  return { layers: Math.ceil((sliding.layers * layers) / all), window: sliding.window };
}

/** Layers of a rank that cache all tokens, including those that draft. */
function fullLayers(rank: Rank): number {
  const { model, layers, drafts } = rank;
  const uncached = Math.floor(((model.uncachedLayers ?? 0) * layers) / model.layers);
  return Math.max(0, layers - slidingOf(rank).layers - uncached) + drafts.layers;
}

/**
 * Blocks of a model with state layers: a block holds the state of a sequence, or as many tokens as have its size, in a
 * group of layers.
 */
export interface StateBlocks {
  bytes: number;
  tokens: number;
  /** Groups of layers that cache tokens, and groups of layers that keep a state. */
  full: number;
  states: number;
}

/**
 * The number of tokens per block is a multiple of this, by the kind of attention. Source:
 * Platform._align_hybrid_block_size, vllm/platforms/interface.py, 0.32.
 */
const ALIGNED = { heads: 16, latent: 128 };
/**
 * Layers of two kinds form one group each if one kind has less than this many times the layers of the other: then the
 * smaller kind is padded. Source: group_size, vllm/v1/core/kv_cache_utils.py.
 */
const ALIKE = [
  { from: releaseNumber("0.18.0") ?? 0, times: 1.5 },
  { from: releaseNumber("0.12.0") ?? 0, times: 1.25 },
  { from: 0, times: 1 },
];

/** Undefined if the model keeps no states or has an unknown shape, and if layers with a window are a third kind. */
export function stateBlocksOf(rank: Rank): StateBlocks | undefined {
  const { model, layers, tokenBytes, release } = rank;
  if (model.states === undefined || model.sliding !== undefined) return undefined;
  const stateLayers = Math.ceil((model.states.layers * layers) / model.layers);
  const full = fullLayers(rank);
  const state = stateBytes(rank);
  if (full === 0 || tokenBytes === 0) return { bytes: state * stateLayers, tokens: 1, full: 0, states: 1 };
  const align = model.latent === undefined ? ALIGNED.heads : ALIGNED.latent;
  const tokens = align * Math.ceil(state / (align * tokenBytes));
  const [least, most] = [Math.min(full, stateLayers), Math.max(full, stateLayers)];
  const { times } = ALIKE.find(({ from }) => release >= from) as (typeof ALIKE)[number];
  const group = most < least * times ? most : least;
  return {
    bytes: tokens * tokenBytes * group,
    tokens,
    full: Math.ceil(full / group),
    states: Math.ceil(stateLayers / group),
  };
}

/** The state of a layer, which ranks share. Drafted tokens lengthen the input of the convolution. */
function stateBytes({ model: { states }, tensor, numberBytes, drafts }: Rank): number {
  if (states === undefined) return 0;
  const { convolved, kernel, recurrent, recurrentBytes = numberBytes } = states;
  return (convolved * (kernel + drafts.tokens) * numberBytes + recurrent * recurrentBytes) / tensor;
}

/**
 * From the first release on prefixes can be cached, with one more state of a sequence in blocks; from the second on
 * they are by default. Source: MambaSpec.max_memory_usage_bytes; ModelConfig.is_prefix_caching_supported.
 */
const ONE_MORE = releaseNumber("0.15.0") ?? 0;
const CACHES_PREFIXES = releaseNumber("0.26.0") ?? 0;

function blockBytes(rank: Rank, blocks: StateBlocks, length: number): number {
  const { release, drafts, prefixCaching = release >= CACHES_PREFIXES } = rank;
  const inBlocks = Math.ceil(length / blocks.tokens);
  const cached = release >= ONE_MORE ? 2 : Math.max(1, inBlocks);
  const held = (prefixCaching ? cached : 1) + drafts.tokens;
  return blocks.bytes * (blocks.full * inBlocks + blocks.states * held);
}

/** Source: CompilationConfig.resolve_cudagraph_mode_and_sizes, vllm/config/compilation.py, 0.20 to 0.33. */
const COMPARED = releaseNumber("0.20.0") ?? 0;

/**
 * Whether an engine stops if the cache has fewer blocks for states than a step has sequences, unless it captures no
 * graphs of whole steps. An engine of an unknown release may.
 */
export function comparesBlocks(release = COMPARED): boolean {
  return release >= COMPARED;
}

import type { ModelFacts } from "../../models/facts.ts";
import { positionIn, type Span } from "../release.ts";

/**
 * Releases that compare the context with the configured number of blocks (--num-gpu-blocks-override) instead of the
 * memory. Source: get_kv_cache_configs, vllm/v1/core/kv_cache_utils.py (later kv_cache_planning.py), each release from
 * 0.8.0 to 0.33.0.
 */
const COUNTED: Span = { from: "0.20.1" };
/** Releases that keep one of the blocks for themselves (the null block). Source: check_memory in the same function. */
const KEPT: Span = { from: "0.29.0" };
/** CacheConfig.DEFAULT_BLOCK_SIZE, vllm/config/cache.py. Backends for latents and for wide heads choose larger ones. */
const TOKENS = 16;
const WIDE = 128;

/**
 * Whether all layers of a model cache each token, in blocks of the size in the flags: other models align their blocks,
 * or need fewer.
 */
function isUniform({ sliding, recent, uncachedLayers = 0, cacheless }: ModelFacts): boolean {
  return sliding === undefined && recent === undefined && uncachedLayers === 0 && cacheless !== true;
}

/**
 * The number of tokens per block; undefined if no flag sets it and the backend may have chosen another, and if it is
 * aligned: to the kernels of other accelerators than NVIDIA's and AMD's, and to layers whose cache has another type.
 * Source: update_block_size_for_backend, vllm/platforms.
 */
export function blockTokens(
  model: ModelFacts,
  { named, isChosen, isAligned }: { named: number | undefined; isChosen: boolean; isAligned: boolean },
): number | undefined {
  if (!isUniform(model) || isAligned) return undefined;
  if (named !== undefined) return named;
  return isChosen || model.latent !== undefined || model.headDim > WIDE ? undefined : TOKENS;
}

/** The blocks of one full-length sequence, and those that the engine keeps for itself. */
interface Blocks {
  sequence: number;
  kept: number;
}

/** Undefined for a release that does not count the blocks. */
export function blocksNeeded(tokens: number, length: number, ranks: number, release: number): Blocks | undefined {
  if (positionIn(COUNTED, release) !== "inside") return undefined;
  const kept = positionIn(KEPT, release) === "inside" ? 1 : 0;
  return { sequence: Math.ceil(Math.ceil(length / ranks) / tokens), kept };
}

import type { ModelFacts } from "../../models/facts.ts";
import { positionIn, type Span } from "../release.ts";

/**
 * Releases that compare the context with the configured number of blocks (--num-gpu-blocks-override) instead of the
 * memory. Source: get_kv_cache_configs, vllm/v1/core/kv_cache_utils.py (later kv_cache_planning.py), each release from
 * 0.8.0 to 0.33.0.
 */
const COUNTED: Span = { from: "0.20.1" };
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

/** The number of tokens per block; undefined if no flag sets it and the backend may have chosen another. */
export function blockTokens(
  model: ModelFacts,
  { named, isChosen }: { named: number | undefined; isChosen: boolean },
): number | undefined {
  if (!isUniform(model)) return undefined;
  if (named !== undefined) return named;
  return isChosen || model.latent !== undefined || model.headDim > WIDE ? undefined : TOKENS;
}

/** The number of blocks that one full-length sequence needs; undefined for a release that does not count them. */
export function blocksNeeded(tokens: number, length: number, ranks: number, release: number): number | undefined {
  if (positionIn(COUNTED, release) !== "inside") return undefined;
  return Math.ceil(Math.ceil(length / ranks) / tokens);
}

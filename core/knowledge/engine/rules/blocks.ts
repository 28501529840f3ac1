import type { ModelFacts } from "../../models/facts.ts";
import { positionIn, type Span } from "../release.ts";

/**
 * Releases that hold the context against the number of blocks they are told (--num-gpu-blocks-override), and not against the memory.
 * Source: get_kv_cache_configs, vllm/v1/core/kv_cache_utils.py (later kv_cache_planning.py), each release from 0.8.0 to 0.33.0.
 */
const COUNTED: Span = { from: "0.20.1" };
/** CacheConfig.DEFAULT_BLOCK_SIZE, vllm/config/cache.py. Backends for latents and for wide heads choose larger ones. */
const TOKENS = 16;
const WIDE = 128;

/** Whether all layers of a model cache each token, in blocks of the size that the flags name: others align their blocks, or need fewer. */
function isUniform({ sliding, recent, uncachedLayers = 0, cacheless }: ModelFacts): boolean {
  return sliding === undefined && recent === undefined && uncachedLayers === 0 && cacheless !== true;
}

/** The tokens of a block: undefined where nobody named them and the backend may have chosen. */
export function blockTokens(
  model: ModelFacts,
  { named, isChosen }: { named: number | undefined; isChosen: boolean },
): number | undefined {
  if (!isUniform(model)) return undefined;
  if (named !== undefined) return named;
  return isChosen || model.latent !== undefined || model.headDim > WIDE ? undefined : TOKENS;
}

/** The blocks that one sequence of full length takes; undefined for a release that does not count them. */
export function blocksNeeded(tokens: number, length: number, ranks: number, release: number): number | undefined {
  if (positionIn(COUNTED, release) !== "inside") return undefined;
  return Math.ceil(Math.ceil(length / ranks) / tokens);
}

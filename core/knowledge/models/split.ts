import type { ModelFacts } from "./facts.ts";

/** Tensor-parallel sizes that are offered: those that heads of known models can be split by. */
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32];

/**
 * Why a model cannot be split over so many tensor-parallel ranks: its attention heads are not divided, or its KV heads neither divided nor
 * copied evenly; undefined where it can. Source: ModelConfig.verify_with_parallel_config and get_num_kv_heads, vllm/config/model.py.
 */
export function whyUnsplittable(
  { heads, kvHeads, latent }: ModelFacts,
  tensor: number,
): "heads" | "kvHeads" | undefined {
  if (heads % tensor !== 0) return "heads";
  if (latent !== undefined || kvHeads % tensor === 0 || tensor % kvHeads === 0) return undefined;
  return "kvHeads";
}

/** The sizes that a model can be split by, of those that are in use. */
export function tensorSizes(model: ModelFacts): number[] {
  return SIZES.filter((size) => whyUnsplittable(model, size) === undefined);
}

/**
 * Whether each rank's part of the weights is whole blocks: scales of weights that are quantised in blocks cannot be split. Without
 * expert parallelism every expert is split over tensor × data, as a dense layer is over tensor.
 */
export function splitsBlocks(
  { expertWidth, width, weightBlock, expertGroup }: ModelFacts,
  tensor: number,
  data: number,
): boolean {
  const block = weightBlock ?? (expertWidth === undefined ? undefined : expertGroup);
  if (block === undefined) return false;
  return (expertWidth === undefined ? width / tensor : expertWidth / (tensor * data)) % block !== 0;
}

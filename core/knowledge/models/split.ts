import { entryOf } from "../../kubernetes/table.ts";
import type { ModelFacts } from "./facts.ts";

/** Tensor-parallel sizes that are suggested: those that divide the heads of known models. */
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32];

/**
 * Why a model cannot be split over this many tensor-parallel ranks: its attention heads cannot be divided, or its KV
 * heads can neither be divided nor copied evenly; undefined if it can. Source: ModelConfig.verify_with_parallel_config
 * and get_num_kv_heads, vllm/config/model.py.
 */
export function whyUnsplittable(
  { heads, kvHeads, latent }: ModelFacts,
  tensor: number,
): "heads" | "kvHeads" | undefined {
  if (heads % tensor !== 0) return "heads";
  if (latent !== undefined || kvHeads % tensor === 0 || tensor % kvHeads === 0) return undefined;
  return "kvHeads";
}

/** The usual sizes by which the model can be split. */
export function tensorSizes(model: ModelFacts): number[] {
  return SIZES.filter((size) => whyUnsplittable(model, size) === undefined && !splitsShared(model, size));
}

/**
 * Whether ranks would split the blocks of the experts that every token passes: those are split over tensor like a dense
 * layer, even with expert parallelism. Source: validate_fp8_block_shape,
 * vllm/model_executor/layers/quantization/utils/fp8_utils.py; vllm-project/vllm#45784, sgl-project/sglang#10852.
 */
export function splitsShared({ sharedWidth, weightBlock, keepsShared }: ModelFacts, tensor: number): boolean {
  return (
    keepsShared !== true &&
    sharedWidth !== undefined &&
    weightBlock !== undefined &&
    (sharedWidth / tensor) % weightBlock !== 0
  );
}

/**
 * Why ranks cannot share the KV cache of a sequence (`--decode-context-parallel-size`) of a model with KV heads;
 * undefined if they can. A latent is whole on every rank, so any divisor of tensor works. Source:
 * ModelConfig.verify_with_parallel_config.
 */
export function whyNoSharedContext(
  { heads, kvHeads, latent }: ModelFacts,
  tensor: number,
  ranks: number,
): string | undefined {
  if (ranks <= 1 || latent !== undefined) return undefined;
  if (tensor <= kvHeads)
    return `ranks can share the context only if tensor (${tensor}) is more than the model's KV heads (${kvHeads})`;
  const most = Math.floor(tensor / kvHeads);
  if (ranks > most) return `tensor ${tensor} has at most ${most} ranks for each of the model's ${kvHeads} KV heads`;
  const group = Math.floor(heads / kvHeads);
  return group % ranks === 0 ? undefined : `it does not divide the ${group} attention heads of each KV head`;
}

/**
 * Whether each rank's part of the weights consists of whole blocks: scales of weights that are quantised in blocks
 * cannot be split. Without expert parallelism every expert is split over tensor × data, like a dense layer over tensor.
 */
export function splitsBlocks(facts: ModelFacts, tensor: number, data: number): boolean {
  const { expertWidth, width } = facts;
  const block = blockOf(facts);
  if (block === undefined) return false;
  return (expertWidth === undefined ? width / tensor : expertWidth / (tensor * data)) % block.size !== 0;
}

/**
 * Numbers that share a scale in formats that leave no choice. Source: create_weights of ModelOptNvFp4LinearMethod,
 * ModelOptNvFp4FusedMoE and ModelOptMxFp8FusedMoE, vllm/model_executor/layers/quantization/modelopt.py, up to 0.33.0;
 * vllm-project/vllm#49949.
 */
const OF_FORMATS: Readonly<Record<string, number>> = { nvfp4: 16, mxfp8: 32 };

/** The numbers of which a rank must hold whole blocks; `isCertain` if no release of vLLM takes parts of them. */
export function blockOf({
  weightBlock,
  expertWidth,
  expertGroup,
  format = "",
}: ModelFacts): { size: number; isCertain: boolean } | undefined {
  const certain = weightBlock ?? entryOf(OF_FORMATS, format);
  if (certain !== undefined) return { size: certain, isCertain: true };
  return expertWidth === undefined || expertGroup === undefined ? undefined : { size: expertGroup, isCertain: false };
}

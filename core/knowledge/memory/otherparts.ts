import { GIB, type Part, type Rank } from "./rank.ts";
import type { FitRequest } from "./request.ts";

/** What a rank holds in addition to the model's own weights, and which of those it does not hold. */
export function otherParts(request: FitRequest, rank: Rank, weights: number): Part[] {
  const { cpuOffloadGiB = 0, draftBytes = 0, draftLayers = 0, redundantExperts = 0, adapters } = request;
  const drafts = draftLayers * draftLayerBytes(rank, weights);
  const all: Part[] = [
    { part: "offloaded", bytes: -Math.min(weights, cpuOffloadGiB * GIB), how: "weights in the node's memory" },
    { part: "draft model", bytes: draftBytes + drafts, how: "speculative decoding" },
    {
      part: "copies of experts",
      bytes: redundantBytes(rank, redundantExperts),
      how: `${redundantExperts} in each layer`,
    },
    ...(adapters === undefined
      ? []
      : [
          {
            part: "adapters",
            bytes: adapterBytes(rank, adapters),
            how: `${adapters.count} of rank ${adapters.rank} or less at once (--max-loras)`,
          },
        ]),
  ];
  return all.filter(({ bytes }) => bytes !== 0);
}

/**
 * A layer for multi-token prediction is stored as the others are, but who quantises a model to four bits leaves it in 16:
 * vLLM 0.23 loads 20.57 GiB of nvidia/Qwen3.6-27B-NVFP4 with it and 19.78 without. DeepSeek V4 is made with MXFP4.
 */
function draftLayerBytes({ model, layers, tensor, expertRanks }: Rank, weights: number): number {
  const { parameters, expertParameters, embeddingParameters, towerParameters = 0, bytesPerParameter, format } = model;
  if (bytesPerParameter >= 1 || format === "mxfp4") return weights / layers;
  const others = parameters - expertParameters - embeddingParameters - towerParameters;
  return ((others / tensor + expertParameters / expertRanks) * 2) / model.layers;
}

/** Copies are spread over the ranks as the experts are. Source: num_redundant_experts, vllm/config/parallel.py. */
function redundantBytes({ model, layers, expertRanks }: Rank, copies: number): number {
  const { expertWidth = 0, expertHidden = model.hidden, bytesPerParameter } = model;
  return (copies * layers * 3 * expertWidth * expertHidden * bytesPerParameter) / expertRanks;
}

/**
 * Room for adapters in 16 bits, whether one is loaded or not: for each projection one matrix into the adapter's rank
 * and one out of it, of which the one at the split side is split over ranks too; for the embeddings and the output all
 * of it, on every rank. Experts are not counted. Sources: create_lora_weights, vllm/lora/layers/base_linear.py,
 * vocal_parallel_embedding.py and logits_processor.py, 0.32.
 */
function adapterBytes({ model, layers, tensor }: Rank, { count, rank }: NonNullable<FitRequest["adapters"]>): number {
  const { hidden, heads, kvHeads, headDim, width, expertWidth } = model;
  const [attention, forward] = [(2 * heads + 2 * kvHeads) * headDim, expertWidth === undefined ? 3 * width : 0];
  const whole = (forward === 0 ? 4 : 7) * hidden;
  const ofVocabulary = 2 * (model.vocab + hidden);
  return (layers * (whole + (attention + forward) / tensor) + ofVocabulary) * rank * count * 2;
}

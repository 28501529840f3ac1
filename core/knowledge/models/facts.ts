import { entryOf } from "../../kubernetes/table.ts";
import type { ModelInfo } from "./config.ts";

/** A model as the memory of an engine sees it. Counts are of numbers, not of bytes, unless they say so. */
export interface ModelFacts {
  layers: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  vocab: number;
  /** Width of the feed-forward part that one token passes: of the experts it is routed to, taken together, or of the one. */
  width: number;
  /** Width of one routed expert; undefined for models without. */
  expertWidth?: number;
  /** Rows of weights that share a scale: a rank must hold whole blocks. Undefined where scales are per row or tensor. */
  weightBlock?: number;
  /** Longest context; undefined where the config does not tell. */
  maxPositions?: number;
  /** All parameters, and of these the routed experts' and those of the embeddings. */
  parameters: number;
  expertParameters: number;
  embeddingParameters: number;
  /** Numbers cached per token and layer where attention is latent; undefined for attention with key and value heads. */
  latent?: number;
  /** Layers that only look back so many tokens. */
  sliding?: { layers: number; window: number };
  /** Bytes of one parameter as it is stored; embeddings are stored in 16 bits even where the rest is quantised. */
  bytesPerParameter: number;
  /** Sum of the stored weights, where it is told. */
  weightBytes?: number;
}

/** Reads a config; undefined where what the size follows from is missing. */
export function factsOf(info: ModelInfo): ModelFacts | undefined {
  const config: ModelInfo = { ...info, ...info.text_config };
  const { num_hidden_layers: layers, hidden_size: hidden, num_attention_heads: heads, vocab_size: vocab } = config;
  if (layers === undefined || hidden === undefined || heads === undefined || vocab === undefined) return undefined;
  const kvHeads = config.num_key_value_heads ?? heads;
  const headDim = config.head_dim ?? Math.floor(hidden / heads);
  const experts = expertsOf(config, layers, hidden);
  const embeddingParameters = vocab * hidden * (config.tie_word_embeddings === true ? 1 : 2);
  const dense = (layers - experts.layers) * feedForward(config, hidden, config.intermediate_size ?? 4 * hidden);
  const attention = layers * attentionParameters(config, { hidden, heads, kvHeads, headDim });
  const { kv_lora_rank: latentRank, qk_rope_head_dim: ropeDim = 0 } = config;
  const sliding = slidingOf(config, layers);
  return {
    layers,
    hidden,
    heads,
    kvHeads,
    headDim,
    vocab,
    width: experts.layers > 0 ? experts.width : (config.intermediate_size ?? 4 * hidden),
    ...(experts.layers > 0 && { expertWidth: experts.each }),
    ...(config.quantization_config?.weight_block_size?.[0] && {
      weightBlock: config.quantization_config.weight_block_size[0],
    }),
    ...(config.max_position_embeddings !== undefined && { maxPositions: config.max_position_embeddings }),
    parameters: attention + dense + experts.parameters + experts.shared + embeddingParameters,
    expertParameters: experts.parameters,
    embeddingParameters,
    ...(latentRank !== undefined && { latent: latentRank + ropeDim }),
    ...(sliding && { sliding }),
    bytesPerParameter: storedBytes(config),
    ...(info.weightBytes !== undefined && { weightBytes: info.weightBytes }),
  };
}

interface Heads {
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
}

function attentionParameters(config: ModelInfo, { hidden, heads, kvHeads, headDim }: Heads): number {
  const {
    kv_lora_rank: rank,
    q_lora_rank: queryRank,
    qk_rope_head_dim: rope = 0,
    v_head_dim: value = headDim,
  } = config;
  if (rank === undefined) return hidden * (heads + 2 * kvHeads) * headDim + heads * headDim * hidden;
  const nope = config.qk_nope_head_dim ?? headDim;
  const query = queryRank ? hidden * queryRank + queryRank * heads * (nope + rope) : hidden * heads * (nope + rope);
  return query + hidden * (rank + rope) + rank * heads * (nope + value) + heads * value * hidden;
}

/** Models of the first generation have two matrices, all later ones three: gate, up and down. */
const UNGATED = new Set(["opt", "gpt2", "gpt_neox", "gptj", "bloom", "falcon", "phi", "starcoder2"]);

function feedForward({ model_type = "" }: ModelInfo, hidden: number, width: number): number {
  return (UNGATED.has(model_type) ? 2 : 3) * hidden * width;
}

interface Experts {
  layers: number;
  parameters: number;
  /** Of the experts that every token passes. */
  shared: number;
  /** Of those that one token passes, and of one. */
  width: number;
  each: number;
}

function expertsOf(config: ModelInfo, layers: number, hidden: number): Experts {
  const count = config.n_routed_experts ?? config.num_local_experts ?? config.num_experts ?? 0;
  if (count <= 1) return { layers: 0, parameters: 0, shared: 0, width: 0, each: 0 };
  const own = config.moe_intermediate_size ?? config.intermediate_size ?? 4 * hidden;
  const sparse = Math.floor((layers - (config.first_k_dense_replace ?? 0)) / (config.decoder_sparse_step ?? 1));
  const each = feedForward(config, hidden, own);
  const shared = config.n_shared_experts ?? 0;
  return {
    layers: sparse,
    parameters: sparse * count * each,
    shared: sparse * (shared * each + count * hidden),
    width: own * ((config.num_experts_per_tok ?? 1) + shared),
    each: own,
  };
}

function slidingOf(config: ModelInfo, layers: number): ModelFacts["sliding"] {
  const { sliding_window: window, layer_types: types, use_sliding_window: used } = config;
  if (!window || used === false) return undefined;
  const sliding = types === undefined ? layers : types.filter((type) => type === "sliding_attention").length;
  return sliding === 0 ? undefined : { layers: sliding, window };
}

/** Bits of a stored parameter, scales among them: 4-bit formats keep one scale of 8 or 16 bits for 32 to 128 numbers. */
const STORED_BITS: Readonly<Record<string, number>> = {
  fp8: 8,
  fbgemm_fp8: 8,
  mxfp4: 4.25,
  nvfp4: 4.5,
  modelopt: 8,
  modelopt_fp4: 4.5,
  awq: 4.25,
  gptq: 4.25,
  bitsandbytes: 4.25,
};
const DTYPE_BYTES: Readonly<Record<string, number>> = { float32: 4, float: 4, float16: 2, half: 2, bfloat16: 2 };

/** Bytes of a parameter in a quantisation or a dtype; undefined for a name that is neither, and for `auto`. */
export function bytesOf(format: string): number | undefined {
  const bits = entryOf(STORED_BITS, format.replace(/_marlin$/, ""));
  return bits === undefined ? entryOf(DTYPE_BYTES, format) : bits / 8;
}

function storedBytes({ quantization_config: quantized, torch_dtype, dtype }: ModelInfo): number {
  if (quantized !== undefined && quantized !== null) {
    const bits = quantized.bits ?? quantized.num_bits;
    if (bits !== undefined) return bits === 4 ? 4.25 / 8 : bits / 8;
    return bytesOf(quantized.quant_method ?? "") ?? 1;
  }
  return bytesOf(torch_dtype ?? dtype ?? "bfloat16") ?? 2;
}

import { z } from "zod";
import { described, option } from "./option.ts";

const count = z.int().positive();
const countOrNone = z.int().nonnegative();

const quantization = z.looseObject({
  quant_method: option(z.string(), "Method of the quantization, for example fp8 or awq."),
  bits: option(z.number().positive(), "Bits of a stored parameter."),
  num_bits: option(z.number().positive(), "Bits of a stored parameter, as some methods name them."),
  weight_block_size: described(
    z.array(count).readonly().nullish(),
    "Rows and columns of the blocks that share a scale.",
  ),
});

const fields = {
  num_hidden_layers: option(count, "Number of layers."),
  hidden_size: option(count, "Width of the hidden state."),
  intermediate_size: option(count, "Width of the feed-forward part.", { byDefault: "4 × hidden_size" }),
  num_attention_heads: option(count, "Number of attention heads."),
  num_key_value_heads: option(count, "Number of key and value heads.", { byDefault: "num_attention_heads" }),
  head_dim: option(count, "Width of a head.", { byDefault: "hidden_size / num_attention_heads" }),
  vocab_size: option(count, "Size of the vocabulary.", { unit: "tokens" }),
  max_position_embeddings: option(count, "Longest context that the model supports.", { unit: "tokens" }),
  tie_word_embeddings: option(z.boolean(), "Whether input and output share their embeddings."),
  torch_dtype: option(z.string(), "Data type of the stored parameters, for example bfloat16."),
  dtype: option(z.string(), "Data type of the stored parameters, as newer files name it."),
  quantization_config: option(quantization, "How the stored parameters are quantized."),
  sliding_window: described(
    countOrNone.nullish(),
    "Window of layers with sliding attention, in tokens. Null or 0 turns sliding attention off.",
    { unit: "tokens" },
  ),
  layer_types: option(
    z.array(z.string()).readonly(),
    "Attention of each layer: `full_attention` or `sliding_attention`. Without it, all layers use sliding attention if `sliding_window` is used.",
  ),
  use_sliding_window: option(z.boolean(), "Whether `sliding_window` is used."),
  model_type: option(z.string(), "Family of the model, for example qwen2."),
  num_experts: option(countOrNone, "Number of experts of a layer."),
  num_local_experts: option(countOrNone, "Number of experts of a layer, as some families name it."),
  n_routed_experts: option(countOrNone, "Number of experts of a layer, as DeepSeek names it."),
  n_shared_experts: option(countOrNone, "Number of shared experts, which process every token."),
  num_experts_per_tok: option(countOrNone, "Number of experts that process one token."),
  moe_intermediate_size: option(count, "Width of one expert."),
  first_k_dense_replace: option(countOrNone, "Number of leading layers without experts."),
  decoder_sparse_step: option(count, "Interval of the layers with experts: with 2, every second layer has experts.", {
    byDefault: 1,
  }),
  kv_lora_rank: option(count, "Rank of the compressed keys and values of multi-head latent attention (DeepSeek)."),
  q_lora_rank: described(countOrNone.nullish(), "Rank of the compressed queries. Null for none."),
  qk_nope_head_dim: option(countOrNone, "Width of a head without rotary embedding."),
  qk_rope_head_dim: option(countOrNone, "Width of a head with rotary embedding."),
  v_head_dim: option(count, "Width of a value head."),
};

/**
 * What decides the size of a model: the fields of a Hugging Face `config.json`, under the names that they have there,
 * and values that the file does not contain. A multimodal model has them in `text_config`; its other parts count in
 * `weightBytes` only. The file may have other fields, which are not read.
 */
export const modelInfo = z.looseObject({
  ...fields,
  text_config: option(z.looseObject(fields), "The same fields for the text part of a multimodal model."),
  weightBytes: option(
    z.number().positive(),
    "Sum of the sizes of the safetensors files: `metadata.total_size` of `model.safetensors.index.json`.",
    { unit: "bytes" },
  ),
});
export type ModelInfo = z.infer<typeof modelInfo>;

/**
 * What of a model decides its size: the fields of a Hugging Face `config.json`, as they are named there, and what the file
 * cannot tell. A multimodal model's are in `text_config`; its other parts are in `weightBytes` only. Other fields may stand
 * beside these and are not read.
 */
export interface ModelInfo {
  num_hidden_layers?: number;
  hidden_size?: number;
  intermediate_size?: number;
  num_attention_heads?: number;
  /** Default: as many as attention heads. */
  num_key_value_heads?: number;
  /** Default: hidden_size / num_attention_heads. */
  head_dim?: number;
  vocab_size?: number;
  max_position_embeddings?: number;
  tie_word_embeddings?: boolean;
  torch_dtype?: string;
  dtype?: string;
  quantization_config?: {
    quant_method?: string;
    bits?: number;
    num_bits?: number;
    /** Rows and columns of the blocks that share a scale. */
    weight_block_size?: readonly number[] | null;
  };
  sliding_window?: number | null;
  /** Per layer `full_attention` or `sliding_attention`; without it every layer slides where `sliding_window` is used. */
  layer_types?: readonly string[];
  use_sliding_window?: boolean;
  model_type?: string;
  /** Experts of a layer, by the name that the model's family has for it. */
  num_experts?: number;
  num_local_experts?: number;
  n_routed_experts?: number;
  n_shared_experts?: number;
  num_experts_per_tok?: number;
  moe_intermediate_size?: number;
  first_k_dense_replace?: number;
  decoder_sparse_step?: number;
  /** Multi-head latent attention (DeepSeek): what is cached per token is `kv_lora_rank + qk_rope_head_dim` numbers. */
  kv_lora_rank?: number;
  q_lora_rank?: number | null;
  qk_nope_head_dim?: number;
  qk_rope_head_dim?: number;
  v_head_dim?: number;
  text_config?: ModelInfo;
  /** Sum of the sizes of the safetensors files, in bytes: `metadata.total_size` of `model.safetensors.index.json`. */
  weightBytes?: number;
}

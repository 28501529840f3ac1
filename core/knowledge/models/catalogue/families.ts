/** What the config.json files of a family's models have in common; the rows of table.ts contain the differences. */
export const TIED = { tie_word_embeddings: true };
export const H128 = { head_dim: 128 };
export const H256 = { head_dim: 256 };
export const FP8 = { quantization_config: { quant_method: "fp8" } };
export const FP8_BLOCKS = { quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] } };
const INT4_GROUPS = { quantization_config: { quant_method: "int4", num_bits: 4, group_size: 32 } };
export const SEES = { vision_config: {} };
const seesAs = (model_type: string) => ({ vision_config: { model_type } });
export const SEES_2 = seesAs("qwen2_vl");
export const SEES_25 = seesAs("qwen2_5_vl");
export const SEES_3 = seesAs("qwen3_vl");
export const SEES_4 = seesAs("gemma4_vision");
export const SEES_GLM = seesAs("glm4v");
export const SEES_VIT = seesAs("internvl_chat");
export const SEES_VIT_6B = { vision_config: { model_type: "internvl_chat", hidden_size: 3200 } };
/** Gemma 3: pictures of one size. */
export const SEES_WHOLE = { vision_config: { image_size: 896, patch_size: 14 }, mm_tokens_per_image: 256 };
export const PIXTRAL = { vision_config: { model_type: "pixtral" } };
export const MOE30 = { ...H128, num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 768 };
export const MOE235 = { ...MOE30, moe_intermediate_size: 1536 };
export const MOE480 = { ...MOE30, num_experts: 160, moe_intermediate_size: 2560 };
/** Gated delta nets with full attention in every fourth layer; from Qwen3.5 on their states have 32 bits. */
export const DELTA = {
  ...H256,
  mamba_ssm_dtype: "float32",
  full_attention_interval: 4,
  attn_output_gate: true,
  linear_num_key_heads: 16,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
};
export const NEXT = {
  ...DELTA,
  mamba_ssm_dtype: undefined,
  linear_num_value_heads: 32,
  num_experts: 512,
  num_experts_per_tok: 10,
  moe_intermediate_size: 512,
  shared_expert_intermediate_size: 512,
};
export const Q35_35 = {
  ...SEES,
  ...DELTA,
  linear_num_value_heads: 32,
  num_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 512,
  shared_expert_intermediate_size: 512,
};
export const Q35_122 = {
  ...Q35_35,
  linear_num_value_heads: 64,
  moe_intermediate_size: 1024,
  shared_expert_intermediate_size: 1024,
};
export const Q35_397 = { ...Q35_122, num_experts: 512, num_experts_per_tok: 10 };
/** Of 92 layers 23 have full attention. */
export const Q38 = {
  ...DELTA,
  linear_num_value_heads: 128,
  num_experts: 512,
  num_experts_per_tok: 10,
  moe_intermediate_size: 2048,
  shared_expert_intermediate_size: 2048,
};
export const Q35_27 = { ...SEES, ...DELTA, linear_num_value_heads: 48 };
export const MLA = {
  kv_lora_rank: 512,
  q_lora_rank: 1536,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  n_shared_experts: 1,
};
export const V3 = {
  ...MLA,
  ...FP8_BLOCKS,
  n_routed_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  first_k_dense_replace: 3,
};
export const V4 = {
  ...V3,
  other_bytes: 1,
  kv_lora_rank: undefined,
  quantization_config: { quant_method: "mxfp4", weight_block_size: [128, 128] },
  num_experts_per_tok: 6,
  first_k_dense_replace: 0,
  head_dim: 512,
  index_head_dim: 128,
  index_n_heads: 64,
  o_lora_rank: 1024,
  sliding_window: 128,
  hc_mult: 4,
};
/** V4 before fine-tuning: experts in 8 bits, like the rest. */
export const V4_BASE = {
  other_bytes: undefined,
  quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] },
};
export const V32 = { ...V3, index_head_dim: 128, index_n_heads: 64 };
export const K2 = { ...V3, n_routed_experts: 384, first_k_dense_replace: 1 };
// The files have 554.32 GiB (KAITO); vLLM 0.18 loads 72.02 GiB on each of 8 ranks.
export const K2_INT4 = { ...K2, ...INT4_GROUPS, gib: 564 };
/** Kimi Delta Attention in 69 of 93 layers, latent attention in the others. */
export const K3 = {
  kv_lora_rank: 512,
  q_lora_rank: 1536,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  linear_num_key_heads: 96,
  linear_key_head_dim: 128,
  linear_num_value_heads: 96,
  linear_value_head_dim: 128,
  linear_attn_config: { full_attn_layers: Array.from({ length: 24 }, (_, i) => Math.min(4 * (i + 1), 93)) },
  n_routed_experts: 896,
  num_experts_per_tok: 16,
  n_shared_experts: 2,
  moe_intermediate_size: 3072,
  moe_latent_size: 3584,
  first_k_dense_replace: 1,
  quantization_config: { quant_method: "mxfp4" },
};
export const V2 = {
  ...MLA,
  n_shared_experts: 2,
  n_routed_experts: 160,
  num_experts_per_tok: 6,
  moe_intermediate_size: 1536,
  first_k_dense_replace: 1,
};
export const V2_LITE = { ...V2, q_lora_rank: null, n_routed_experts: 64, moe_intermediate_size: 1408 };
export const GLM5 = {
  kv_lora_rank: 512,
  q_lora_rank: 2048,
  qk_nope_head_dim: 192,
  qk_rope_head_dim: 64,
  v_head_dim: 256,
  n_shared_experts: 1,
  n_routed_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  first_k_dense_replace: 3,
  index_head_dim: 128,
  index_n_heads: 32,
};
/** Every fourth layer, and each of the first three, has its own indexer (`indexer_types`). */
export const GLM52 = { ...GLM5, indexer_types: Array.from({ length: 21 }, () => "full") };
export const GLM45 = {
  ...H128,
  num_experts_per_tok: 8,
  n_shared_experts: 1,
  n_routed_experts: 160,
  moe_intermediate_size: 1536,
  first_k_dense_replace: 3,
};
export const AIR = { ...GLM45, n_routed_experts: 128, moe_intermediate_size: 1408, first_k_dense_replace: 1 };
export const M2 = { ...H128, ...FP8_BLOCKS, num_local_experts: 256, num_experts_per_tok: 8 };
export const LLAMA4 = {
  model_type: "llama4",
  ...H128,
  ...SEES,
  attention_chunk_size: 8192,
  intermediate_size_mlp: 16384,
  num_experts_per_tok: 1,
  moe_intermediate_size: 8192,
  n_shared_experts: 1,
};
export const alternating = (layers: number, everyth: number): string[] =>
  Array.from({ length: layers }, (_, i) => ((i + 1) % everyth === 0 ? "full_attention" : "sliding_attention"));
/** The layers of DeepSeek V4 by how many tokens one entry of their cache stands for: only a window, four, 128. */
export const ratios = (window: number, four: number, many: number): number[] => [
  ...Array.from({ length: window }, () => 0),
  ...Array.from({ length: four }, () => 4),
  ...Array.from({ length: many }, () => 128),
];
/** Layers of LFM2 by kind: as many with attention, the others with a short convolution. */
export const convolutions = (layers: number, attention: number): string[] =>
  Array.from({ length: layers }, (_, i) => (i < layers - attention ? "conv" : "full_attention"));
export const LFM2 = { conv_L_cache: 3, layer_types: convolutions(16, 6) };
export const INKLING = {
  ...H128,
  sliding_window: 512,
  n_routed_experts: 256,
  num_experts_per_tok: 6,
  n_shared_experts: 2,
  first_k_dense_replace: 2,
};
export const OSS = {
  head_dim: 64,
  num_experts_per_tok: 4,
  sliding_window: 128,
  quantization_config: { quant_method: "mxfp4" },
};
export const GEMMA3 = { ...TIED, ...H256, sliding_window: 1024, sliding_window_pattern: 6 };
/** Layers with full attention have wider heads than those with a window, and their keys are also their values. */
export const GEMMA4 = { ...GEMMA3, global_head_dim: 512, attention_k_eq_v: true };
/** Embeddings per layer of Gemma 3n and of the small models of Gemma 4. */
export const LAYERED = { hidden_size_per_layer_input: 256, vocab_size_per_layer_input: 262_144 };
export const NANO_V2 = {
  ...H128,
  model_type: "nemotron_h",
  mamba_num_heads: 128,
  mamba_head_dim: 80,
  ssm_state_size: 128,
  n_groups: 8,
};
export const NANO3 = {
  ...H128,
  model_type: "nemotron_h",
  n_routed_experts: 128,
  n_shared_experts: 1,
  num_experts_per_tok: 6,
  moe_intermediate_size: 1856,
  moe_shared_expert_intermediate_size: 3712,
  mamba_num_heads: 64,
  mamba_head_dim: 64,
  ssm_state_size: 128,
  n_groups: 8,
  hybrid_override_pattern: "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME",
};
export const SUPER3 = {
  ...NANO3,
  n_routed_experts: 512,
  num_experts_per_tok: 22,
  moe_intermediate_size: 2688,
  moe_shared_expert_intermediate_size: 5376,
  moe_latent_size: 1024,
  mamba_num_heads: 128,
  hybrid_override_pattern: "MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME",
};
/** The kinds of its 108 layers, whose order does not matter here: 48 Mamba, 48 of experts, 12 of attention. */
export const ULTRA3 = `${"ME".repeat(48)}${"*".repeat(12)}`;
export const LING1T = {
  ...H128,
  num_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  n_shared_experts: 1,
  first_k_dense_replace: 4,
};
/** Layers with full attention, one at the end of each group, in the form of `linear_attn_config`. */
const fullEvery = (layers: number, group: number): { full_attn_layers: number[] } => ({
  full_attn_layers: Array.from({ length: Math.floor(layers / group) }, (_, i) => group * (i + 1)),
});
/** Ling 2.5 and later: latent attention at the end of each group of layers, linear attention in the others. */
const LING_MLA = {
  ...MLA,
  num_experts: 256,
  num_experts_per_tok: 8,
};
/** Lightning attention in groups of eight layers. */
export const LING26 = { ...LING_MLA, model_type: "bailing_hybrid", layer_group_size: 8 };
export const LING3 = {
  ...LING_MLA,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
  layer_group_size: 6,
  q_lora_rank: null,
  num_experts: 512,
  moe_intermediate_size: 768,
  first_k_dense_replace: 2,
  billions: 124,
};
export const BIG = { num_local_experts: 8, num_experts_per_tok: 2 };
export const OPT = { ...TIED, model_type: "opt", torch_dtype: "float16" };
export const HALF = { torch_dtype: "float16" };
export const NEOX = { ...HALF, model_type: "gpt_neox" };
/** Granite 4.0 H: Mamba in 36 of 40 layers, attention without positions in the others. */
export const GRANITE_H = {
  ...TIED,
  model_type: "granitemoehybrid",
  mamba_head_dim: 64,
  ssm_state_size: 128,
  n_groups: 1,
  layer_types: [...Array.from({ length: 36 }, () => "mamba"), ...Array.from({ length: 4 }, () => "attention")],
};
export const STEP = {
  ...H128,
  num_experts: 288,
  num_experts_per_tok: 8,
  moe_intermediate_size: 1280,
  n_shared_experts: 1,
  first_k_dense_replace: 3,
  sliding_window: 512,
  layer_types: Array.from({ length: 45 }, (_, i) => (i % 4 === 0 ? "full_attention" : "sliding_attention")),
};
/** Some of its layers have 72 heads (num_attention_heads_per_layer). */
export const LAGUNA_S = {
  ...H128,
  sliding_window: 512,
  layer_types: alternating(48, 4),
  num_experts: 256,
  num_experts_per_tok: 10,
  moe_intermediate_size: 1024,
  shared_expert_intermediate_size: 1024,
  first_k_dense_replace: 1,
};
export const LAGUNA_FP8 = {
  quantization_config: { ...FP8_BLOCKS.quantization_config, modules_to_not_convert: ["shared_expert"] },
};
export const STEP_FP8 = {
  quantization_config: { ...FP8_BLOCKS.quantization_config, modules_to_not_convert: ["share_expert"] },
};
export const HY3 = {
  ...H128,
  num_experts: 192,
  num_experts_per_tok: 8,
  moe_intermediate_size: 1536,
  n_shared_experts: 1,
  first_k_dense_replace: 1,
};
export const MIMO2 = {
  ...FP8_BLOCKS,
  head_dim: 192,
  v_head_dim: 128,
  sliding_window: 128,
  swa_num_key_value_heads: 8,
  swa_head_dim: 192,
  layer_types: alternating(48, 5),
  n_routed_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  first_k_dense_replace: 1,
};
/** Ten of its 70 layers have full attention. */
export const MIMO2_PRO = {
  ...MIMO2,
  n_routed_experts: 384,
  layer_types: [
    ...Array.from({ length: 60 }, () => "sliding_attention"),
    ...Array.from({ length: 10 }, () => "full_attention"),
  ],
};
/** Experts in MXFP4, the rest in blocks of FP8. */
export const MIMO26 = {
  other_bytes: 1,
  quantization_config: { quant_method: "mxfp4", weight_block_size: [128, 128] },
};
/**
 * Kimi Delta Attention, and latent attention in every fourth layer, whose latents have no rotary part. An entry of its
 * indexer stands for 16 tokens (`index_kpool`), so that the indexer counts for nothing here.
 */
export const GLM53_FLASH = {
  kv_lora_rank: 512,
  q_lora_rank: 1536,
  qk_nope_head_dim: 256,
  qk_rope_head_dim: 0,
  v_head_dim: 256,
  linear_num_key_heads: 64,
  linear_key_head_dim: 128,
  linear_num_value_heads: 64,
  linear_value_head_dim: 128,
  linear_attn_config: fullEvery(45, 4),
  n_routed_experts: 288,
  num_experts_per_tok: 8,
  n_shared_experts: 1,
  moe_intermediate_size: 2048,
  first_k_dense_replace: 3,
  hc_mult: 4,
};
/** Three of four layers have a window. */
export const MELLUM2 = {
  ...H128,
  sliding_window: 1024,
  layer_types: alternating(28, 4),
  num_experts: 64,
  num_experts_per_tok: 8,
  moe_intermediate_size: 896,
};
/** Four times as many positions: vLLM multiplies those of the config. */
export const LONG_ROPE = { rope_scaling: { type: "longrope" }, original_max_position_embeddings: 4096 };
export const STRETCHED4 = { rope_scaling: { type: "linear", factor: 4 } };

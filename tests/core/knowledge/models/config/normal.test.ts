import assert from "node:assert/strict";
import type { ModelInfo } from "../../../../../core/contract/options/modelinfo.ts";
import { factsOf, type ModelFacts } from "../../../../../core/knowledge/models/facts.ts";
import { servedModel } from "../../../../../core/knowledge/models/served.ts";

const OWN: ModelInfo = {
  num_hidden_layers: 4,
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_key_value_heads: 8,
  vocab_size: 32000,
  max_position_embeddings: 8192,
};
const SPARSE: ModelInfo = { ...OWN, num_experts: 8, num_experts_per_tok: 2, moe_intermediate_size: 512 };
const weights = (bits: number, more: object = {}) => ({
  config_groups: { group_0: { weights: { num_bits: bits, ...more } } },
});
const packed = (bits: number, more: object, ignore: string[] = []) => ({
  quantization_config: { quant_method: "compressed-tensors", ...weights(bits, more), ignore },
});
const layers = (...kinds: [string, number][]): string[] =>
  kinds.flatMap(([kind, count]) => Array<string>(count).fill(kind));

/** A config.json in the field names of its family, and its estimates. */
const READ: [string, ModelInfo, Partial<ModelFacts>][] = [
  [
    "layers of NVFP4 that compressed-tensors describes",
    { ...OWN, ...packed(4, { type: "float", group_size: 16 }) },
    { bytesPerParameter: 4.5 / 8 },
  ],
  [
    "layers of MXFP4 that compressed-tensors describes",
    { ...OWN, ...packed(4, { type: "float", group_size: 32 }) },
    { bytesPerParameter: 4.25 / 8 },
  ],
  [
    "experts of INT4 beside attention in 16 bits",
    { ...SPARSE, ...packed(4, { type: "int", group_size: 32 }, ["re:.*self_attn.*"]) },
    { bytesPerParameter: 4.5 / 8, otherBytes: 2, expertGroup: 32 },
  ],
  [
    "FP8 in blocks that compressed-tensors describes",
    { ...OWN, ...packed(8, { type: "float", strategy: "block", block_structure: [128, 128] }) },
    { bytesPerParameter: 1, weightBlock: 128 },
  ],
  [
    "the algorithm of ModelOpt",
    { ...OWN, quantization_config: { quant_method: "modelopt", quant_algo: "NVFP4" } },
    { bytesPerParameter: 4.5 / 8 },
  ],
  [
    "the algorithm of most layers of ModelOpt",
    {
      ...SPARSE,
      quantization_config: {
        quant_method: "modelopt",
        quant_algo: "MIXED_PRECISION",
        quantized_layers: { a: { quant_algo: "FP8" }, b: { quant_algo: "NVFP4" }, c: { quant_algo: "NVFP4" } },
      },
    },
    { bytesPerParameter: 4.5 / 8 },
  ],
  [
    "experts of four bits beside the rest in eight (DeepSeek V4)",
    { ...SPARSE, expert_dtype: "fp4", quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] } },
    { bytesPerParameter: 4.25 / 8, otherBytes: 1, weightBlock: 128 },
  ],
  [
    "heads of layers that see all, and of those with a window (Gemma 4)",
    {
      ...OWN,
      head_dim: 64,
      sliding_window: 512,
      sliding_window_pattern: 2,
      global_head_dim: 128,
      num_global_key_value_heads: 2,
    },
    { kvHeads: 2, headDim: 128, sliding: { layers: 2, window: 512, kvHeads: 8, headDim: 64 } },
  ],
  [
    "layers with a window by the default of the family",
    { ...OWN, model_type: "gemma2", sliding_window: 4096 },
    { sliding: { layers: 2, window: 4096 } },
  ],
  [
    "layers with a window as ones and zeros (MiMo)",
    { ...OWN, sliding_window: 128, hybrid_layer_pattern: [0, 1, 1, 1] },
    { sliding: { layers: 3, window: 128 } },
  ],
  [
    "kinds of layers instead of their number (Nemotron 3)",
    { ...SPARSE, num_hidden_layers: undefined, layers_block_type: layers(["mamba", 3], ["moe", 2], ["attention", 1]) },
    { layers: 6, uncachedLayers: 5 },
  ],
  [
    "layers of Mamba among layers of attention (Granite)",
    { ...OWN, layer_types: layers(["mamba", 3], ["attention", 1]) },
    { uncachedLayers: 3 },
  ],
  [
    "short convolutions among layers of attention (LFM2)",
    { ...OWN, layer_types: layers(["conv", 2], ["full_attention", 2]) },
    { uncachedLayers: 2 },
  ],
  [
    "layers of linear attention, by name, among layers of attention (Qwen3.5)",
    { ...OWN, layer_types: layers(["linear_attention", 3], ["full_attention", 1]) },
    { uncachedLayers: 3 },
  ],
  [
    "experts that every token passes, left in 16 bits (Laguna)",
    {
      ...SPARSE,
      quantization_config: { quant_method: "fp8", modules_to_not_convert: ["re:.*\\.mlp\\.shared_expert\\.up_proj$"] },
    },
    { keepsShared: true },
  ],
  [
    "experts in every second layer (Llama 4)",
    { ...OWN, model_type: "llama4_text", num_local_experts: 16, num_experts_per_tok: 1, interleave_moe_layer_step: 2 },
    { expertWidth: 4096, expertParameters: 2 * 16 * 3 * 1024 * 4096 },
  ],
  [
    "experts by other names (ERNIE)",
    { ...OWN, moe_num_experts: [8, 8], moe_k: 2, moe_intermediate_size: 512, moe_layer_start_index: 1 },
    { expertWidth: 512, expertsPerToken: 2, expertParameters: 3 * 8 * 3 * 1024 * 512 },
  ],
  [
    "a context that yarn stretches from the original one",
    { ...OWN, rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 4096 } },
    { maxPositions: 16384 },
  ],
  [
    "a context that Llama 3's rotary embeddings leave as it is",
    { ...OWN, rope_scaling: { rope_type: "llama3", factor: 8 } },
    { maxPositions: 8192 },
  ],
  [
    "the names of GPT-2",
    { n_layer: 2, n_embd: 768, n_head: 12, vocab_size: 50257, n_positions: 1024 },
    { layers: 2, hidden: 768, heads: 12, maxPositions: 1024 },
  ],
  [
    "blocks of which some have no attention (Nemotron Super)",
    {
      ...OWN,
      num_key_value_heads: undefined,
      intermediate_size: undefined,
      block_configs: [
        { attention: { n_heads_in_group: 8 }, ffn: { ffn_mult: 3 } },
        { attention: { n_heads_in_group: null, no_op: true }, ffn: { ffn_mult: 3 } },
      ],
    },
    { kvHeads: 2, uncachedLayers: 1, width: 2048 },
  ],
];

describe("a config.json of any family", () => {
  for (const [what, info, expected] of READ) {
    it(`is read with ${what}`, () => {
      const facts: Partial<ModelFacts> = factsOf(info) ?? {};
      const found = Object.fromEntries(Object.keys(expected).map((name) => [name, facts[name as keyof ModelFacts]]));
      assert.deepEqual(found, expected);
    });
  }

  it("without a quantisation has the one in the model's name, because ModelOpt writes it into another file", () => {
    const spec = { model: { uri: "hf://nvidia/Own-8B-NVFP4" } };
    assert.equal(servedModel({ modelInfo: OWN, spec })?.bytesPerParameter, 4.5 / 8);
    assert.equal(servedModel({ modelInfo: OWN, spec: { model: { uri: "hf://acme/Own-8B" } } })?.bytesPerParameter, 2);
  });
});

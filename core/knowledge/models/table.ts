import type { ModelInfo } from "./config.ts";

/** Where a row's facts were read. The keys stand in the rows. */
export const SOURCES = {
  aic: "ai-dynamo/aiconfigurator@095f58a51, aic-core/src/aiconfigurator_core/model_configs: the config.json of the model",
  litgpt: "Lightning-AI/litgpt@26857050, litgpt/config.py",
  kaito:
    "kaito-project/kaito@056b8280b, presets/workspace/models/model_catalog.yaml: shape, context and size of the files",
  recipes: "vllm-project/recipes@8959cf6, models/: context, parameters and precision",
  config:
    "the config.json of the model on huggingface.co; the parameters that follow from it agree with the model card",
  logs: "vLLM's logs in public issues: see the row's comment",
} as const;
type Source = keyof typeof SOURCES;

/** What a row tells beside its columns: more fields of the config, and: */
export interface More extends ModelInfo {
  /** Other names of the same model. */
  also?: readonly string[];
  /** Parameters as they are published, in 10⁹: where parts that are not counted from the shape (vision, MTP) belong to them. */
  billions?: number;
  /** Size of the files, or what vLLM makes of them where that is more, in GiB. Without it weights are parameters × bytes. */
  gib?: number;
  /** Large parts that the shape does not tell: parameters and files are more than what is counted. */
  beside?: string;
}

/** Name, layers, hidden, feed-forward, heads, KV heads, vocabulary, context, sources (joined by +), and what else differs. */
export type Row = readonly [string, number, number, number, number, number, number, number, string, More?];
export const isSource = (name: string): name is Source => Object.hasOwn(SOURCES, name);

// biome-ignore-start format: a family a line
const TIED = { tie_word_embeddings: true };
const H128 = { head_dim: 128 };
const H256 = { head_dim: 256 };
const FP8 = { quantization_config: { quant_method: "fp8" } };
const FP8_BLOCKS = { quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] } };
const INT4_GROUPS = { quantization_config: { quant_method: "int4", num_bits: 4, group_size: 32 } };
const SEES = { vision_config: {} };
const MOE30 = { ...H128, num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 768 };
const MOE235 = { ...MOE30, moe_intermediate_size: 1536 };
const MOE480 = { ...MOE30, num_experts: 160, moe_intermediate_size: 2560 };
/** Gated delta nets with full attention in every fourth layer. */
const DELTA = {
  ...H256,
  full_attention_interval: 4,
  attn_output_gate: true,
  linear_num_key_heads: 16,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
};
const NEXT = {
  ...DELTA,
  linear_num_value_heads: 32,
  num_experts: 512,
  num_experts_per_tok: 10,
  moe_intermediate_size: 512,
  shared_expert_intermediate_size: 512,
};
const Q35_35 = {
  ...SEES,
  ...DELTA,
  linear_num_value_heads: 32,
  num_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 512,
  shared_expert_intermediate_size: 512,
};
const Q35_122 = {
  ...Q35_35,
  linear_num_value_heads: 64,
  moe_intermediate_size: 1024,
  shared_expert_intermediate_size: 1024,
};
const Q35_397 = { ...Q35_122, num_experts: 512, num_experts_per_tok: 10 };
const Q35_27 = { ...SEES, ...DELTA, linear_num_value_heads: 48 };
const MLA = {
  kv_lora_rank: 512,
  q_lora_rank: 1536,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  n_shared_experts: 1,
};
const V3 = {
  ...MLA,
  ...FP8_BLOCKS,
  n_routed_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  first_k_dense_replace: 3,
};
const V4 = {
  ...V3,
  other_bytes: 1,
  kv_lora_rank: undefined,
  quantization_config: { quant_method: "mxfp4", weight_block_size: [128, 128] },
  num_experts_per_tok: 6,
  first_k_dense_replace: 0,
  head_dim: 512,
  index_head_dim: 128,
};
const V32 = { ...V3, index_head_dim: 128, index_n_heads: 64 };
const K2 = { ...V3, n_routed_experts: 384, first_k_dense_replace: 1 };
// The files have 554.32 GiB (KAITO); vLLM 0.18 loads 72.02 GiB on each of 8 ranks.
const K2_INT4 = { ...K2, ...INT4_GROUPS, gib: 564 };
const V2 = {
  ...MLA,
  n_shared_experts: 2,
  n_routed_experts: 160,
  num_experts_per_tok: 6,
  moe_intermediate_size: 1536,
  first_k_dense_replace: 1,
};
const V2_LITE = { ...V2, q_lora_rank: null, n_routed_experts: 64, moe_intermediate_size: 1408 };
const GLM5 = {
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
const GLM45 = {
  ...H128,
  num_experts_per_tok: 8,
  n_shared_experts: 1,
  n_routed_experts: 160,
  moe_intermediate_size: 1536,
  first_k_dense_replace: 3,
};
const AIR = { ...GLM45, n_routed_experts: 128, moe_intermediate_size: 1408, first_k_dense_replace: 1 };
const M2 = { ...H128, ...FP8_BLOCKS, num_local_experts: 256, num_experts_per_tok: 8 };
const LLAMA4 = {
  ...H128,
  ...SEES,
  intermediate_size_mlp: 16384,
  num_experts_per_tok: 1,
  moe_intermediate_size: 8192,
  n_shared_experts: 1,
};
const alternating = (layers: number, everyth: number): string[] =>
  Array.from({ length: layers }, (_, i) => ((i + 1) % everyth === 0 ? "full_attention" : "sliding_attention"));
/** The layers of DeepSeek V4 by how many tokens one entry of their cache stands for: only a window, four, 128. */
const ratios = (window: number, four: number, many: number): number[] => [
  ...Array.from({ length: window }, () => 0),
  ...Array.from({ length: four }, () => 4),
  ...Array.from({ length: many }, () => 128),
];
const OSS = {
  head_dim: 64,
  num_experts_per_tok: 4,
  sliding_window: 128,
  quantization_config: { quant_method: "mxfp4" },
};
const GEMMA3 = { ...TIED, ...H256, sliding_window: 1024, sliding_window_pattern: 6 };
const NANO_V2 = {
  ...H128,
  model_type: "nemotron_h",
  mamba_num_heads: 128,
  mamba_head_dim: 80,
  ssm_state_size: 128,
  n_groups: 8,
};
const NANO3 = {
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
const SUPER3 = {
  ...NANO3,
  n_routed_experts: 512,
  num_experts_per_tok: 22,
  moe_intermediate_size: 2688,
  moe_shared_expert_intermediate_size: 5376,
  moe_latent_size: 1024,
  mamba_num_heads: 128,
  hybrid_override_pattern: "MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME",
};
const LING1T = {
  ...H128,
  num_experts: 256,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  n_shared_experts: 1,
  first_k_dense_replace: 4,
};
const BIG = { num_local_experts: 8, num_experts_per_tok: 2 };
const OPT = { ...TIED, model_type: "opt", torch_dtype: "float16" };
const HALF = { torch_dtype: "float16" };
const STEP = {
  ...H128,
  num_experts: 288,
  num_experts_per_tok: 8,
  moe_intermediate_size: 1280,
  n_shared_experts: 1,
  first_k_dense_replace: 3,
  sliding_window: 512,
  layer_types: alternating(48, 4).slice(0, 45),
};
const HY3 = {
  ...H128,
  num_experts: 192,
  num_experts_per_tok: 8,
  moe_intermediate_size: 1536,
  n_shared_experts: 1,
  first_k_dense_replace: 1,
};

// biome-ignore-end format: a family a line

// biome-ignore format: a row a line
export const ROWS: readonly Row[] = [
  ["facebook/opt-125m", 12, 768, 3072, 12, 12, 50272, 2048, "config", OPT],
  ["facebook/opt-350m", 24, 1024, 4096, 16, 16, 50272, 2048, "config", { ...OPT, beside: "embeddings of 512, projected", billions: 0.331 }],
  ["facebook/opt-1.3b", 24, 2048, 8192, 32, 32, 50272, 2048, "config", OPT],
  ["facebook/opt-2.7b", 32, 2560, 10240, 32, 32, 50272, 2048, "config", OPT],
  ["facebook/opt-6.7b", 32, 4096, 16384, 32, 32, 50272, 2048, "config", OPT],
  ["facebook/opt-13b", 40, 5120, 20480, 40, 40, 50272, 2048, "config", OPT],
  ["Qwen/Qwen2-0.5B", 24, 896, 4864, 14, 2, 151936, 131072, "config", TIED],
  ["Qwen/Qwen2-0.5B-Instruct", 24, 896, 4864, 14, 2, 151936, 32768, "config", TIED],
  ["Qwen/Qwen2-1.5B", 28, 1536, 8960, 12, 2, 151936, 131072, "config", TIED],
  ["Qwen/Qwen2-1.5B-Instruct", 28, 1536, 8960, 12, 2, 151936, 32768, "config", TIED],
  ["Qwen/Qwen2-7B", 28, 3584, 18944, 28, 4, 152064, 131072, "config"],
  ["Qwen/Qwen2-7B-Instruct", 28, 3584, 18944, 28, 4, 152064, 32768, "config"],
  ["Qwen/Qwen2-72B", 80, 8192, 29568, 64, 8, 152064, 131072, "config"],
  ["Qwen/Qwen2-72B-Instruct", 80, 8192, 29568, 64, 8, 152064, 32768, "config"],
  ["Qwen/Qwen2-57B-A14B-Instruct", 28, 3584, 18944, 28, 4, 151936, 32768, "config", { num_experts: 64, num_experts_per_tok: 8, moe_intermediate_size: 2560, shared_expert_intermediate_size: 20480 }],
  ["Qwen/Qwen1.5-MoE-A2.7B", 24, 2048, 5632, 16, 16, 151936, 8192, "config", { num_experts: 60, num_experts_per_tok: 4, moe_intermediate_size: 1408, shared_expert_intermediate_size: 5632 }],
  ["Qwen/Qwen2.5-0.5B", 24, 896, 4864, 14, 2, 151936, 32768, "litgpt", { ...TIED, also: ["qwen2.5-coder-0.5b"] }],
  ["Qwen/Qwen2.5-1.5B", 28, 1536, 8960, 12, 2, 151936, 131072, "litgpt", TIED],
  ["Qwen/Qwen2.5-1.5B-Instruct", 28, 1536, 8960, 12, 2, 151936, 32768, "litgpt+config", { ...TIED, also: ["qwen2.5-coder-1.5b"] }],
  ["Qwen/Qwen2.5-3B", 36, 2048, 11008, 16, 2, 151936, 32768, "litgpt", { ...TIED, also: ["qwen2.5-coder-3b"] }],
  ["Qwen/Qwen2.5-7B", 28, 3584, 18944, 28, 4, 152064, 131072, "litgpt"],
  // Positions of the instruct models: vLLM's refusals in modelscope/ms-swift#3907 and EvolvingLMMs-Lab/LongVT#9.
  ["Qwen/Qwen2.5-7B-Instruct", 28, 3584, 18944, 28, 4, 152064, 32768, "litgpt+logs", { also: ["qwen2.5-coder-7b"] }],
  ["Qwen/Qwen2.5-7B-Instruct-1M", 28, 3584, 18944, 28, 4, 152064, 1010000, "litgpt"],
  ["Qwen/Qwen2.5-14B", 48, 5120, 13824, 40, 8, 152064, 131072, "litgpt"],
  ["Qwen/Qwen2.5-14B-Instruct", 48, 5120, 13824, 40, 8, 152064, 32768, "litgpt+config", { also: ["qwen2.5-coder-14b"] }],
  ["Qwen/Qwen2.5-14B-Instruct-1M", 48, 5120, 13824, 40, 8, 152064, 1010000, "litgpt"],
  ["Qwen/Qwen2.5-32B", 64, 5120, 27648, 40, 8, 152064, 131072, "litgpt+recipes"],
  ["Qwen/Qwen2.5-32B-Instruct", 64, 5120, 27648, 40, 8, 152064, 32768, "litgpt+config", { also: ["qwen2.5-coder-32b"] }],
  ["Qwen/Qwen2.5-72B", 80, 8192, 29568, 64, 8, 152064, 131072, "litgpt"],
  ["Qwen/Qwen2.5-72B-Instruct", 80, 8192, 29568, 64, 8, 152064, 32768, "litgpt+logs"],
  ["Qwen/Qwen2.5-Math-1.5B", 28, 1536, 8960, 12, 2, 151936, 4096, "litgpt", TIED],
  ["Qwen/Qwen2.5-Math-7B", 28, 3584, 18944, 28, 4, 152064, 4096, "litgpt"],
  ["Qwen/Qwen2.5-Math-72B", 80, 8192, 29568, 64, 8, 152064, 4096, "litgpt"],
  ["Qwen/QwQ-32B", 64, 5120, 27648, 40, 8, 152064, 40960, "litgpt+config"],
  ["Qwen/QwQ-32B-Preview", 64, 5120, 27648, 40, 8, 152064, 32768, "litgpt"],
  ["moonshotai/Kimi-Dev-72B", 80, 8192, 29568, 64, 8, 152064, 131072, "config"],
  ["Qwen/Qwen2-VL-2B-Instruct", 28, 1536, 8960, 12, 2, 151936, 32768, "config", { ...SEES, ...TIED, billions: 2.21, beside: "a vision tower of 0.67e9", also: ["qwen2-vl-2b", "jina-reranker-m0"] }],
  ["Qwen/Qwen2-VL-7B-Instruct", 28, 3584, 18944, 28, 4, 152064, 32768, "config", { ...SEES, billions: 8.29, also: ["qwen2-vl-7b"] }],
  ["Qwen/Qwen2-VL-72B-Instruct", 80, 8192, 29568, 64, 8, 152064, 32768, "config", { ...SEES, billions: 73.4, also: ["qwen2-vl-72b"] }],
  ["Qwen/Qwen2.5-VL-3B-Instruct", 36, 2048, 11008, 16, 2, 151936, 128000, "config", { ...SEES, ...TIED, billions: 3.75 }],
  ["Qwen/Qwen2.5-VL-7B-Instruct", 28, 3584, 18944, 28, 4, 152064, 128000, "config+recipes", { ...SEES, billions: 8.29 }],
  ["Qwen/Qwen2.5-VL-32B-Instruct", 64, 5120, 27648, 40, 8, 152064, 128000, "config", { ...SEES, billions: 33.45 }],
  ["Qwen/Qwen2.5-VL-72B-Instruct", 80, 8192, 29568, 64, 8, 152064, 128000, "config+recipes", { ...SEES, billions: 73.4 }],
  ["Qwen/Qwen3-0.6B", 28, 1024, 3072, 16, 8, 151936, 40960, "aic+litgpt", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-1.7B", 28, 2048, 6144, 16, 8, 151936, 40960, "aic+litgpt", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-4B", 36, 2560, 9728, 32, 8, 151936, 40960, "litgpt+recipes", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-4B-Instruct-2507", 36, 2560, 9728, 32, 8, 151936, 262144, "litgpt", { ...TIED, ...H128, also: ["qwen3-4b-thinking-2507"] }],
  ["Qwen/Qwen3-8B", 36, 4096, 12288, 32, 8, 151936, 40960, "aic+litgpt", H128],
  ["Qwen/Qwen3-14B", 40, 5120, 17408, 40, 8, 151936, 40960, "litgpt", H128],
  ["Qwen/Qwen3-32B", 64, 5120, 25600, 64, 8, 151936, 40960, "aic+litgpt", H128],
  ["Qwen/Qwen3-30B-A3B", 48, 2048, 6144, 32, 4, 151936, 40960, "aic+litgpt", MOE30],
  ["Qwen/Qwen3-30B-A3B-Instruct-2507", 48, 2048, 6144, 32, 4, 151936, 262144, "litgpt", { ...MOE30, also: ["qwen3-30b-a3b-thinking-2507"] }],
  ["Qwen/Qwen3-Coder-30B-A3B-Instruct", 48, 2048, 6144, 32, 4, 151936, 262144, "config", MOE30],
  ["Qwen/Qwen3-235B-A22B", 94, 4096, 12288, 64, 4, 151936, 40960, "aic+litgpt", MOE235],
  ["Qwen/Qwen3-235B-A22B-Instruct-2507", 94, 4096, 12288, 64, 4, 151936, 262144, "litgpt+recipes", { ...MOE235, also: ["qwen3-235b-a22b-thinking-2507"] }],
  ["Qwen/Qwen3-Coder-480B-A35B-Instruct", 62, 6144, 8192, 96, 8, 151936, 262144, "aic+recipes", MOE480],
  ["Qwen/Qwen3-Next-80B-A3B-Instruct", 48, 2048, 5120, 16, 2, 151936, 262144, "config+recipes", { ...NEXT, also: ["qwen3-next-80b-a3b-thinking", "qwen3-coder-next"] }],
  ["Qwen/Qwen3-VL-2B-Instruct", 28, 2048, 6144, 16, 8, 151936, 262144, "aic", { ...SEES, ...TIED, ...H128, billions: 2.13, also: ["qwen3-vl-2b-thinking"] }],
  ["Qwen/Qwen3-VL-4B-Instruct", 36, 2560, 9728, 32, 8, 151936, 262144, "aic", { ...SEES, ...TIED, ...H128, billions: 4.44, also: ["qwen3-vl-4b-thinking"] }],
  ["Qwen/Qwen3-VL-8B-Instruct", 36, 4096, 12288, 32, 8, 151936, 262144, "aic", { ...SEES, ...H128, billions: 8.77, also: ["qwen3-vl-8b-thinking"] }],
  ["Qwen/Qwen3-VL-32B-Instruct", 64, 5120, 25600, 64, 8, 151936, 262144, "aic", { ...SEES, ...H128, billions: 33.36, also: ["qwen3-vl-32b-thinking"] }],
  ["Qwen/Qwen3-VL-30B-A3B-Instruct", 48, 2048, 6144, 32, 4, 151936, 262144, "aic", { ...SEES, ...MOE30, billions: 31.07, also: ["qwen3-vl-30b-a3b-thinking"] }],
  ["Qwen/Qwen3-VL-235B-A22B-Instruct", 94, 4096, 12288, 64, 4, 151936, 262144, "aic+recipes", { ...SEES, ...MOE235, billions: 235.7, also: ["qwen3-vl-235b-a22b-thinking"] }],
  ["Qwen/Qwen3-Omni-30B-A3B-Instruct", 48, 2048, 768, 32, 4, 152064, 65536, "config", { ...SEES, ...MOE30, billions: 35.3, also: ["qwen3-omni-30b-a3b-thinking"] }],
  ["Qwen/Qwen3-Embedding-0.6B", 28, 1024, 3072, 16, 8, 151669, 32768, "config", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-Embedding-4B", 36, 2560, 9728, 32, 8, 151665, 40960, "config", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-Embedding-8B", 36, 4096, 12288, 32, 8, 151665, 40960, "config", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-Reranker-0.6B", 28, 1024, 3072, 16, 8, 151669, 40960, "config", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-Reranker-4B", 36, 2560, 9728, 32, 8, 151669, 40960, "config", { ...TIED, ...H128 }],
  ["Qwen/Qwen3-Reranker-8B", 36, 4096, 12288, 32, 8, 151669, 40960, "config", H128],
  ["Qwen/Qwen3Guard-Gen-0.6B", 28, 1024, 3072, 16, 8, 151936, 32768, "config+recipes", { ...TIED, ...H128 }],
  ["Qwen/Qwen3Guard-Gen-4B", 36, 2560, 9728, 32, 8, 151936, 32768, "config+recipes", { ...TIED, ...H128 }],
  ["Qwen/Qwen3Guard-Gen-8B", 36, 4096, 12288, 32, 8, 151936, 32768, "config+recipes", H128],
  ["Qwen/Qwen3.5-0.8B", 24, 1024, 3584, 8, 2, 248320, 262144, "recipes+config", { ...SEES, ...TIED, ...DELTA, linear_num_value_heads: 16, billions: 0.87 }],
  ["Qwen/Qwen3.5-2B", 24, 2048, 6144, 8, 2, 248320, 262144, "kaito", { ...SEES, ...TIED, ...DELTA, linear_num_value_heads: 16, gib: 4.24, beside: "a vision tower and MTP" }],
  ["Qwen/Qwen3.5-4B", 32, 2560, 9216, 16, 4, 248320, 262144, "kaito", { ...SEES, ...TIED, ...DELTA, linear_num_value_heads: 32, gib: 8.68 }],
  ["Qwen/Qwen3.5-9B", 32, 4096, 12288, 16, 4, 248320, 262144, "kaito", { ...SEES, ...DELTA, linear_num_value_heads: 32, gib: 17.98 }],
  ["Qwen/Qwen3.5-27B", 64, 5120, 17408, 24, 4, 248320, 262144, "aic+recipes", { ...Q35_27, gib: 51.75 }],
  ["Qwen/Qwen3.6-27B", 64, 5120, 17408, 24, 4, 248320, 262144, "kaito", { ...Q35_27, gib: 51.75 }],
  ["Qwen/Qwen3.8-27B", 64, 5120, 17408, 24, 4, 248320, 262144, "kaito", { ...Q35_27, gib: 51.75 }],
  ["Qwen/Qwen3.5-35B-A3B", 40, 2048, 512, 16, 2, 248320, 262144, "aic+recipes", { ...Q35_35, gib: 66.97 }],
  ["Qwen/Qwen3.6-35B-A3B", 40, 2048, 512, 16, 2, 248320, 262144, "kaito", { ...Q35_35, gib: 66.97 }],
  ["Qwen/Qwen3.6-35B-A3B-FP8", 40, 2048, 512, 16, 2, 248320, 262144, "kaito", { ...Q35_35, ...FP8_BLOCKS, gib: 34.9 }],
  ["Qwen/Qwen3.5-122B-A10B", 48, 3072, 1024, 32, 2, 248320, 262144, "aic+kaito", { ...Q35_122, gib: 232.99 }],
  ["Qwen/Qwen3.5-122B-A10B-GPTQ-Int4", 48, 3072, 1024, 32, 2, 248320, 262144, "aic+kaito", { ...Q35_122, quantization_config: { quant_method: "gptq", bits: 4, group_size: 128 }, gib: 73.47 }],
  ["Qwen/Qwen3.5-397B-A17B", 60, 4096, 1024, 32, 2, 248320, 262144, "aic+recipes", Q35_397],
  ["Qwen/Qwen3.5-397B-A17B-GPTQ-Int4", 60, 4096, 1024, 32, 2, 248320, 262144, "aic+kaito", { ...Q35_397, quantization_config: { quant_method: "gptq", bits: 4, group_size: 128 }, gib: 219.56 }],
  ["Qwen/Qwen3.8-Flash-Next", 48, 2560, 640, 24, 2, 248320, 262144, "config", { ...SEES, ...DELTA, linear_num_value_heads: 48, num_experts: 512, num_experts_per_tok: 10, moe_intermediate_size: 640, shared_expert_intermediate_size: 640, billions: 176, beside: "an n-gram table of 51e9" }],
  ["meta-llama/Llama-2-7b-hf", 32, 4096, 11008, 32, 32, 32000, 4096, "litgpt", { ...HALF, also: ["llama-2-7b"] }],
  ["meta-llama/Llama-2-13b-hf", 40, 5120, 13824, 40, 40, 32000, 4096, "litgpt", { ...HALF, also: ["llama-2-13b"] }],
  ["meta-llama/Llama-2-70b-hf", 80, 8192, 28672, 64, 8, 32000, 4096, "litgpt", { ...HALF, also: ["llama-2-70b"] }],
  ["codellama/CodeLlama-7b-hf", 32, 4096, 11008, 32, 32, 32016, 16384, "litgpt", { also: ["codellama-7b"] }],
  ["codellama/CodeLlama-13b-hf", 40, 5120, 13824, 40, 40, 32016, 16384, "litgpt", { also: ["codellama-13b"] }],
  ["codellama/CodeLlama-34b-hf", 48, 8192, 22016, 64, 8, 32000, 16384, "litgpt", { also: ["codellama-34b"] }],
  ["codellama/CodeLlama-70b-hf", 80, 8192, 28672, 64, 8, 32016, 16384, "litgpt", { also: ["codellama-70b"] }],
  ["lmsys/vicuna-7b-v1.5", 32, 4096, 11008, 32, 32, 32000, 4096, "config", HALF],
  ["lmsys/vicuna-13b-v1.5", 40, 5120, 13824, 40, 40, 32000, 4096, "config", HALF],
  ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", 22, 2048, 5632, 32, 4, 32000, 2048, "litgpt"],
  ["meta-llama/Meta-Llama-3-8B", 32, 4096, 14336, 32, 8, 128256, 8192, "litgpt", { also: ["llama-3-8b"] }],
  ["meta-llama/Meta-Llama-3-70B", 80, 8192, 28672, 64, 8, 128256, 8192, "litgpt", { also: ["llama-3-70b"] }],
  ["meta-llama/Llama-3.1-8B", 32, 4096, 14336, 32, 8, 128256, 131072, "aic+litgpt", { also: ["meta-llama-3.1-8b", "llama-guard-3-8b", "deepseek-r1-distill-llama-8b", "llama-3.1-nemotron-nano-8b-v1", "hermes-3-llama-3.1-8b", "llama-3.1-tulu-3-8b"] }],
  ["meta-llama/Llama-3.1-70B", 80, 8192, 28672, 64, 8, 128256, 131072, "aic+litgpt", { also: ["meta-llama-3.1-70b", "deepseek-r1-distill-llama-70b", "llama-3.1-nemotron-70b", "hermes-3-llama-3.1-70b", "llama-3.1-tulu-3-70b"] }],
  ["meta-llama/Llama-3.3-70B-Instruct", 80, 8192, 28672, 64, 8, 128256, 131072, "litgpt+kaito", { also: ["llama-3.3-70b"] }],
  // Meta's own FP8 leaves attention in 16 bits: 57.75 GiB on each of 8 ranks. Source: vLLM's log in vllm-project/vllm#6746.
  ["meta-llama/Llama-3.1-405B-Instruct-FP8", 126, 16384, 53248, 128, 8, 128256, 131072, "aic+logs", { ...FP8, gib: 462, beside: "attention in 16 bits", also: ["meta-llama-3.1-405b-instruct-fp8", "llama-3.1-405b-fp8", "meta-llama-3.1-405b-fp8"] }],
  ["meta-llama/Llama-3.1-405B", 126, 16384, 53248, 128, 8, 128256, 131072, "aic+litgpt", { also: ["meta-llama-3.1-405b", "hermes-3-llama-3.1-405b"] }],
  ["meta-llama/Llama-3.2-1B", 16, 2048, 8192, 32, 8, 128256, 131072, "litgpt", { ...TIED, head_dim: 64, also: ["llama-guard-3-1b"] }],
  ["meta-llama/Llama-3.2-3B", 28, 3072, 8192, 24, 8, 128256, 131072, "litgpt", { ...TIED, ...H128 }],
  ["meta-llama/Llama-3.2-11B-Vision", 40, 4096, 14336, 32, 8, 128256, 131072, "config", { ...SEES, billions: 10.67 }],
  ["meta-llama/Llama-3.2-90B-Vision", 100, 8192, 28672, 64, 8, 128256, 131072, "config", { ...SEES, billions: 88.59 }],
  // Of the multimodal Llama 4 the language model; most of its layers attend in chunks, which is not counted in its favour.
  ["meta-llama/Llama-4-Scout-17B-16E", 48, 5120, 8192, 40, 8, 202048, 10485760, "aic+recipes", { ...LLAMA4, num_local_experts: 16 }],
  ["meta-llama/Llama-4-Maverick-17B-128E", 48, 5120, 8192, 40, 8, 202048, 1048576, "aic", { ...LLAMA4, num_local_experts: 128, decoder_sparse_step: 2 }],
  ["mistralai/Mistral-7B-v0.1", 32, 4096, 14336, 32, 8, 32000, 32768, "litgpt", { sliding_window: 4096, also: ["mistral-7b-instruct-v0.1", "zephyr-7b-beta"] }],
  ["mistralai/Mistral-7B-Instruct-v0.2", 32, 4096, 14336, 32, 8, 32000, 32768, "litgpt", { also: ["mistral-7b-v0.2"] }],
  ["mistralai/Mistral-7B-v0.3", 32, 4096, 14336, 32, 8, 32768, 32768, "litgpt+kaito", { also: ["mistral-7b-instruct-v0.3", "mathstral-7b-v0.1"] }],
  ["mistralai/Mistral-Nemo-Instruct-2407", 40, 5120, 14336, 32, 8, 131072, 131072, "config", { ...H128, also: ["mistral-nemo-base-2407", "mistral-nemo-instruct", "mistral-nemo"] }],
  ["mistralai/Pixtral-12B-2409", 40, 5120, 14336, 32, 8, 131072, 131072, "config", { ...SEES, ...H128, billions: 12.7 }],
  ["mistralai/Ministral-8B-Instruct-2410", 36, 4096, 12288, 32, 8, 131072, 32768, "config", { ...H128 }],
  ["mistralai/Codestral-22B-v0.1", 56, 6144, 16384, 48, 8, 32768, 32768, "config", H128],
  ["mistralai/Mistral-Small-24B-Instruct-2501", 40, 5120, 32768, 32, 8, 131072, 32768, "config", { ...H128, also: ["mistral-small-24b-base-2501"] }],
  ["mistralai/Mistral-Small-3.1-24B-Instruct-2503", 40, 5120, 32768, 32, 8, 131072, 131072, "config", { ...SEES, ...H128, billions: 24.0, also: ["mistral-small-3.1-24b-base-2503", "mistral-small-3.2-24b-instruct-2506", "mistral-small-3.1-24b", "mistral-small-3.2-24b"] }],
  ["mistralai/Devstral-Small-2505", 40, 5120, 32768, 32, 8, 131072, 131072, "config", { ...H128, also: ["devstral-small-2507", "devstral-small", "magistral-small-2509"] }],
  ["mistralai/Magistral-Small-2506", 40, 5120, 32768, 32, 8, 131072, 40960, "config", { ...H128, also: ["magistral-small-2507"] }],
  ["mistralai/Mistral-Large-Instruct-2407", 88, 12288, 28672, 96, 8, 32768, 131072, "litgpt+config", { ...H128, also: ["mistral-large-instruct-2411"] }],
  ["mistralai/Devstral-2-123B-Instruct-2512", 88, 12288, 28672, 96, 8, 131072, 262144, "config", { ...H128, ...FP8 }],
  ["mistralai/Ministral-3-3B-Instruct-2512", 26, 3072, 9216, 32, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...TIED, ...H128, ...FP8, gib: 4.35, beside: "a vision tower of 0.4e9 in 16 bits" }],
  ["mistralai/Ministral-3-3B-Reasoning-2512", 26, 3072, 9216, 32, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...TIED, ...H128, billions: 3.85, also: ["ministral-3-3b-base-2512"] }],
  ["mistralai/Ministral-3-8B-Instruct-2512", 34, 4096, 14336, 32, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...H128, ...FP8, gib: 9.7 }],
  ["mistralai/Ministral-3-8B-Reasoning-2512", 34, 4096, 14336, 32, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...H128, billions: 8.92, also: ["ministral-3-8b-base-2512"] }],
  ["mistralai/Ministral-3-14B-Instruct-2512", 40, 5120, 16384, 32, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...H128, ...FP8, gib: 14.65 }],
  ["mistralai/Ministral-3-14B-Reasoning-2512", 40, 5120, 16384, 32, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...H128, billions: 13.95, also: ["ministral-3-14b-base-2512"] }],
  ["mistralai/Mistral-Small-4-119B-2603", 36, 4096, 12288, 32, 32, 131072, 1048576, "kaito+logs", { ...SEES, ...FP8, ...MLA, kv_lora_rank: 256, q_lora_rank: 1024, qk_nope_head_dim: 64, n_routed_experts: 128, num_experts_per_tok: 4, moe_intermediate_size: 2048, gib: 112.63 }],
  ["mistralai/Mistral-Small-4-119B-2603-NVFP4", 36, 4096, 12288, 32, 32, 131072, 1048576, "kaito+logs", { ...SEES, ...MLA, quantization_config: { quant_method: "nvfp4" }, kv_lora_rank: 256, q_lora_rank: 1024, qk_nope_head_dim: 64, n_routed_experts: 128, num_experts_per_tok: 4, moe_intermediate_size: 2048, gib: 65.95 }],
  ["mistralai/Mistral-Medium-3.5-128B", 88, 12288, 28672, 96, 8, 131072, 262144, "kaito+recipes", { ...SEES, ...H128, ...FP8, gib: 124.43 }],
  ["mistralai/Mistral-Large-3-675B-Instruct-2512", 61, 7168, 16384, 128, 128, 131072, 294912, "kaito+recipes", { ...SEES, ...FP8, ...MLA, n_routed_experts: 128, num_experts_per_tok: 4, moe_intermediate_size: 4096, first_k_dense_replace: 3, gib: 634.7 }],
  ["mistralai/Mixtral-8x7B-v0.1", 32, 4096, 14336, 32, 8, 32000, 32768, "aic+litgpt", { ...BIG, also: ["mixtral-8x7b-instruct-v0.1", "mixtral-8x7b"] }],
  ["mistralai/Mixtral-8x22B-v0.1", 56, 6144, 16384, 48, 8, 32768, 65536, "aic+litgpt", { ...BIG, also: ["mixtral-8x22b-instruct-v0.1", "mixtral-8x22b"] }],
  ["deepseek-ai/DeepSeek-V2-Lite", 27, 2048, 10944, 16, 16, 102400, 163840, "config", { ...V2_LITE, also: ["deepseek-coder-v2-lite-instruct", "deepseek-coder-v2-lite-base"] }],
  ["deepseek-ai/DeepSeek-V2", 60, 5120, 12288, 128, 128, 102400, 163840, "config", { ...V2, also: ["deepseek-v2.5", "deepseek-v2.5-1210", "deepseek-coder-v2-instruct", "deepseek-coder-v2-instruct-0724"] }],
  // The files have 641.3 GiB (KAITO), of which the layer for MTP is not loaded: vLLM 0.18 loads 79.88 GiB on each of 8 ranks.
  ["deepseek-ai/DeepSeek-V3", 61, 7168, 18432, 128, 128, 129280, 163840, "aic+kaito", { ...V3, gib: 634, also: ["deepseek-r1", "deepseek-r1-zero"] }],
  ["deepseek-ai/DeepSeek-V3.1", 61, 7168, 18432, 128, 128, 129280, 163840, "aic+recipes", { ...V3, gib: 634, also: ["deepseek-v3.1-terminus"] }],
  ["deepseek-ai/DeepSeek-V3.2", 61, 7168, 18432, 128, 128, 129280, 163840, "aic+kaito", { ...V32, gib: 642.14, also: ["deepseek-v3.2-exp", "deepseek-v3.2-speciale"] }],
  ["deepseek-ai/DeepSeek-V4-Flash", 43, 4096, 2048, 64, 1, 129280, 1048576, "aic+kaito", { ...V4, q_lora_rank: 1024, gib: 155.43, billions: 284, compress_ratios: ratios(3, 21, 19), also: ["deepseek-v4-flash-0731"] }],
  ["deepseek-ai/DeepSeek-V4-Pro", 61, 7168, 3072, 128, 1, 129280, 1048576, "aic+kaito", { ...V4, n_routed_experts: 384, moe_intermediate_size: 3072, gib: 805.34, billions: 1600, compress_ratios: ratios(1, 30, 30), also: ["deepseek-v4-pro-0813"] }],
  ["deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B", 28, 1536, 8960, 12, 2, 151936, 131072, "config", { billions: 1.78 }],
  ["deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", 28, 3584, 18944, 28, 4, 152064, 131072, "config"],
  ["deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", 48, 5120, 13824, 40, 8, 152064, 131072, "kaito"],
  ["deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", 64, 5120, 27648, 40, 8, 152064, 131072, "config"],
  ["deepseek-ai/DeepSeek-R1-0528-Qwen3-8B", 36, 4096, 12288, 32, 8, 151936, 131072, "config", H128],
  ["deepseek-ai/DeepSeek-OCR", 12, 1280, 6848, 10, 10, 129280, 8192, "config+recipes", { ...SEES, n_routed_experts: 64, num_experts_per_tok: 6, moe_intermediate_size: 896, n_shared_experts: 2, first_k_dense_replace: 1, billions: 3.34, also: ["deepseek-ocr-2"] }],
  ["deepseek-ai/deepseek-llm-7b-base", 30, 4096, 11008, 32, 32, 102400, 4096, "config", { also: ["deepseek-llm-7b-chat"] }],
  ["deepseek-ai/deepseek-llm-67b-base", 95, 8192, 22016, 64, 8, 102400, 4096, "config", { also: ["deepseek-llm-67b-chat"] }],
  ["moonshotai/Kimi-K2-Instruct", 61, 7168, 18432, 64, 64, 163840, 131072, "aic+recipes", { ...K2, also: ["kimi-k2-base"] }],
  ["moonshotai/Kimi-K2-Instruct-0905", 61, 7168, 18432, 64, 64, 163840, 262144, "config", K2],
  ["moonshotai/Kimi-K2-Thinking", 61, 7168, 18432, 64, 64, 163840, 262144, "recipes+kaito", K2_INT4],
  ["moonshotai/Kimi-K2.5", 61, 7168, 18432, 64, 64, 163840, 262144, "aic+kaito", { ...SEES, ...K2_INT4 }],
  ["moonshotai/Kimi-K2.6", 61, 7168, 18432, 64, 64, 163840, 262144, "kaito", { ...SEES, ...K2_INT4 }],
  ["moonshotai/Kimi-K2.7-Code", 61, 7168, 18432, 64, 64, 163840, 262144, "kaito", { ...SEES, ...K2_INT4 }],
  ["moonshotai/Kimi-Linear-48B-A3B-Instruct", 27, 2304, 9216, 32, 32, 163840, 1048576, "config+recipes", { kv_lora_rank: 512, q_lora_rank: null, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128, num_experts: 256, num_experts_per_tok: 8, moe_intermediate_size: 1024, n_shared_experts: 1, first_k_dense_replace: 1, full_attention_interval: 4, linear_key_head_dim: 128, linear_value_head_dim: 128, billions: 49.1, also: ["kimi-linear-48b-a3b-base"] }],
  ["moonshotai/Kimi-VL-A3B-Instruct", 27, 2048, 11264, 16, 16, 163840, 131072, "config", { ...SEES, ...V2_LITE, billions: 16.4, also: ["kimi-vl-a3b-thinking", "kimi-vl-a3b-thinking-2506"] }],
  ["openai/gpt-oss-20b", 24, 2880, 2880, 64, 8, 201088, 131072, "aic", { ...OSS, num_local_experts: 32, layer_types: alternating(24, 2), gib: 12.82 }],
  // As vLLM loads it, with padded experts: 65.97 GiB in vllm-project/vllm#23278 (0.10.1), 64.38 in vllm-project/vllm#33155; between the two.
  ["openai/gpt-oss-120b", 36, 2880, 2880, 64, 8, 201088, 131072, "aic+logs", { ...OSS, num_local_experts: 128, layer_types: alternating(36, 2), gib: 65.2 }],
  ["google/gemma-2b", 18, 2048, 16384, 8, 1, 256000, 8192, "litgpt", { ...TIED, ...H256 }],
  ["google/gemma-7b", 28, 3072, 24576, 16, 16, 256000, 8192, "litgpt", { ...TIED, ...H256, also: ["codegemma-7b"] }],
  ["google/gemma-2-2b", 26, 2304, 9216, 8, 4, 256000, 8192, "litgpt", { ...TIED, ...H256, sliding_window: 4096, layer_types: alternating(26, 2) }],
  ["google/gemma-2-9b", 42, 3584, 14336, 16, 8, 256000, 8192, "litgpt", { ...TIED, ...H256, sliding_window: 4096, layer_types: alternating(42, 2) }],
  ["google/gemma-2-27b", 46, 4608, 36864, 32, 16, 256000, 8192, "litgpt", { ...TIED, ...H128, sliding_window: 4096, layer_types: alternating(46, 2) }],
  ["google/gemma-3-1b", 26, 1152, 6912, 4, 1, 262144, 32768, "litgpt+config", { ...GEMMA3, sliding_window: 512 }],
  ["google/gemma-3-4b", 34, 2560, 10240, 8, 4, 262208, 131072, "litgpt+kaito", { ...SEES, ...GEMMA3, gib: 8.01, also: ["translategemma-4b", "medgemma-4b"] }],
  ["google/gemma-3-12b", 48, 3840, 15360, 16, 8, 262208, 131072, "litgpt", { ...SEES, ...GEMMA3, billions: 12.19, also: ["translategemma-12b"] }],
  ["google/gemma-3-27b", 62, 5376, 21504, 32, 16, 262208, 131072, "litgpt+kaito", { ...SEES, ...GEMMA3, ...H128, gib: 51.1, also: ["translategemma-27b", "vllm-translategemma-27b", "medgemma-27b"] }],
  ["google/gemma-3n-E2B", 30, 2048, 8192, 8, 2, 262400, 32768, "config", { ...SEES, ...TIED, ...H256, num_kv_shared_layers: 10, billions: 5.44, beside: "embeddings of each layer" }],
  ["google/gemma-3n-E4B", 35, 2048, 16384, 8, 2, 262400, 32768, "config", { ...SEES, ...TIED, ...H256, num_kv_shared_layers: 15, billions: 7.85, beside: "embeddings of each layer" }],
  ["google/gemma-4-E2B", 35, 1536, 6144, 8, 1, 262144, 131072, "kaito", { ...SEES, ...TIED, ...H256, gib: 9.54, beside: "embeddings of each layer" }],
  ["google/gemma-4-E4B", 42, 2560, 10240, 8, 2, 262144, 131072, "kaito", { ...SEES, ...TIED, ...H256, gib: 14.89, beside: "embeddings of each layer" }],
  ["google/gemma-4-12B", 48, 3840, 15360, 16, 8, 262144, 262144, "kaito", { ...SEES, ...GEMMA3, gib: 22.28 }],
  ["google/gemma-4-31B", 60, 5376, 21504, 32, 16, 262144, 262144, "kaito", { ...SEES, ...GEMMA3, gib: 58.25 }],
  ["google/gemma-4-26B-A4B", 30, 2816, 2112, 16, 2, 262144, 262144, "aic+kaito", { ...SEES, ...TIED, head_dim: 512, sliding_window: 1024, sliding_window_pattern: 6, swa_num_key_value_heads: 8, swa_head_dim: 256, num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 704, shared_expert_intermediate_size: 2112, gib: 48.07 }],
  ["zai-org/glm-4-9b-hf", 40, 4096, 13696, 32, 2, 151552, 8192, "config+recipes", { ...H128, also: ["glm-4-9b"] }],
  ["zai-org/glm-4-9b-chat-hf", 40, 4096, 13696, 32, 2, 151552, 131072, "config", { ...H128, also: ["glm-4-9b-chat"] }],
  ["zai-org/GLM-4-9B-0414", 40, 4096, 13696, 32, 2, 151552, 32768, "config", { ...H128, also: ["glm-z1-9b-0414"] }],
  ["zai-org/GLM-4-32B-0414", 61, 6144, 23040, 48, 2, 151552, 32768, "config", { ...H128, also: ["glm-z1-32b-0414"] }],
  ["zai-org/GLM-4.1V-9B-Thinking", 40, 4096, 13696, 32, 2, 151552, 65536, "config", { ...SEES, ...H128, billions: 10.3, also: ["glm-4.1v-9b"] }],
  ["zai-org/Glyph", 40, 4096, 13696, 32, 2, 151552, 131072, "config+recipes", { ...SEES, ...H128, billions: 10.3, also: ["glm-4.6v-flash"] }],
  ["zai-org/GLM-4.5-Air", 46, 4096, 10944, 96, 8, 151552, 131072, "config", AIR],
  ["zai-org/GLM-4.5V", 46, 4096, 10944, 96, 8, 151552, 65536, "config+recipes", { ...SEES, ...AIR, billions: 107.7 }],
  ["zai-org/GLM-4.6V", 46, 4096, 10944, 96, 8, 151552, 131072, "config+recipes", { ...SEES, ...AIR, billions: 107.7 }],
  ["zai-org/GLM-4.5", 92, 5120, 12288, 96, 8, 151552, 131072, "config+recipes", GLM45],
  ["zai-org/GLM-4.6", 92, 5120, 12288, 96, 8, 151552, 202752, "config+recipes", GLM45],
  ["zai-org/GLM-4.7", 92, 5120, 12288, 96, 8, 151552, 202752, "config+recipes", GLM45],
  ["zai-org/GLM-4.7-Flash", 47, 2048, 10240, 20, 20, 154880, 202752, "config", { kv_lora_rank: 512, q_lora_rank: 768, qk_nope_head_dim: 192, qk_rope_head_dim: 64, v_head_dim: 256, n_shared_experts: 1, n_routed_experts: 64, num_experts_per_tok: 4, moe_intermediate_size: 1536, first_k_dense_replace: 1 }],
  ["zai-org/GLM-5", 78, 6144, 12288, 64, 64, 154880, 202752, "aic+recipes", GLM5],
  ["zai-org/GLM-5-FP8", 78, 6144, 12288, 64, 64, 154880, 202752, "aic+recipes", { ...GLM5, ...FP8_BLOCKS }],
  ["zai-org/GLM-5.1", 78, 6144, 12288, 64, 64, 154880, 202752, "aic+recipes", GLM5],
  ["zai-org/GLM-5.1-FP8", 78, 6144, 12288, 64, 64, 154880, 202752, "aic+recipes", { ...GLM5, ...FP8_BLOCKS }],
  ["zai-org/GLM-5.2", 78, 6144, 12288, 64, 64, 154880, 1048576, "aic+recipes", GLM5],
  ["zai-org/GLM-5.2-FP8", 78, 6144, 12288, 64, 64, 154880, 1048576, "aic+kaito", { ...GLM5, ...FP8_BLOCKS, gib: 703.75 }],
  ["MiniMaxAI/MiniMax-M2", 62, 3072, 1536, 48, 8, 200064, 196608, "aic+recipes", { ...M2, gib: 214.34, also: ["minimax-m2.1", "minimax-m2.5"] }],
  ["MiniMaxAI/MiniMax-M2.7", 62, 3072, 1536, 48, 8, 200064, 204800, "aic+kaito", { ...M2, gib: 214.34 }],
  ["MiniMaxAI/MiniMax-M3", 60, 6144, 12288, 64, 4, 200064, 1048576, "aic+recipes", { ...SEES, ...H128, num_local_experts: 128, n_shared_experts: 1, num_experts_per_tok: 4, moe_intermediate_size: 3072, first_k_dense_replace: 3, billions: 427 }],
  ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B", 52, 2688, 1856, 32, 2, 131072, 262144, "aic+kaito", { ...NANO3, gib: 58.82, also: ["nemotron-3-nano-30b-a3b", "nemotron-cascade-2-30b-a3b"] }],
  ["nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B", 52, 2688, 1856, 32, 2, 131072, 1048576, "aic+recipes", { ...NANO3, billions: 31.6 }],
  ["nvidia/Nemotron-3-Nano-Omni-30B-A3B-Reasoning", 52, 2688, 1856, 32, 2, 131072, 262144, "recipes", { ...SEES, ...NANO3, billions: 33 }],
  ["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B", 88, 4096, 2688, 32, 2, 131072, 262144, "aic+kaito", { ...SUPER3, gib: 230.25, also: ["nemotron-3-super-120b-a12b"] }],
  ["nvidia/NVIDIA-Nemotron-3-Nano-4B", 42, 3136, 12544, 40, 8, 131072, 262144, "kaito", { ...NANO_V2, mamba_num_heads: 96, hybrid_override_pattern: "M-M-M-MM-M-M*-M-M*-M-M-M*-M-M-MM*-MMM-M-M-", gib: 7.4 }],
  ["nvidia/NVIDIA-Nemotron-Nano-9B-v2", 56, 4480, 15680, 40, 8, 131072, 131072, "kaito", { ...NANO_V2, hybrid_override_pattern: "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-", gib: 16.56, also: ["nvidia-nemotron-nano-9b-v2-japanese", "nvidia-nemotron-nano-9b-v2-base"] }],
  ["nvidia/NVIDIA-Nemotron-Nano-12B-v2", 62, 5120, 20480, 40, 8, 131072, 131072, "config", { ...NANO_V2, hybrid_override_pattern: "M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M-" }],
  ["nvidia/NVIDIA-Nemotron-Nano-12B-v2-VL", 62, 5120, 20480, 40, 8, 131072, 131072, "kaito", { ...SEES, ...NANO_V2, hybrid_override_pattern: "M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M*-M-M-M-M-", gib: 24.55 }],
  ["nvidia/Nemotron-H-56B-Base-8K", 118, 8192, 32768, 64, 8, 131072, 8192, "aic", { ...NANO_V2, mamba_num_heads: 256, mamba_head_dim: 64, ssm_state_size: 256, hybrid_override_pattern: "M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M-" }],
  ["microsoft/phi-2", 32, 2560, 10240, 32, 32, 51200, 2048, "litgpt", { ...HALF, model_type: "phi" }],
  ["microsoft/Phi-3-mini-4k-instruct", 32, 3072, 8192, 32, 32, 32064, 4096, "litgpt+kaito"],
  ["microsoft/Phi-3-mini-128k-instruct", 32, 3072, 8192, 32, 32, 32064, 131072, "litgpt+kaito", { also: ["phi-3.5-mini"] }],
  ["microsoft/Phi-3-medium-4k-instruct", 40, 5120, 17920, 40, 10, 32064, 4096, "kaito"],
  ["microsoft/Phi-3-medium-128k-instruct", 40, 5120, 17920, 40, 10, 32064, 131072, "kaito"],
  ["microsoft/Phi-3.5-MoE-instruct", 32, 4096, 6400, 32, 8, 32064, 131072, "config", { num_local_experts: 16, num_experts_per_tok: 2 }],
  ["microsoft/Phi-3.5-vision-instruct", 32, 3072, 8192, 32, 32, 32064, 131072, "config", { ...SEES, billions: 4.15 }],
  ["microsoft/phi-4", 40, 5120, 17920, 40, 10, 100352, 16384, "litgpt+kaito"],
  ["microsoft/Phi-4-reasoning", 40, 5120, 17920, 40, 10, 100352, 32768, "litgpt+recipes", { also: ["phi-4-reasoning-plus"] }],
  ["microsoft/Phi-4-mini-instruct", 32, 3072, 8192, 24, 8, 200064, 131072, "litgpt+kaito", { ...TIED, ...H128, also: ["phi-4-mini-reasoning", "phi-4-mini"] }],
  ["microsoft/Phi-4-multimodal-instruct", 32, 3072, 8192, 24, 8, 200064, 131072, "recipes+config", { ...SEES, ...TIED, ...H128, billions: 5.57, beside: "adapters and towers" }],
  ["ibm-granite/granite-3.1-2b-instruct", 40, 2048, 8192, 32, 8, 49155, 131072, "config+recipes", { ...TIED, also: ["granite-3.1-2b-base", "granite-3.2-2b", "granite-3.3-2b"] }],
  ["ibm-granite/granite-3.1-8b-instruct", 40, 4096, 12800, 32, 8, 49155, 131072, "config", { ...TIED, also: ["granite-3.1-8b-base", "granite-3.2-8b", "granite-3.3-8b"] }],
  ["ibm-granite/granite-4.1-8b", 40, 4096, 12800, 32, 8, 100352, 131072, "kaito", { gib: 16.38 }],
  ["tencent/Hunyuan-A13B-Instruct", 32, 4096, 3072, 32, 8, 128167, 32768, "config+recipes", { ...TIED, ...H128, num_experts: 64, num_experts_per_tok: 8, moe_intermediate_size: 3072, n_shared_experts: 1, billions: 80.4 }],
  // Positions and size: config.json and model.safetensors.index.json of tencent/Hy3 at 716aa7241bd6.
  ["tencent/Hy3", 80, 4096, 13312, 64, 8, 120832, 262144, "config+recipes", { ...HY3, billions: 295, also: ["hy3-preview"] }],
  ["baidu/ERNIE-4.5-21B-A3B-PT", 28, 2560, 12288, 20, 4, 103424, 131072, "config+recipes", { ...TIED, ...H128, num_experts: 64, num_experts_per_tok: 6, moe_intermediate_size: 1536, n_shared_experts: 2, first_k_dense_replace: 1, also: ["ernie-4.5-21b-a3b-thinking"] }],
  ["baidu/ERNIE-4.5-300B-A47B-PT", 54, 8192, 28672, 64, 8, 103424, 131072, "config+recipes", { ...H128, num_experts: 64, num_experts_per_tok: 8, moe_intermediate_size: 3584, first_k_dense_replace: 3 }],
  ["ByteDance-Seed/Seed-OSS-36B-Instruct", 64, 5120, 27648, 80, 8, 155136, 524288, "config+recipes", { ...H128, also: ["seed-oss-36b-base"] }],
  ["OpenGVLab/InternVL3_5-8B", 36, 4096, 12288, 32, 8, 151936, 40960, "config+recipes", { ...SEES, ...H128, billions: 8.53 }],
  ["OpenGVLab/InternVL3_5-38B", 64, 5120, 25600, 64, 8, 151936, 40960, "config", { ...SEES, ...H128, billions: 38.4 }],
  ["internlm/Intern-S1", 94, 4096, 12288, 64, 4, 153216, 65536, "config+recipes", { ...SEES, ...MOE235, billions: 241 }],
  ["internlm/Intern-S2-Preview", 40, 2048, 512, 16, 2, 248320, 262144, "recipes", { ...Q35_35, billions: 36 }],
  ["inclusionAI/Ling-1T", 80, 8192, 18432, 64, 8, 157184, 32768, "config", { ...LING1T, also: ["ling-1t-fp8"], ...FP8_BLOCKS, billions: 1000 }],
  ["inclusionAI/Ring-1T-FP8", 80, 8192, 18432, 64, 8, 157184, 65536, "config+recipes", { ...LING1T, ...FP8_BLOCKS, billions: 1000 }],
  ["stepfun-ai/Step-3.7-Flash", 45, 4096, 11264, 64, 8, 128896, 262144, "aic+recipes", { ...SEES, ...STEP, billions: 198 }],
  ["stepfun-ai/Step-3.7-Flash-FP8", 45, 4096, 11264, 64, 8, 128896, 262144, "aic+recipes", { ...SEES, ...STEP, ...FP8_BLOCKS, billions: 198 }],
  ["stepfun-ai/Step-3.5-Flash", 45, 4096, 11264, 64, 8, 128896, 262144, "recipes", { ...STEP, billions: 196 }],
  ["XiaomiMiMo/MiMo-7B-Base", 36, 4096, 11008, 32, 8, 151680, 32768, "aic", { ...H128, also: ["mimo-7b-rl", "mimo-7b-sft", "mimo-7b-rl-0530"] }],
  ["XiaomiMiMo/MiMo-V2-Flash", 48, 4096, 16384, 64, 4, 152576, 262144, "aic+recipes", { ...FP8_BLOCKS, head_dim: 192, v_head_dim: 128, sliding_window: 128, swa_num_key_value_heads: 8, swa_head_dim: 192, layer_types: alternating(48, 5), n_routed_experts: 256, num_experts_per_tok: 8, moe_intermediate_size: 2048, first_k_dense_replace: 1, billions: 309 }],
  ["openai/whisper-large-v3", 32, 1280, 5120, 20, 20, 51866, 448, "config+recipes", { ...TIED, ...HALF, model_type: "whisper", billions: 1.55, beside: "the encoder", also: ["whisper-large-v3-turbo"] }],
  ["HuggingFaceTB/SmolLM2-135M", 30, 576, 1536, 9, 3, 49152, 8192, "litgpt", TIED],
  ["HuggingFaceTB/SmolLM2-360M", 32, 960, 2560, 15, 5, 49152, 8192, "litgpt", TIED],
  ["HuggingFaceTB/SmolLM2-1.7B", 24, 2048, 8192, 32, 32, 49152, 8192, "litgpt", TIED],
  ["HuggingFaceTB/SmolLM3-3B", 36, 2048, 11008, 16, 4, 128256, 65536, "config", TIED],
  ["allenai/OLMo-2-1124-7B", 32, 4096, 11008, 32, 32, 100352, 4096, "litgpt", { also: ["olmo-2-1124-7b-sft", "olmo-2-1124-7b-dpo"] }],
  ["allenai/OLMo-2-1124-13B", 40, 5120, 13824, 40, 40, 100352, 4096, "litgpt", { also: ["olmo-2-1124-13b-sft", "olmo-2-1124-13b-dpo"] }],
  ["tiiuae/Falcon3-1B", 18, 2048, 8192, 8, 4, 131072, 8192, "litgpt", H256],
  ["tiiuae/Falcon3-3B", 22, 3072, 9216, 12, 4, 131072, 32768, "litgpt", H256],
  ["tiiuae/Falcon3-7B", 28, 3072, 23040, 12, 4, 131072, 32768, "litgpt", H256],
  ["tiiuae/Falcon3-10B", 40, 3072, 23040, 12, 4, 131072, 32768, "litgpt", H256],
  ["01-ai/Yi-1.5-6B", 32, 4096, 11008, 32, 4, 64000, 4096, "config"],
  ["01-ai/Yi-1.5-9B", 48, 4096, 11008, 32, 4, 64000, 4096, "config"],
  ["01-ai/Yi-1.5-34B", 60, 7168, 20480, 56, 8, 64000, 4096, "config"],
  ["CohereLabs/c4ai-command-r-v01", 40, 8192, 22528, 64, 64, 256000, 131072, "config", { ...TIED, ...HALF }],
  ["CohereLabs/c4ai-command-r-plus", 64, 12288, 33792, 96, 8, 256000, 131072, "config", { ...TIED, ...HALF }],
  ["CohereLabs/c4ai-command-r7b-12-2024", 32, 4096, 14336, 32, 8, 256000, 132096, "config", { ...TIED, sliding_window: 4096, layer_types: alternating(32, 4) }],
  ["CohereLabs/c4ai-command-a-03-2025", 64, 12288, 36864, 96, 8, 256000, 131072, "config", { ...TIED, ...H128, sliding_window: 4096, layer_types: alternating(64, 4) }],
  ["bigcode/starcoder2-15b", 40, 6144, 24576, 48, 4, 49152, 16384, "config", { ...H128, model_type: "starcoder2" }],
  ["bigcode/starcoder2-7b", 32, 4608, 18432, 36, 4, 49152, 16384, "config", { ...H128, model_type: "starcoder2" }],
  ["LGAI-EXAONE/EXAONE-4.0-32B", 64, 5120, 27392, 40, 8, 102400, 131072, "config", { ...H128, sliding_window: 4096, layer_types: alternating(64, 4) }],
  ["internlm/internlm2_5-7b", 32, 4096, 14336, 32, 8, 92544, 32768, "config", H128],
  ["internlm/internlm3-8b", 48, 4096, 10240, 32, 2, 128512, 32768, "config", H128],
  ["mindlab-research/Macaron-V1-Coding-Venti", 78, 6144, 12288, 64, 64, 154880, 1048576, "recipes", GLM5],
];

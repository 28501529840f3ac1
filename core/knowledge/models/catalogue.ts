import { isSlash, withoutEnd } from "../../kubernetes/text.ts";
import type { ModelInfo } from "./config.ts";
import { factsOf, type ModelFacts } from "./facts.ts";

/**
 * Well-known models, by what their names begin with. The figures are those of each model's `config.json`; `weightBytes` is the
 * sum of its files where the stored form is not one dtype throughout, or what vLLM makes of them where that is more.
 */
interface Family {
  /** Matched against the last part of the model's name, in lower case; the first that matches is it. */
  name: RegExp;
  info: ModelInfo;
}

/** layers, hidden, feed-forward, heads, KV heads, vocabulary, context, and what else differs. */
type Row = [RegExp, number, number, number, number, number, number, number, ModelInfo?];

const TIED: ModelInfo = { tie_word_embeddings: true };
const HEAD_128: ModelInfo = { head_dim: 128 };
const FP8: ModelInfo = { quantization_config: { quant_method: "fp8" } };
const alternating = (layers: number, everyth: number): string[] =>
  Array.from({ length: layers }, (_, i) => ((i + 1) % everyth === 0 ? "full_attention" : "sliding_attention"));

const OSS: ModelInfo = {
  head_dim: 64,
  num_experts_per_tok: 4,
  sliding_window: 128,
  quantization_config: { quant_method: "mxfp4" },
};
const DEEPSEEK_V3: ModelInfo = {
  kv_lora_rank: 512,
  q_lora_rank: 1536,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  moe_intermediate_size: 2048,
  n_shared_experts: 1,
  quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] },
};
const LLAMA_4: ModelInfo = { ...HEAD_128, moe_intermediate_size: 8192, num_experts_per_tok: 1, n_shared_experts: 1 };
const GLM: ModelInfo = { ...HEAD_128, num_experts_per_tok: 8, n_shared_experts: 1 };
const gemma = (layers: number): ModelInfo => ({ sliding_window: 1024, layer_types: alternating(layers, 6) });
const QWEN3_MOE: ModelInfo = { ...HEAD_128, num_experts: 128, num_experts_per_tok: 8 };

const ROWS: readonly Row[] = [
  [/^opt-125m/, 12, 768, 3072, 12, 12, 50272, 2048, { ...TIED, model_type: "opt", torch_dtype: "float16" }],
  [/^opt-1\.3b/, 24, 2048, 8192, 32, 32, 50272, 2048, { ...TIED, model_type: "opt", torch_dtype: "float16" }],
  [/^opt-6\.7b/, 32, 4096, 16384, 32, 32, 50272, 2048, { ...TIED, model_type: "opt", torch_dtype: "float16" }],
  // DeepSeek's distilled models have the shapes of what they were distilled into.
  [/^(qwen2\.5-(coder-)?0\.5b)/, 24, 896, 4864, 14, 2, 151936, 32768, TIED],
  [/^(qwen2\.5-(coder-|math-)?1\.5b|deepseek-r1-distill-qwen-1\.5b)/, 28, 1536, 8960, 12, 2, 151936, 32768, TIED],
  [/^qwen2\.5-(coder-)?3b/, 36, 2048, 11008, 16, 2, 151936, 32768, TIED],
  [/^(qwen2\.5-(coder-|math-)?7b|deepseek-r1-distill-qwen-7b)/, 28, 3584, 18944, 28, 4, 152064, 32768],
  [/^(qwen2\.5-(coder-)?14b|deepseek-r1-distill-qwen-14b)/, 48, 5120, 13824, 40, 8, 152064, 32768],
  [/^(qwen2\.5-(coder-)?32b|qwq-32b|deepseek-r1-distill-qwen-32b)/, 64, 5120, 27648, 40, 8, 152064, 32768],
  [/^qwen2\.5-(math-)?72b/, 80, 8192, 29568, 64, 8, 152064, 32768],
  [/^qwen3-0\.6b/, 28, 1024, 3072, 16, 8, 151936, 40960, { ...TIED, ...HEAD_128 }],
  [/^qwen3-1\.7b/, 28, 2048, 6144, 16, 8, 151936, 40960, { ...TIED, ...HEAD_128 }],
  [/^qwen3-4b-(instruct|thinking)-2507/, 36, 2560, 9728, 32, 8, 151936, 262144, { ...TIED, ...HEAD_128 }],
  [/^qwen3-4b/, 36, 2560, 9728, 32, 8, 151936, 40960, { ...TIED, ...HEAD_128 }],
  [/^qwen3-8b/, 36, 4096, 12288, 32, 8, 151936, 40960],
  [/^qwen3-14b/, 40, 5120, 17408, 40, 8, 151936, 40960],
  [/^qwen3-32b/, 64, 5120, 25600, 64, 8, 151936, 40960, HEAD_128],
  [
    /^qwen3-(coder-)?30b-a3b-(instruct|thinking)/,
    ...([48, 2048, 6144, 32, 4, 151936, 262144] as const),
    { ...QWEN3_MOE, moe_intermediate_size: 768 },
  ],
  [/^qwen3-30b-a3b/, 48, 2048, 6144, 32, 4, 151936, 40960, { ...QWEN3_MOE, moe_intermediate_size: 768 }],
  [
    /^qwen3-235b-a22b-(instruct|thinking)/,
    ...([94, 4096, 12288, 64, 4, 151936, 262144] as const),
    { ...QWEN3_MOE, moe_intermediate_size: 1536 },
  ],
  [/^qwen3-235b-a22b/, 94, 4096, 12288, 64, 4, 151936, 40960, { ...QWEN3_MOE, moe_intermediate_size: 1536 }],
  [
    /^qwen3-coder-480b/,
    ...([62, 6144, 8192, 96, 8, 151936, 262144] as const),
    { ...QWEN3_MOE, num_experts: 160, moe_intermediate_size: 2560 },
  ],
  [/^((meta-)?llama-3\.1-8b|deepseek-r1-distill-llama-8b)/, 32, 4096, 14336, 32, 8, 128256, 131072],
  [/^(meta-)?llama-3-8b/, 32, 4096, 14336, 32, 8, 128256, 8192],
  [/^((meta-)?llama-3\.[13]-70b|deepseek-r1-distill-llama-70b)/, 80, 8192, 28672, 64, 8, 128256, 131072],
  [/^(meta-)?llama-3-70b/, 80, 8192, 28672, 64, 8, 128256, 8192],
  // Meta's own FP8 leaves attention in 16 bits: 57.75 GiB on each of 8 ranks. Source: vLLM's log in vllm-project/vllm#6746.
  [
    /^(meta-)?llama-3\.1-405b(-instruct)?-fp8$/,
    ...([126, 16384, 53248, 128, 8, 128256, 131072] as const),
    { ...FP8, weightBytes: 496.1e9 },
  ],
  [/^(meta-)?llama-3\.1-405b/, 126, 16384, 53248, 128, 8, 128256, 131072],
  [/^llama-3\.2-1b/, 16, 2048, 8192, 32, 8, 128256, 131072, { ...TIED, head_dim: 64 }],
  [/^llama-3\.2-3b/, 28, 3072, 8192, 24, 8, 128256, 131072, { ...TIED, ...HEAD_128 }],
  [
    /^deepseek-(v3|r1)(-|$)/,
    ...([61, 7168, 18432, 128, 128, 129280, 163840] as const),
    { ...DEEPSEEK_V3, n_routed_experts: 256, num_experts_per_tok: 8, first_k_dense_replace: 3, weightBytes: 688.6e9 },
  ],
  [
    /^kimi-k2/,
    ...([61, 7168, 18432, 64, 64, 163840, 131072] as const),
    { ...DEEPSEEK_V3, n_routed_experts: 384, num_experts_per_tok: 8, first_k_dense_replace: 1 },
  ],
  [
    /^deepseek-v2-lite/,
    ...([27, 2048, 10944, 16, 16, 102400, 163840] as const),
    {
      ...DEEPSEEK_V3,
      q_lora_rank: null,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
      quantization_config: undefined,
    },
  ],
  [
    /^gpt-oss-20b/,
    ...([24, 2880, 2880, 64, 8, 201088, 131072] as const),
    { ...OSS, num_local_experts: 32, layer_types: alternating(24, 2), weightBytes: 13.76e9 },
  ],
  // As vLLM loads it: 65.25e9 bytes are stored, and the experts are padded. Source: vLLM's log in vllm-project/vllm#33155.
  [
    /^gpt-oss-120b/,
    ...([36, 2880, 2880, 64, 8, 201088, 131072] as const),
    { ...OSS, num_local_experts: 128, layer_types: alternating(36, 2), weightBytes: 69.13e9 },
  ],
  [/^mistral-7b.*v0\.[23]/, 32, 4096, 14336, 32, 8, 32768, 32768],
  [/^mistral-nemo/, 40, 5120, 14336, 32, 8, 131072, 131072, HEAD_128],
  [/^mistral-small-24b/, 40, 5120, 32768, 32, 8, 131072, 32768, HEAD_128],
  [/^mistral-large.*2407/, 88, 12288, 28672, 96, 8, 32768, 131072],
  [/^mixtral-8x7b/, 32, 4096, 14336, 32, 8, 32000, 32768, { num_local_experts: 8, num_experts_per_tok: 2 }],
  [/^mixtral-8x22b/, 56, 6144, 16384, 48, 8, 32768, 65536, { num_local_experts: 8, num_experts_per_tok: 2 }],
  [/^gemma-3-12b/, 48, 3840, 15360, 16, 8, 262208, 131072, { ...TIED, ...gemma(48), head_dim: 256 }],
  [/^gemma-3-27b/, 62, 5376, 21504, 32, 16, 262208, 131072, { ...TIED, ...gemma(62), head_dim: 128 }],
  [/^granite-3\.[123]-8b/, 40, 4096, 12800, 32, 8, 49155, 131072, TIED],
  // Of the multimodal Llama 4 the language model; most of its layers attend in chunks, which is not counted in its favour.
  [/^llama-4-scout/, 48, 5120, 16384, 40, 8, 202048, 10485760, { ...LLAMA_4, num_local_experts: 16 }],
  [
    /^llama-4-maverick/,
    ...([48, 5120, 16384, 40, 8, 202048, 1048576] as const),
    { ...LLAMA_4, num_local_experts: 128, decoder_sparse_step: 2 },
  ],
  [
    /^glm-4\.5-air/,
    ...([46, 4096, 10944, 96, 8, 151552, 131072] as const),
    { ...GLM, n_routed_experts: 128, moe_intermediate_size: 1408, first_k_dense_replace: 1 },
  ],
  [
    /^glm-4\.[56]($|-fp8)/,
    ...([92, 5120, 12288, 96, 8, 151552, 131072] as const),
    { ...GLM, n_routed_experts: 160, moe_intermediate_size: 1536, first_k_dense_replace: 3 },
  ],
  [/^phi-4($|-reasoning)/, 40, 5120, 17920, 40, 10, 100352, 16384],
];

const FAMILIES: readonly Family[] = ROWS.map(
  ([name, layers, hidden, feedForward, heads, kvHeads, vocab, context, rest]) => ({
    name,
    info: {
      num_hidden_layers: layers,
      hidden_size: hidden,
      intermediate_size: feedForward,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      vocab_size: vocab,
      max_position_embeddings: context,
      ...rest,
    },
  }),
);

/** By the end of a name, how its publisher quantised the model. */
const QUANTIZED: readonly (readonly [RegExp, number])[] = [
  [/[-_.](nvfp4|fp4)([-_.]|$)/, 4.5 / 8],
  [/[-_.](awq|gptq[-_.]int4|int4|w4a16|quantized\.w4a16|bnb-4bit)([-_.]|$)/, 4.25 / 8],
  [/[-_.](fp8|gptq[-_.]int8|int8|w8a8|quantized\.w8a8)([-_.]|$)/, 1],
];

/** Names whose publisher quantises in blocks of 128 × 128: `weight_block_size` of their `config.json`. */
const BLOCKS = /^qwen3-.*-fp8$/;

/** A model of the catalogue by its name (`Qwen/Qwen3-8B-FP8`); the publisher does not count. */
export function modelNamed(name: string): ModelFacts | undefined {
  const last = (name.split("/").at(-1) ?? "").toLowerCase();
  const family = FAMILIES.find((one) => one.name.test(last));
  const facts = family && factsOf(family.info);
  const quantized = QUANTIZED.find(([form]) => form.test(last))?.[1];
  // A form that is the model's own is what its row describes.
  if (facts === undefined || quantized === undefined || quantized === facts.bytesPerParameter) return facts;
  const { weightBytes: _ofTheOriginal, weightBlock: _too, ...rest } = facts;
  return { ...rest, bytesPerParameter: quantized, ...(BLOCKS.test(last) && { weightBlock: 128 }) };
}

/** The model that a service serves: by its URI, else by its name. */
export function modelOf({ uri = "", name = "" }: { uri?: string; name?: string }): ModelFacts | undefined {
  const [, path = ""] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/i.exec(uri) ?? [];
  const fromUri = uri.startsWith("hf://")
    ? withoutRevision(path, ":", "@")
    : withoutRevision(withoutEnd(path, isSlash), ":");
  return modelNamed(fromUri) ?? modelNamed(name);
}

/** A path without a tag or revision behind its last part. */
function withoutRevision(path: string, ...marks: readonly string[]): string {
  const folder = path.lastIndexOf("/") + 1;
  const at = marks.map((mark) => path.indexOf(mark, folder)).filter((index) => index >= 0);
  return path.slice(0, Math.min(path.length, ...at));
}

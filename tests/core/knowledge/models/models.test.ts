import assert from "node:assert/strict";
import type { ModelInfo } from "../../../../core/contract/options/modelinfo.ts";
import { modelNamed, modelOf } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import { factsOf } from "../../../../core/knowledge/models/facts.ts";

/** Published number of parameters, in 10⁹. */
const PUBLISHED: [string, number][] = [
  ["facebook/opt-125m", 0.125],
  ["Qwen/Qwen2.5-0.5B-Instruct", 0.494],
  ["Qwen/Qwen2.5-7B-Instruct", 7.62],
  ["Qwen/Qwen2.5-72B-Instruct", 72.7],
  ["Qwen/Qwen3-0.6B", 0.596],
  ["Qwen/Qwen3-8B", 8.19],
  ["Qwen/Qwen3-32B", 32.8],
  ["Qwen/Qwen3-30B-A3B", 30.5],
  ["Qwen/Qwen3-235B-A22B-Instruct-2507", 235],
  ["Qwen/Qwen3-Coder-480B-A35B-Instruct", 480],
  ["meta-llama/Llama-3.1-8B-Instruct", 8.03],
  ["meta-llama/Llama-3.3-70B-Instruct", 70.6],
  ["meta-llama/Llama-3.1-405B-Instruct", 406],
  ["meta-llama/Llama-3.2-1B", 1.24],
  ["deepseek-ai/DeepSeek-V3", 671],
  ["deepseek-ai/DeepSeek-R1-0528", 671],
  ["deepseek-ai/DeepSeek-R1-Distill-Llama-70B", 70.6],
  ["deepseek-ai/DeepSeek-V2-Lite", 15.7],
  ["moonshotai/Kimi-K2-Instruct", 1026],
  ["openai/gpt-oss-20b", 20.9],
  ["openai/gpt-oss-120b", 117],
  ["mistralai/Mistral-7B-Instruct-v0.3", 7.25],
  ["mistralai/Mixtral-8x7B-Instruct-v0.1", 46.7],
  ["mistralai/Mixtral-8x22B-Instruct-v0.1", 141],
  ["microsoft/phi-4", 14.7],
  ["google/gemma-3-27b-it", 27.0],
  ["google/gemma-3-12b-it", 12.2],
  ["ibm-granite/granite-3.1-8b-instruct", 8.17],
  ["meta-llama/Llama-4-Scout-17B-16E-Instruct", 108],
  ["meta-llama/Llama-4-Maverick-17B-128E-Instruct", 400],
  ["zai-org/GLM-4.5-Air", 106],
  ["zai-org/GLM-4.5", 355],
  ["deepseek-ai/DeepSeek-V4-Flash", 284],
  ["deepseek-ai/DeepSeek-V4-Pro", 1600],
  // With the layer for MTP in the files: 26e9 more.
  ["Qwen/Qwen3.8-2.4T-A95B", 2420],
  ["inclusionAI/Ling-3.0-flash", 124],
  ["inclusionAI/Ling-2.6-flash", 104],
  ["thinkingmachines/Inkling-Small", 264],
  ["arcee-ai/Trinity-Large-Thinking", 398],
  ["nvidia/Llama-3_3-Nemotron-Super-49B-v1_5", 49.9],
];

describe("the catalogue of models", () => {
  for (const [name, billions] of PUBLISHED) {
    it(`counts ${billions} billion parameters in ${name}`, () => {
      const counted = (modelNamed(name)?.parameters ?? 0) / 1e9;
      assert.ok(Math.abs(counted - billions) / billions < 0.02, `counted ${counted}`);
    });
  }

  it("does not confuse models with similar names", () => {
    for (const name of [
      "Qwen/Qwen2.5-7B-Instruct-2M",
      "Qwen/Qwen3-32B-speculator.eagle3",
      "nvidia/gpt-oss-120b-Eagle3-v3",
      "lightseekorg/kimi-k2.6-eagle3-mla",
      "RedHatAI/Llama-3.1-8B-Instruct-speculator.eagle3",
      "deepseek-ai/DeepSeek-R1-Distill-Qwen-3B",
      "deepseek-ai/DeepSeek-V4-Pro-Eagle3",
      "z-lab/Qwen3-8B-DFlash-b16",
      "FasterDecoding/medusa-vicuna-7b-v1.3",
      "Qwen/Qwen3-8B-MTP",
      "unsloth/Qwen3-8B-GGUF",
      "moonshotai/Kimi-K2-Instruct-1M",
      "x/my-qwen3-8b-thing",
      "meta-llama/Llama-2-8b",
      "Qwen/Qwen3-80B",
      "Qwen/Qwen3-8B-MLX-4bit",
      "Qwen/Qwen3-30B-A3B-Instruct-2507-1M",
      "zai-org/glm-4-9b-chat-1m",
      "google/gemma-3-27b-it-qat-q4_0-gguf",
      "meta-llama/Llama-4-Scout-17B-16E-Instruct-Original",
      "yuhuili/EAGLE3-LLaMA3.1-Instruct-8B",
      "AngelSlim/Qwen3-8B_eagle3",
    ])
      assert.equal(modelNamed(name), undefined, name);
  });

  it("reads from a name how the model is quantised", () => {
    const bytes = (name: string) => modelNamed(name)?.bytesPerParameter;
    assert.equal(bytes("Qwen/Qwen3-8B"), 2);
    assert.equal(bytes("Qwen/Qwen3-8B-FP8"), 1);
    assert.equal(bytes("Qwen/Qwen3-8B-AWQ"), 4.25 / 8);
    assert.equal(bytes("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16"), 4.25 / 8);
    assert.equal(bytes("OpenGVLab/InternVL3-78B-AWQ"), 4.25 / 8);
    assert.equal(bytes("cyankiwi/Qwen3-VL-30B-A3B-Instruct-AWQ-8bit"), 1);
    // A group of 32 has a scale of 16 bits and a zero point of four.
    assert.equal(bytes("cyankiwi/MiniMax-M2.7-AWQ-4bit"), 4.625 / 8);
    assert.equal(modelNamed("cyankiwi/MiniMax-M2.7-AWQ-4bit")?.expertGroup, 32);
  });

  it("counts the scales and zero points of the groups that the files describe", () => {
    const bits = (quantization_config: Record<string, unknown>) =>
      8 *
      (factsOf({ num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2, vocab_size: 8, quantization_config })
        ?.bytesPerParameter ?? 0);
    const ofCompressor = (group_size: number, symmetric: boolean) => ({
      quant_method: "compressed-tensors",
      config_groups: { group_0: { targets: ["Linear"], weights: { num_bits: 4, type: "int", group_size, symmetric } } },
    });
    assert.deepEqual([bits(ofCompressor(128, true)), bits(ofCompressor(32, false))], [4.125, 4.625]);
    assert.equal(bits({ quant_method: "gptq", bits: 4, group_size: 128 }), 4.15625);
    assert.equal(bits({ quant_method: "gptq", bits: 4, group_size: -1 }), 4);
    assert.equal(bits({ quant_method: "awq", bits: 4 }), 4.25);
  });

  it("counts everything except the experts in 8 bits if only the experts are stored in 4 bits", () => {
    const rest = (name: string) => modelNamed(name)?.otherBytes;
    assert.deepEqual([rest("deepseek-ai/DeepSeek-V4-Pro-DSpark"), rest("nvidia/DeepSeek-V4-Pro-NVFP4")], [1, 1]);
    // Base models have experts in 8 bits.
    assert.equal(modelNamed("deepseek-ai/DeepSeek-V4-Flash-Base")?.bytesPerParameter, 1);
    assert.deepEqual([rest("nvidia/DeepSeek-V3.1-NVFP4"), rest("nvidia/Qwen3-235B-A22B-NVFP4")], [2, 2]);
  });

  it("reads a name as 16 bits although the model itself is stored in fewer", () => {
    const bytes = (name: string) => modelNamed(name)?.bytesPerParameter;
    assert.deepEqual([bytes("openai/gpt-oss-120b"), bytes("unsloth/gpt-oss-120b-BF16")], [4.25 / 8, 2]);
    assert.deepEqual([bytes("deepseek-ai/DeepSeek-V3"), bytes("unsloth/DeepSeek-V3-bf16")], [1, 2]);
    assert.equal(modelNamed("unsloth/DeepSeek-V3-bf16")?.weightBytes, undefined);
  });

  for (const [name, positions] of [
    ["Qwen/Qwen2.5-32B", 131072],
    ["Qwen/Qwen2.5-32B-Instruct", 32768],
    ["Qwen/Qwen2.5-7B-Instruct-1M", 1010000],
    ["Qwen/Qwen2.5-Math-7B-Instruct", 4096],
    ["Qwen/QwQ-32B", 40960],
    ["deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", 131072],
    ["moonshotai/Kimi-K2-Instruct", 131072],
    ["moonshotai/Kimi-K2-Thinking", 262144],
    ["zai-org/GLM-4.6-FP8", 202752],
    ["microsoft/phi-4", 16384],
    ["microsoft/Phi-4-reasoning-plus", 32768],
    ["RedHatAI/Qwen3-30B-A3B-Instruct-2507-FP8-dynamic", 262144],
    ["RedHatAI/Muse-Glimmer-30B-FP8-block", 131072],
    ["XiaomiMiMo/MiMo-V2.5", 1048576],
    ["nvidia/diffusiongemma-26B-A4B-it-NVFP4", 262144],
    ["jinaai/jina-embeddings-v5-text-small-retrieval", 32768],
    ["LiquidAI/LFM2.5-1.2B-JP-202606", 128000],
    ["MiniMaxAI/MiniMax-M3", 524288],
  ] as const) {
    it(`knows that ${name} supports ${positions} tokens`, () => {
      assert.equal(modelNamed(name)?.maxPositions, positions);
    });
  }

  it("knows the layers that cache no tokens: linear attention, and short convolutions", () => {
    const uncached = (name: string) => modelNamed(name)?.uncachedLayers;
    assert.deepEqual(
      [
        "Qwen/Qwen3.8-2.4T-A95B-FP8",
        "inclusionAI/Ling-2.6-1T",
        "inclusionAI/Ling-3.0-flash",
        "LiquidAI/LFM2.5-8B-A1B",
      ].map(uncached),
      [69, 70, 35, 18],
    );
  });

  it("knows in which forms experts are quantised in blocks, or in groups", () => {
    const blocks = (name: string) => [modelNamed(name)?.weightBlock, modelNamed(name)?.expertGroup];
    assert.deepEqual(blocks("Qwen/Qwen3-30B-A3B-FP8"), [128, undefined]);
    assert.deepEqual(blocks("RedHatAI/Qwen3-30B-A3B-FP8-dynamic"), [undefined, undefined]);
    assert.deepEqual(blocks("MiniMaxAI/MiniMax-M2.7"), [128, undefined]);
    assert.deepEqual(blocks("Qwen/Qwen3-235B-A22B-GPTQ-Int4"), [undefined, 128]);
    assert.deepEqual(blocks("Qwen/Qwen3-8B-AWQ"), [undefined, undefined]);
    assert.deepEqual(blocks("inclusionAI/Ling-3.0-flash-FP8"), [128, undefined]);
    assert.deepEqual(blocks("inclusionAI/Ling-2.6-1T"), [undefined, undefined]);
  });

  it("knows which quantised models their publisher has padded to whole groups", () => {
    const padded = ["Qwen2-72B-Instruct-GPTQ-Int4", "Qwen2.5-72B-Instruct-AWQ", "Qwen2-VL-72B-Instruct-GPTQ-Int8"];
    for (const name of padded) {
      const { width, group } = modelNamed(`Qwen/${name}`) ?? {};
      assert.deepEqual({ width, group }, { width: 29696, group: { size: 128 } }, name);
    }
    const { width, group } = modelNamed("Qwen/Qwen2.5-VL-72B-Instruct-AWQ") ?? {};
    assert.deepEqual({ width, group }, { width: 29568, group: { size: 128, guessed: true } });
  });

  it("finds a model by its URI with any scheme, otherwise by its name", () => {
    const layers = (model: { uri?: string; name?: string }) => modelOf(model)?.layers;
    assert.equal(layers({ uri: "hf://Qwen/Qwen3-8B:main" }), 36);
    assert.equal(layers({ uri: "s3://bucket/models/Qwen3-8B/" }), 36);
    assert.equal(layers({ uri: "oci://registry.example.com:5000/models/qwen3-8b:1.0" }), 36);
    assert.equal(layers({ uri: "pvc://claim/weights", name: "Qwen/Qwen3-8B" }), 36);
    assert.equal(layers({ uri: "pvc://claim/weights", name: "chat" }), undefined);
  });
});

describe("a config.json", () => {
  const config = {
    model_type: "llama",
    num_hidden_layers: 32,
    hidden_size: 4096,
    intermediate_size: 14336,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128256,
    max_position_embeddings: 131072,
    torch_dtype: "bfloat16",
  };

  it("gives the same facts as the catalogue", () => {
    assert.deepEqual(factsOf(config), modelNamed("meta-llama/Llama-3.1-8B"));
  });

  it("of a multimodal model is read inside of text_config", () => {
    assert.deepEqual(factsOf({ text_config: config }), { ...factsOf(config), multimodal: true });
  });

  it("gives the format in which its weights are stored", () => {
    const bytes = (quantization_config: ModelInfo["quantization_config"]) =>
      factsOf({ ...config, quantization_config })?.bytesPerParameter;
    assert.equal(bytes({ quant_method: "fp8" }), 1);
    assert.equal(bytes({ quant_method: "awq", bits: 4 }), 4.25 / 8);
    assert.equal(factsOf({ ...config, torch_dtype: "float32" })?.bytesPerParameter, 4);
  });

  it("names the layers that cache tokens", () => {
    const cached = (more: object) => {
      const { layers = 0, uncachedLayers = 0, sliding, indexBytes } = factsOf({ ...config, ...more }) ?? {};
      return [layers - uncachedLayers, sliding?.layers, indexBytes];
    };
    assert.deepEqual(cached({}), [32, undefined, undefined]);
    assert.deepEqual(cached({ full_attention_interval: 4 }), [8, undefined, undefined]);
    assert.deepEqual(cached({ hybrid_override_pattern: `${"M-".repeat(14)}****` }), [4, undefined, undefined]);
    assert.deepEqual(cached({ linear_attn_config: { full_attn_layers: [4, 8] } }), [2, undefined, undefined]);
    assert.deepEqual(cached({ num_kv_shared_layers: 10 }), [22, undefined, undefined]);
    assert.deepEqual(cached({ sliding_window: 1024, sliding_window_pattern: 8 }), [32, 28, undefined]);
    assert.deepEqual(cached({ kv_lora_rank: 512, index_head_dim: 128 }), [32, undefined, 32 * 132]);
  });

  it("gives no facts without the fields that determine the size", () => {
    assert.equal(factsOf({ ...config, num_hidden_layers: undefined }), undefined);
  });

  it("reads the config.json of Granite 4.0 H as its row has it", () => {
    const config: ModelInfo = {
      model_type: "granitemoehybrid",
      num_hidden_layers: 40,
      hidden_size: 1536,
      intermediate_size: 512,
      shared_intermediate_size: 1024,
      num_attention_heads: 12,
      num_key_value_heads: 4,
      num_local_experts: 64,
      num_experts_per_tok: 6,
      vocab_size: 100352,
      max_position_embeddings: 131072,
      tie_word_embeddings: true,
      mamba_n_heads: 48,
      mamba_d_head: 64,
      mamba_d_state: 128,
      mamba_n_groups: 1,
      layer_types: Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? "attention" : "mamba")),
    };
    const [read, row] = [factsOf(config), modelNamed("ibm-granite/granite-4.0-h-tiny-base")];
    const shown = (facts: typeof row): unknown[] => [
      ...[facts?.uncachedLayers, facts?.kvHeads, facts?.headDim, facts?.expertParameters, facts?.sharedWidth],
      facts?.maxPositions,
    ];
    assert.deepEqual(shown(read), shown(row));
    const [counted, published] = [(read?.parameters ?? 0) / 1e9, 6.94];
    assert.ok(Math.abs(counted - published) / published < 0.02, `counted ${counted}`);
  });
});

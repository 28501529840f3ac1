import assert from "node:assert/strict";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { fit as estimate } from "../../../../core/knowledge/memory/fit.ts";
import type { FitRequest } from "../../../../core/knowledge/memory/request.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import { factsOf, type ModelFacts } from "../../../../core/knowledge/models/facts.ts";

type How = Omit<FitRequest, "model" | "release"> & { release: string };

function fitOf(model: string, { release, ...how }: How) {
  return estimate({ ...how, release: releaseNumber(release), model: modelNamed(model) as ModelFacts });
}

function cacheBytes(model: ModelFacts, how: Partial<FitRequest>): number {
  const { rows } = estimate({ model, memoryGiB: 80, ...how });
  return rows.find(({ part }) => part === "KV cache")?.bytes ?? 0;
}

describe("the states of lightning attention", () => {
  const config = {
    model_type: "bailing_hybrid",
    num_hidden_layers: 32,
    hidden_size: 4096,
    num_attention_heads: 32,
    vocab_size: 157_184,
    layer_group_size: 8,
    kv_lora_rank: 512,
    qk_rope_head_dim: 64,
  };

  it("are a matrix for each head, in all layers except for the last one of a group", () => {
    const { states, uncachedLayers } = factsOf(config) ?? {};
    assert.deepEqual(states, { layers: 28, convolved: 0, kernel: 0, recurrent: 32 * 128 * 128 });
    assert.equal(uncachedLayers, 28);
  });

  it("are not known of later models, whose groups are known all the same", () => {
    const { states, uncachedLayers } = factsOf({ ...config, model_type: "bailing_hybrid_v3" }) ?? {};
    assert.deepEqual([states, uncachedLayers], [undefined, 28]);
  });

  it("lie in blocks of the size of the latents of 128 tokens or more", () => {
    const model = factsOf(config) as ModelFacts;
    const block = 128 * 576 * 2 * 4;
    // One block of latents for 128 tokens, two of states for each of seven groups of four layers.
    assert.equal(cacheBytes(model, { tensor: 8, maxModelLen: 128 }), block * (1 + 2 * 7));
  });
});

/** Engines that stopped because they had fewer blocks than sequences, with the number of blocks in their logs. */
const STOPPED: readonly [string, How, number, string][] = [
  [
    "Qwen/Qwen3.6-27B-FP8",
    { memoryGiB: 79.19, gpuMemoryUtilization: 0.95, release: "0.23.0" },
    856,
    "vllm-project/recipes#551",
  ],
  [
    "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8",
    { memoryGiB: 79.19, tensor: 2, gpuMemoryUtilization: 0.92, release: "0.20.0" },
    524,
    "NVIDIA-AI-Blueprints/retail-shopping-assistant#95",
  ],
  [
    "Qwen/Qwen3.6-35B-A3B-FP8",
    { memoryGiB: 44.4, gpuMemoryUtilization: 0.9, maxModelLen: 16384, release: "0.24.0" },
    173,
    "a public script for a GPU of 46 GB, log 60627775773",
  ],
  [
    "Qwen/Qwen3.8-27B",
    { memoryGiB: 94.97, gpuMemoryUtilization: 0.92, capability: 120, release: "0.27.1" },
    630,
    "a public note on an RTX PRO 6000, log 68750912884",
  ],
];

describe("blocks for the states of sequences", () => {
  for (const [model, how, blocks, source] of STOPPED) {
    it(`are fewer than the sequences of a step, as vLLM found for ${model}: ${source}`, () => {
      const { sequences, most, blocks: estimated } = fitOf(model, how).states ?? { sequences: 0, most: 0, blocks: 0 };
      assert.ok(sequences > most, `${sequences} sequences, at most ${most} blocks`);
      assert.ok(estimated <= blocks * 1.05 && most >= blocks, `${estimated} to ${most} for ${blocks}`);
    });
  }

  it("are as many as a cache of known size has room for: 161 in 3.86 GiB on each of two ranks (vllm-project/vllm#49064)", () => {
    const kvCacheMemoryBytes = 3.86 * 1024 ** 3;
    const { states } = fitOf("Qwen/Qwen3.8-27B", { memoryGiB: 80, tensor: 2, kvCacheMemoryBytes, release: "0.23.1" });
    assert.equal(states?.blocks, 161);
  });

  it("have room for 1056 tokens of Qwen3.5-35B-A3B, as vLLM logs, and each sequence takes one in each of three groups of layers", () => {
    const model = modelNamed("Qwen/Qwen3.5-35B-A3B") as ModelFacts;
    const release = releaseNumber("0.20.0");
    const block = 1056 * 2048 * 10;
    assert.equal(cacheBytes(model, { release, maxModelLen: 8192 }), (Math.ceil(8192 / 1056) + 3) * block);
    assert.equal(
      cacheBytes(model, { release, maxModelLen: 8192, prefixCaching: true }),
      (Math.ceil(8192 / 1056) + 6) * block,
    );
    assert.equal(
      cacheBytes(model, { release: releaseNumber("0.26.0"), maxModelLen: 8192 }),
      (Math.ceil(8192 / 1056) + 6) * block,
    );
  });

  it("are not counted for a model whose layers all cache tokens", () => {
    assert.equal(fitOf("Qwen/Qwen3-8B", { memoryGiB: 80, release: "0.23.0" }).states, undefined);
  });

  it("are of the states of Mamba-2, of short convolutions and of Kimi Delta Attention, as their configs tell them", () => {
    const shape = { num_hidden_layers: 4, hidden_size: 1024, num_attention_heads: 8, vocab_size: 1000 };
    const mixed = ["linear_attention", "linear_attention", "linear_attention", "full_attention"];
    const statesOf = (config: object) => factsOf({ ...shape, ...config })?.states;
    const mamba = { mamba_n_heads: 16, mamba_d_head: 64, mamba_d_state: 128, mamba_d_conv: 4 };
    assert.deepEqual(statesOf({ ...mamba, layer_types: ["mamba", "mamba", "mamba", "attention"] }), {
      ...{ layers: 3, convolved: 16 * 64 + 2 * 128, kernel: 3, recurrent: 16 * 64 * 128 },
    });
    assert.deepEqual(statesOf({ conv_L_cache: 3, layer_types: ["conv", "conv", "conv", "full_attention"] }), {
      ...{ layers: 3, convolved: 1024, kernel: 2, recurrent: 0 },
    });
    assert.deepEqual(
      statesOf({ linear_attn_config: { num_heads: 8, head_dim: 128, full_attn_layers: [4] }, layer_types: mixed }),
      { layers: 3, convolved: 3 * 1024, kernel: 3, recurrent: 8 * 128 * 128, recurrentBytes: 4 },
    );
    assert.equal(statesOf({ layer_types: mixed }), undefined);
  });
});

describe("the cache of a sequence", () => {
  it("has, for a decoder, what its encoder makes of 30 seconds: 1504 tokens in each layer of Whisper", () => {
    const model = modelNamed("openai/whisper-large-v3") as ModelFacts;
    assert.equal(cacheBytes(model, {}), 32 * (448 + 1504) * 2 * 1280 * 2);
  });

  it("is larger by a layer if one drafts, whether it is the model's own or a head, and by all that a draft model caches", () => {
    const model = modelNamed("meta-llama/Llama-3.1-8B-Instruct") as ModelFacts;
    const plain = cacheBytes(model, { maxModelLen: 8192 });
    assert.equal(cacheBytes(model, { maxModelLen: 8192, draftLayers: 1 }), (plain * 33) / 32);
    assert.equal(cacheBytes(model, { maxModelLen: 8192, draftHeads: 1 }), (plain * 33) / 32);
    assert.equal(cacheBytes(model, { maxModelLen: 8192, draft: { model, tensor: 2 } }), plain * 1.5);
  });
});

describe("the KV cache of a draft model", () => {
  const target = modelNamed("meta-llama/Llama-3.1-70B-Instruct") as ModelFacts;
  const ofDraft = (name: string, how: Partial<FitRequest>): number => {
    const draft = { model: modelNamed(name) as ModelFacts, tensor: 1 };
    return cacheBytes(target, { ...how, draft }) - cacheBytes(target, how);
  };
  it("has the type of its target's", () => {
    const [half, whole] = ["fp8", "auto"].map((kvCacheDtype) =>
      ofDraft("meta-llama/Llama-3.2-3B-Instruct", { maxModelLen: 8192, kvCacheDtype }),
    );
    assert.equal(half, 8192 * 28 * 2 * 8 * 128);
    assert.equal(whole, 2 * half);
  });
  it("is as long as its own windows in layers that have one", () => {
    const [short = 0, long = 0] = [65536, 131072].map((maxModelLen) =>
      ofDraft("google/gemma-3-1b-it", { maxModelLen }),
    );
    assert.equal(long - short, 65536 * 4 * 2 * 256 * 2);
  });
});

describe("a KV cache in the type that the model's files ask for", () => {
  const SHAPE = {
    num_hidden_layers: 32,
    hidden_size: 4096,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128256,
    max_position_embeddings: 8192,
  };
  const SCHEME = { dynamic: false, num_bits: 8, type: "float" };
  const READ: readonly [string, Record<string, unknown>, string, number][] = [
    ["ModelOpt's FP8", { quant_method: "modelopt", kv_cache_quant_algo: "FP8" }, "0.14.0", 1],
    ["ModelOpt's FP8 before vLLM read it", { quant_method: "modelopt", kv_cache_quant_algo: "FP8" }, "0.13.0", 2],
    ["ModelOpt's scheme", { quant_method: "modelopt_fp4", kv_cache_scheme: SCHEME }, "0.26.0", 1],
    ["ModelOpt's older file", { quantization: { quant_algo: "FP8", kv_cache_quant_algo: "FP8" } }, "0.26.0", 1],
    ["ModelOpt without a type", { quant_method: "modelopt", kv_cache_quant_algo: null }, "0.26.0", 2],
    ["a scheme of llm-compressor", { quant_method: "compressed-tensors", kv_cache_scheme: SCHEME }, "0.15.0", 1],
    ["the same before vLLM read it", { quant_method: "compressed-tensors", kv_cache_scheme: SCHEME }, "0.14.0", 2],
    ["no scheme of llm-compressor", { quant_method: "compressed-tensors", kv_cache_scheme: null }, "0.26.0", 2],
    ["a key that another method does not read", { quant_method: "fp8", kv_cache_scheme: SCHEME }, "0.26.0", 2],
  ];
  for (const [what, quantization, release, bytes] of READ)
    it(`has ${bytes} bytes per number for ${what} in ${release}`, () => {
      const model = factsOf({ ...SHAPE, quantization_config: quantization }) as ModelFacts;
      const each = cacheBytes(model, { release: releaseNumber(release) ?? 0, maxModelLen: 8192 });
      assert.equal(each / (8192 * 32 * 2 * 8 * 128), bytes);
    });
  for (const [release, bytes] of [
    ["0.14.0", 2],
    ["0.15.0", 1],
    ["0.21.0", 1],
    ["0.22.0", 2],
  ] as const)
    it(`has ${bytes} bytes per number in ${release} if llm-compressor's files and --kv-cache-dtype differ`, () => {
      const quantization_config = { quant_method: "compressed-tensors", kv_cache_scheme: SCHEME };
      const model = factsOf({ ...SHAPE, quantization_config }) as ModelFacts;
      const given = { kvCacheDtype: "bfloat16", release: releaseNumber(release) ?? 0, maxModelLen: 8192 };
      assert.equal(cacheBytes(model, given) / (8192 * 32 * 2 * 8 * 128), bytes);
    });
  it("has the type of the model in layers of latents, which do not read llm-compressor's files", () => {
    const latents = { ...SHAPE, kv_lora_rank: 512, qk_rope_head_dim: 64 };
    const [plain, asked] = [undefined, { quant_method: "compressed-tensors", kv_cache_scheme: SCHEME }].map(
      (quantization_config) => factsOf({ ...latents, ...(quantization_config && { quantization_config }) }),
    ) as [ModelFacts, ModelFacts];
    const release = releaseNumber("0.26.0") ?? 0;
    assert.notEqual(plain.latent, undefined);
    assert.equal(cacheBytes(asked, { release }), cacheBytes(plain, { release }));
  });
  it("has the type of the flag, if one is set", () => {
    const quantization_config = { quant_method: "modelopt", kv_cache_quant_algo: "FP8" };
    const model = factsOf({ ...SHAPE, quantization_config }) as ModelFacts;
    assert.equal(cacheBytes(model, { kvCacheDtype: "bfloat16" }), 2 * cacheBytes(model, {}));
  });
});

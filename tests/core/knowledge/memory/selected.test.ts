import assert from "node:assert/strict";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { fit as estimate } from "../../../../core/knowledge/memory/fit.ts";
import { GIB } from "../../../../core/knowledge/memory/rank.ts";
import type { FitRequest } from "../../../../core/knowledge/memory/request.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import type { ModelInfo } from "../../../../core/knowledge/models/config/config.ts";
import { factsOf, type ModelFacts } from "../../../../core/knowledge/models/facts.ts";

const LLAMA = "meta-llama/Llama-3.1-8B-Instruct";
type How = Omit<FitRequest, "model" | "memoryGiB" | "release">;

/** A part of the estimate on an H100, in GiB; 0 if the estimate does not have it. */
function partOf(part: string, name: string, release: string, how: How = {}): number {
  const request = { memoryGiB: 79.2, ...how, model: modelNamed(name) as ModelFacts };
  const { rows } = estimate({ ...request, release: releaseNumber(release) as number });
  return (rows.find((row) => row.part === part)?.bytes ?? 0) / GIB;
}

function graphsOf(name: string, release: string, how: How = {}): number {
  return partOf("context", name, release, how) - partOf("context", name, release, { ...how, eager: true });
}

describe("the memory of graphs", () => {
  it("counts if VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS says so, from 0.18 on", () => {
    assert.equal(graphsOf(LLAMA, "0.17.0", { estimatesGraphs: true }), 0);
    assert.equal(graphsOf(LLAMA, "0.19.0"), 0);
    assert.equal(graphsOf(LLAMA, "0.19.0", { estimatesGraphs: true }), graphsOf(LLAMA, "0.20.0"));
    assert.equal(graphsOf(LLAMA, "0.20.0", { estimatesGraphs: false }), 0);
  });

  it("is a quarter larger with experts, and twice as large with latent attention", () => {
    const ofLayers = (name: string): number => {
      const { layers } = modelNamed(name) as ModelFacts;
      return (graphsOf(name, "0.20.0") - 0.1) / layers;
    };
    const dense = ofLayers(LLAMA);
    assert.ok(Math.abs(ofLayers("MiniMaxAI/MiniMax-M2") / dense - 1.25) < 1e-9);
    assert.ok(Math.abs(ofLayers("deepseek-ai/DeepSeek-R1") / dense - 2) < 1e-9);
  });

  it("includes what layers with a state hold for each token of a step, from 0.26 to 0.28", () => {
    const graphs = (release: string, maxNumBatchedTokens: number) =>
      graphsOf("Qwen/Qwen3.6-27B", release, { maxNumBatchedTokens, maxNumSeqs: 4 });
    for (const release of ["0.26.0", "0.28.0"]) assert.ok(Math.abs(graphs(release, 32_768) - 4) < 1e-9);
    for (const release of ["0.25.0", "0.29.0"]) assert.ok(graphs(release, 32_768) < 0.5);
    assert.equal(graphs("0.26.0", 1024), graphs("0.25.0", 1024));
  });
});

describe("the working memory of a step", () => {
  it("has fewer copies of the logits if VLLM_USE_FLASHINFER_SAMPLER=1, up to 0.16", () => {
    const step = (release: string, flashInferSampler: boolean) =>
      partOf("step", LLAMA, release, { ...(flashInferSampler && { flashInferSampler }) });
    for (const release of ["0.8.0", "0.16.0"]) assert.ok(step(release, false) - step(release, true) > 2.9);
    assert.equal(step("0.17.0", true), step("0.17.0", false));
  });

  it("has no inputs of experts in 8 bits and no space for FP4 with kernels that take experts as they are stored", () => {
    const saved = (name: string, moeBackend: string) =>
      partOf("step", name, "0.24.0", { maxNumSeqs: 16, textOnly: true }) -
      partOf("step", name, "0.24.0", { maxNumSeqs: 16, textOnly: true, moeBackend });
    for (const moeBackend of ["marlin", "triton"]) {
      assert.ok(Math.abs(saved("Qwen/Qwen3-235B-A22B-FP8", moeBackend) - 1.5) < 1e-9);
      assert.ok(Math.abs(saved("RedHatAI/Qwen3.6-35B-A3B-NVFP4", moeBackend) - 2.25) < 1e-9);
    }
    assert.ok(Math.abs(saved("RedHatAI/Qwen3.6-35B-A3B-NVFP4", "cutlass") - 2.25) < 1e-9);
    assert.equal(saved("Qwen/Qwen3-235B-A22B-FP8", "cutlass"), 0);
    assert.equal(saved("Qwen/Qwen3-235B-A22B-FP8", "deep_gemm"), 0);
  });

  it("has the largest matrix of AWQ in 16 bits if --quantization=awq selects the kernels that write it out", () => {
    const step = (quantization?: string, maxNumBatchedTokens = 2048) =>
      partOf("step", "Qwen/Qwen2.5-7B-Instruct-AWQ", "0.22.0", {
        maxNumSeqs: 8,
        maxNumBatchedTokens,
        ...(quantization !== undefined && { quantization }),
      });
    assert.ok(Math.abs(step("awq") - step() - (4 * 3584 * 18_944) / GIB) < 1e-9);
    assert.equal(step("awq_marlin"), step());
    assert.equal(step("awq", 128), step(undefined, 128));
  });

  it("has no space for FP4 where inputs keep 16 bits: by the model's files, and for NVFP4 on GPUs before Blackwell", () => {
    const step = (name: string, capability: number) =>
      partOf("step", name, "0.24.0", { maxNumSeqs: 16, textOnly: true, capability, maxNumBatchedTokens: 2048 });
    const [theirs, nvidias] = ["RedHatAI/Qwen3.6-35B-A3B-NVFP4", "nvidia/Qwen3.6-35B-A3B-NVFP4"] as [string, string];
    assert.ok(Math.abs(step(theirs, 120) - step(theirs, 90) - 2.25) < 1e-9);
    assert.equal(step(nvidias, 120), step(theirs, 90));
    assert.equal(step("openai/gpt-oss-120b", 120), step("openai/gpt-oss-120b", 90));
  });

  it("is that of a whole prompt on the V0 engine, which VLLM_USE_V1=0 selects up to 0.10 and old GPUs up to 0.10.1", () => {
    const step = (release: string, how: How) =>
      partOf("step", LLAMA, release, { maxModelLen: 32_768, maxNumSeqs: 8, ...how });
    const v0 = step("0.7.3", {});
    assert.ok(v0 > 2 * step("0.10.2", {}));
    for (const release of ["0.8.0", "0.10.2"]) assert.equal(step(release, { engineV0: true }), v0);
    assert.equal(step("0.11.0", { engineV0: true }), step("0.11.0", {}));
    assert.equal(step("0.9.2", { capability: 70 }), v0);
    assert.ok(step("0.10.2", { capability: 70 }) < v0);
  });

  it("is that of 0.20 in the nightlies before it, which call themselves 0.19.2", () => {
    const step = (release: string) => partOf("step", "RedHatAI/Qwen3.6-35B-A3B-NVFP4", release, { maxNumSeqs: 16 });
    assert.equal(step("0.19.2"), step("0.20.0"));
    assert.ok(step("0.20.0") - step("0.19.1") > 1.5);
  });
});

describe("the inputs of experts of four bits", () => {
  const isWide = (quantization_config: ModelInfo["quantization_config"]) =>
    factsOf({ num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2, vocab_size: 8, quantization_config })
      ?.wideInputs === true;

  it("keep 16 bits in ModelOpt's W4A16 of the whole model or of its experts", () => {
    const experts = (quant_algo: string) => ({
      quant_method: "modelopt",
      quantized_layers: {
        "model.layers.0.mlp.experts": { quant_algo },
        "model.layers.0.self_attn": { quant_algo: "FP8" },
      },
    });
    assert.deepEqual([isWide(experts("W4A16_NVFP4")), isWide(experts("NVFP4"))], [true, false]);
    const whole = (quant_algo: string) => ({ quant_method: "modelopt", quant_algo });
    assert.deepEqual([isWide(whole("W4A16_NVFP4")), isWide(whole("NVFP4"))], [true, false]);
  });

  it("keep 16 bits in groups of compressed-tensors without a form of the inputs", () => {
    const weights = { num_bits: 4, type: "float", group_size: 16 };
    const group = (input_activations: typeof weights | null) => ({
      quant_method: "compressed-tensors",
      config_groups: { group_0: { targets: ["Linear"], weights, input_activations } },
    });
    assert.deepEqual([isWide(group(null)), isWide(group(weights)), isWide({})], [true, false, false]);
  });
});

describe("a layer for multi-token prediction", () => {
  const weighs = (name: string) => partOf("draft model", name, "0.24.0", { draftLayers: 1 });

  it("is in 16 bits if the model is quantised to four", () => {
    assert.ok(Math.abs(weighs("nvidia/Qwen3.6-27B-NVFP4") - 0.79) < 0.15);
  });

  it("is stored as the model's own layers if these have eight bits, or MXFP4 from the start", () => {
    for (const name of ["Qwen/Qwen3.6-27B-FP8", "deepseek-ai/DeepSeek-V4-Flash"]) {
      const { layers } = modelNamed(name) as ModelFacts;
      const loaded = ["weights", "experts"].reduce((all, part) => all + partOf(part, name, "0.24.0"), 0);
      assert.ok(Math.abs(weighs(name) - loaded / layers) < 1e-6);
    }
  });
});

describe("the weights of a tower", () => {
  it("are not loaded from 0.15 on if all media are excluded", () => {
    const saved = (release: string, how: How = {}) => {
      const weights = (textOnly: boolean) => partOf("weights", "Qwen/Qwen3.8-27B", release, { ...how, textOnly });
      return weights(false) - weights(true);
    };
    assert.equal(saved("0.14.1"), 0);
    const { towerParameters = 0 } = modelNamed("Qwen/Qwen3.8-27B") as ModelFacts;
    assert.ok(Math.abs(saved("0.15.0") - (towerParameters * 2) / GIB) < 1e-9 && towerParameters > 0);
    // Each rank would hold it whole.
    assert.ok(Math.abs(saved("0.15.0", { tensor: 4, wholeTower: true }) - saved("0.15.0")) < 1e-9);
  });
});

describe("the V0 engine", () => {
  const step = (name: string, how: How, release = "0.8.2") => partOf("step", name, release, { engineV0: true, ...how });

  it("measures with as many pictures as a step has room for, in part on each rank", () => {
    const gemma = (how: How) => step("google/gemma-3-27b-it", { maxModelLen: 8192, ...how });
    // 16 patches of a picture become one token.
    const patches = 16 * 16_384;
    const of = (tensor: number) => (patches * (12.5 + 14 / tensor) * 1024) / GIB;
    for (const tensor of [1, 4]) {
      const found = gemma({ maxNumBatchedTokens: 16_384, tensor });
      assert.ok(Math.abs(found - of(tensor) - (16_384 * 5376 * 2) / GIB) < 1e-9, `${found}`);
    }
  });

  it("samples for as many sequences as have room for a picture or a sound each", () => {
    const sampled = (name: string) => step(name, { maxModelLen: 2048 });
    assert.ok(sampled("Qwen/Qwen2-VL-7B-Instruct") < 0.5 * sampled("Qwen/Qwen2-7B-Instruct"));
  });

  it("measures with the longest input of an encoder for each sequence", () => {
    const whisper = (maxNumSeqs: number) => step("openai/whisper-large-v3", { maxNumSeqs });
    assert.ok(Math.abs(whisper(64) / whisper(32) - 2) < 0.1);
    assert.ok(whisper(256) > 9);
  });

  it("samples while it measures, from 0.8 on also if it processes prompts in parts", () => {
    const sampled = (release: string) => step(LLAMA, { maxModelLen: 65_536, maxNumSeqs: 256 }, release);
    assert.ok(sampled("0.8.5") > sampled("0.7.3") + 0.9);
  });

  it("processes long prompts in parts unless they may have media or the attention has latents", () => {
    const tokens = (name: string, maxModelLen: number) => step(name, { maxModelLen, maxNumSeqs: 1, tensor: 8 });
    assert.equal(tokens(LLAMA, 65_536), tokens(LLAMA, 2048));
    for (const name of ["Qwen/Qwen2-VL-72B-Instruct", "deepseek-ai/DeepSeek-V2-Lite"])
      assert.ok(tokens(name, 32_769) > 3 * tokens(name, 5120));
  });
});

import assert from "node:assert/strict";
import { loadedBytes } from "../../../../core/knowledge/memory/weights.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import { factsOf, type ModelFacts } from "../../../../core/knowledge/models/facts.ts";

function weightBytes(name: string, vendor: string, quantization?: string): number {
  const model = modelNamed(name) as ModelFacts;
  return loadedBytes({ model, memoryGiB: 192, vendor, ...(quantization && { quantization }) }).weightBytes;
}

describe("the weights on AMD", () => {
  it("have longer rows of 8 bits if their bytes are a multiple of 512", () => {
    const more = (quantization?: string) =>
      weightBytes("meta-llama/Llama-3.1-8B-Instruct", "amd.com", quantization) -
      weightBytes("meta-llama/Llama-3.1-8B-Instruct", "nvidia.com", quantization);
    const rows = (32 + 2 * 8) * 128 + 2 * 14_336 + 4096 + 4096;
    assert.equal(more("fp8"), rows * 32 * 256);
    assert.equal(more(), 0);
  });

  it("have the rows as they are stored where vLLM does not pad them", () => {
    const more = (model: ModelFacts, how = {}): number => {
      const [padded, plain] = ["amd.com", "nvidia.com"].map((vendor) =>
        loadedBytes({ model, memoryGiB: 192, vendor, ...how }),
      );
      return (padded?.weightBytes ?? 0) - (plain?.weightBytes ?? 0);
    };
    const ofName = (name: string): number => more(modelNamed(name) as ModelFacts);
    assert.ok(ofName("RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8") > 0);
    assert.equal(ofName("RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8-dynamic"), 0);
    assert.equal(ofName("nvidia/Llama-3.1-8B-Instruct-FP8"), 0);
    assert.equal(ofName("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w8a8"), 0);
    const llama = modelNamed("meta-llama/Llama-3.1-8B-Instruct") as ModelFacts;
    assert.equal(more(llama, { quantization: "fp8", plainRows: true }), 0);
  });

  it("have longer rows by the strategy of the files", () => {
    const more = (strategy: string): number => {
      const weights = { num_bits: 8, type: "float", strategy };
      const model = factsOf({
        num_hidden_layers: 2,
        hidden_size: 4096,
        num_attention_heads: 32,
        vocab_size: 32000,
        quantization_config: {
          quant_method: "compressed-tensors",
          config_groups: { group_0: { targets: ["Linear"], weights } },
        },
      }) as ModelFacts;
      const how = { model, memoryGiB: 192 };
      return loadedBytes({ ...how, vendor: "amd.com" }).weightBytes - loadedBytes(how).weightBytes;
    };
    assert.ok(more("tensor") > 0);
    assert.equal(more("channel"), 0);
  });

  it("are the same as on NVIDIA for latent attention, whose shapes are not known", () => {
    const bytes = (vendor: string) => weightBytes("deepseek-ai/DeepSeek-R1", vendor);
    assert.equal(bytes("amd.com"), bytes("nvidia.com"));
  });
});

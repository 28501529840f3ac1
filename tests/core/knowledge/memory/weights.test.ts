import assert from "node:assert/strict";
import { loadedBytes } from "../../../../core/knowledge/memory/weights.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import type { ModelFacts } from "../../../../core/knowledge/models/facts.ts";

function weightBytes(name: string, vendor: string, quantization?: string): number {
  const model = modelNamed(name) as ModelFacts;
  return loadedBytes({ model, memoryGiB: 192, vendor, ...(quantization && { quantization }) }).weightBytes;
}

describe("the weights on AMD", () => {
  it("have longer rows of 8 bits where their bytes are a multiple of 512", () => {
    const more = (quantization?: string) =>
      weightBytes("meta-llama/Llama-3.1-8B-Instruct", "amd.com", quantization) -
      weightBytes("meta-llama/Llama-3.1-8B-Instruct", "nvidia.com", quantization);
    const rows = (32 + 2 * 8) * 128 + 2 * 14_336 + 4096 + 4096;
    assert.equal(more("fp8"), rows * 32 * 256);
    assert.equal(more(), 0);
  });

  it("are the same as on NVIDIA for latent attention, whose shapes are not known", () => {
    const bytes = (vendor: string) => weightBytes("deepseek-ai/DeepSeek-R1", vendor);
    assert.equal(bytes("amd.com"), bytes("nvidia.com"));
  });
});

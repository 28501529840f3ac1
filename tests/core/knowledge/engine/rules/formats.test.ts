import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import {
  formatsOf,
  leastCapability,
  refusesDtype,
  refusesFloat16,
} from "../../../../../core/knowledge/engine/rules/formats.ts";

const at = (release: string): number => releaseNumber(release) ?? 0;

describe("requirements of vLLM's releases for a format", () => {
  for (const [format, old, before, from, after] of [
    ["fp8", "0.13.0", 80, "0.14.0", 75],
    ["gptq_marlin", "0.13.0", 80, "0.14.0", 75],
    ["modelopt_mxfp8", "0.19.1", 100, "0.20.0", 80],
    ["modelopt", "0.13.0", 80, "0.14.0", 75],
    ["packed integers", "0.11.2", 80, "0.12.0", 75],
    ["compressed-tensors", "0.22.1", 75, "0.23.0", 70],
    ["compressed-tensors FP8", "0.15.1", 80, "0.16.0", 75],
    ["compressed-tensors NVFP4", "0.15.1", 80, "0.16.0", 75],
  ] as const) {
    it(`${format} needs compute capability ${before / 10} until ${old}, and ${after / 10} from ${from} on`, () => {
      assert.equal(leastCapability(format, at(old)), before);
      assert.equal(leastCapability(format, at(from)), after);
    });
  }

  const own = "cpatonn/Own-AWQ-4bit";
  for (const [stored, formats] of [
    [{ stored: "int4", name: "RedHatAI/Qwen3-8B-quantized.w4a16" }, ["packed integers"]],
    [{ stored: "int4", name: own }, ["int4"]],
    [{ stored: "int4", name: own, method: "compressed-tensors" }, ["packed integers"]],
    [{ asked: "compressed-tensors", name: own }, ["compressed-tensors"]],
    [{ asked: "compressed-tensors", stored: "fp8", name: own }, ["compressed-tensors", "compressed-tensors FP8"]],
    [{ stored: "fp8", name: "RedHatAI/Llama-3.2-1B-Instruct-FP8" }, ["compressed-tensors FP8"]],
    [{ stored: "fp8", name: "Qwen/Qwen3-8B-FP8" }, ["fp8"]],
    [{ stored: "fp8", name: own, method: "fp8" }, ["fp8"]],
    [{ asked: "gptq_marlin", stored: "int4", name: own }, ["gptq_marlin"]],
  ] as const) {
    it(`judges the accelerator of ${JSON.stringify(stored)} by ${formats}`, () => {
      assert.deepEqual(formatsOf(stored), formats);
    });
  }

  for (const [name, release, isRefused] of [
    ["gemma-3-27b-it", "0.9.0", false],
    ["gemma-3-27b-it", "0.9.1", true],
    ["gemma-3-1b-it", "0.10.1", false],
    ["gemma-3-1b-it", "0.10.2", true],
    ["qwen3-8b", "0.23.0", false],
  ] as const) {
    it(`vLLM ${release} ${isRefused ? "refuses" : "runs"} ${name} in float16`, () => {
      assert.equal(refusesFloat16({ name }, at(release)), isRefused);
    });
  }

  it("plamo2 runs in float16 from 0.27 on", () => {
    const model = { name: "own", type: "plamo2" };
    assert.deepEqual([refusesFloat16(model, at("0.26.0")), refusesFloat16(model, at("0.27.0"))], [true, false]);
  });

  it("awq is certainly refused with bfloat16 until 0.23, and only perhaps later", () => {
    assert.equal(refusesDtype("awq", "bfloat16", at("0.23.0"))?.by, "certainly");
    assert.equal(refusesDtype("awq", "bfloat16", at("0.24.0"))?.by, "perhaps");
  });
});

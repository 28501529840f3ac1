import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { leastCapability, refusesDtype, refusesFloat16 } from "../../../../../core/knowledge/engine/rules/formats.ts";

const at = (release: string): number => releaseNumber(release) ?? 0;

describe("requirements of vLLM's releases for a format", () => {
  for (const [format, old, before, from, after] of [
    ["fp8", "0.13.0", 80, "0.14.0", 75],
    ["gptq_marlin", "0.13.0", 80, "0.14.0", 75],
    ["modelopt_mxfp8", "0.19.1", 100, "0.20.0", 80],
    ["modelopt", "0.13.0", 80, "0.14.0", 75],
  ] as const) {
    it(`${format} needs compute capability ${before / 10} until ${old}, and ${after / 10} from ${from} on`, () => {
      assert.equal(leastCapability(format, at(old)), before);
      assert.equal(leastCapability(format, at(from)), after);
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

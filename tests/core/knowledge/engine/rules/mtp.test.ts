import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import {
  isMtp,
  lacksMtp,
  refusesStagesOfDspark,
  refusesStagesOfMtp,
} from "../../../../../core/knowledge/engine/rules/mtp.ts";

const of = (release: string): number => releaseNumber(release) ?? 0;

describe("multi-token prediction", () => {
  it("has the names of families, and no other method", () => {
    assert.ok(["mtp", "deepseek_mtp", "qwen3_next_mtp"].every(isMtp));
    assert.ok(!["eagle3", "ngram", "mtpx"].some(isMtp));
  });

  it("is refused for models whose type has no layers for it", () => {
    for (const model of [
      "Qwen3-8B",
      "Qwen3-30B-A3B-FP8",
      "Meta-Llama-3-8B",
      "DeepSeek-R1-Distill-Qwen-32B",
      "gpt-oss-20b",
    ])
      assert.ok(lacksMtp(model, of("0.20.0")), model);
    for (const model of [
      "Qwen3-Next-80B-A3B-Instruct",
      "Qwen3-Coder-Next",
      "Qwen3.5-27B",
      "DeepSeek-V3",
      "gemma-4-31b-it",
    ])
      assert.ok(!lacksMtp(model, of("0.20.0")), model);
    assert.ok(!lacksMtp("Qwen3-8B", of("0.14.1")));
  });

  it("cannot be divided into stages in the releases between 0.14 and 0.30", () => {
    assert.deepEqual(
      ["0.13.0", "0.14.0", "0.29.0", "0.30.0"].map((release) => refusesStagesOfMtp("GLM-5.2-FP8", of(release))),
      [false, true, true, false],
    );
    assert.ok(!refusesStagesOfMtp("NVIDIA-Nemotron-3-Super-120B", of("0.20.0")));
  });

  it("is not divided into stages as DSpark before 0.30, where the model's own layers draft", () => {
    assert.deepEqual(
      ["0.25.0", "0.29.0", "0.30.0"].map((release) => refusesStagesOfDspark("DeepSeek-V4-Flash-0731", of(release))),
      [true, true, false],
    );
    assert.ok(!refusesStagesOfDspark("Qwen3-8B", of("0.26.0")));
  });
});

import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import {
  isMtp,
  lacksMtp,
  type MtpModel,
  refusesStagesOfDspark,
  refusesStagesOfMtp,
} from "../../../../../core/knowledge/engine/rules/mtp.ts";

const known = (name: string): MtpModel => ({ name, types: [], isKnown: true });
const unknown = (name: string, ...types: string[]): MtpModel => ({ name, types, isKnown: false });
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
      assert.equal(lacksMtp(known(model), of("0.20.0")), "certainly", model);
    for (const model of [
      "Qwen3-Next-80B-A3B-Instruct",
      "Qwen3-Coder-Next",
      "Qwen3.5-27B",
      "DeepSeek-V3",
      "gemma-4-31b-it",
    ])
      assert.equal(lacksMtp(known(model), of("0.20.0")), undefined, model);
    assert.equal(lacksMtp(known("Qwen3-8B"), of("0.14.1")), undefined);
  });

  it("cannot be divided into stages in the releases between 0.14 and 0.30", () => {
    assert.deepEqual(
      ["0.13.0", "0.14.0", "0.29.0", "0.30.0"].map((release) => refusesStagesOfMtp(known("GLM-5.2-FP8"), of(release))),
      [undefined, "certainly", "certainly", undefined],
    );
    assert.equal(refusesStagesOfMtp(known("NVIDIA-Nemotron-3-Super-120B"), of("0.20.0")), undefined);
  });

  it("is judged by the type of an unknown model, and only perhaps refused by its name", () => {
    const at = of("0.25.0");
    assert.equal(refusesStagesOfMtp(unknown("corp-assistant-9b"), at), "perhaps");
    assert.equal(refusesStagesOfMtp(unknown("corp-assistant-9b", "nemotron_h"), at), undefined);
    assert.equal(refusesStagesOfMtp(unknown("corp-assistant-9b", "qwen3_5", "qwen3_5_text"), at), "certainly");
    assert.equal(refusesStagesOfMtp(unknown("corp-assistant-9b", "corp"), at), "perhaps");
    assert.equal(lacksMtp(unknown("llama-3-corp"), at), "perhaps");
    assert.equal(lacksMtp(unknown("llama-3-corp", "deepseek_v3"), at), undefined);
    assert.equal(lacksMtp(unknown("corp-assistant-9b", "llama"), at), "certainly");
    assert.equal(lacksMtp(unknown("corp-assistant-9b", "gemma3", "gemma3_text"), at), "certainly");
    assert.equal(lacksMtp(unknown("corp-assistant-9b", "corp", "llama"), at), "perhaps");
    assert.equal(refusesStagesOfDspark(unknown("deepseek-v4-corp"), at), "perhaps");
    assert.equal(refusesStagesOfDspark(unknown("corp-assistant-9b", "deepseek_v4"), at), "certainly");
  });

  it("is not divided into stages as DSpark before 0.30, if the model's own layers draft", () => {
    assert.deepEqual(
      ["0.25.0", "0.29.0", "0.30.0"].map((release) =>
        refusesStagesOfDspark(known("DeepSeek-V4-Flash-0731"), of(release)),
      ),
      ["certainly", "certainly", undefined],
    );
    assert.equal(refusesStagesOfDspark(known("Qwen3-8B"), of("0.26.0")), undefined);
  });
});

import assert from "node:assert/strict";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { fit as estimate } from "../../../../core/knowledge/memory/fit.ts";
import { GIB } from "../../../../core/knowledge/memory/rank.ts";
import type { FitRequest } from "../../../../core/knowledge/memory/request.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import { factsOf, type ModelFacts } from "../../../../core/knowledge/models/facts.ts";

type How = Omit<FitRequest, "model" | "memoryGiB" | "release">;

function stepOf(name: string, release: string, how: How = {}): number {
  const request = { memoryGiB: 79.2, maxNumSeqs: 8, maxNumBatchedTokens: 2048, ...how };
  const model = modelNamed(name) as ModelFacts;
  const { rows } = estimate({ ...request, release: releaseNumber(release) as number, model });
  return (rows.find(({ part }) => part === "step")?.bytes ?? 0) / GIB;
}
const near = (one: number, other: number, most = 0.01): void =>
  assert.ok(Math.abs(one - other) < most, `${one} ${other}`);

/** What the tower holds for so many patches on one rank. */
const held = (patches: number): number => (patches * 26.5 * 1024) / GIB;

describe("the memory of a tower", () => {
  const VIDEOS = "Qwen/Qwen2.5-VL-7B-Instruct";

  it("is not held at the same time as that of the language model", () => {
    const [seen, unseen] = [false, true].map((textOnly) =>
      stepOf("Qwen/Qwen3.5-9B", "0.24.0", { maxNumBatchedTokens: 65_536, textOnly }),
    ) as [number, number];
    // The tokens of the pictures stay.
    near(seen - unseen, (65_536 * 4096 * 2) / GIB);
    near(stepOf("Qwen/Qwen3.5-9B", "0.24.0"), held(16_384 * 4));
  });

  it("is that of as many of the largest pictures as a step has room for, or of one", () => {
    const gemma = (maxNumBatchedTokens: number) => stepOf("google/gemma-4-31B-it", "0.24.0", { maxNumBatchedTokens });
    near(gemma(2048), held(2496 * 9));
    near(gemma(8192), held(3 * 2496 * 9));
  });

  it("is that of a video of as many pictures as a sequence has room for, seven at most, with Qwen2-VL and Qwen2.5-VL", () => {
    const video = (maxModelLen: number, release = "0.22.0") => stepOf(VIDEOS, release, { maxModelLen });
    // A log of 0.22 reports 15.5 GiB with the context of 128000 tokens, most of them in the step.
    near(video(128_000), 15.3, 0.1);
    near(video(32_768), 2 * video(16_384));
    near(video(32_768, "0.10.1"), video(16_384));
    near(stepOf(VIDEOS, "0.22.0", { withoutVideos: true }), video(16_384));
    near(stepOf(VIDEOS, "0.22.0", { vendor: "google.com" }), video(16_384));
  });

  it("is that of a video of many frames with GLM-4.1V, and of as many as a sequence has room for with InternVL3", () => {
    const step = (name: string, maxModelLen: number, how: How = {}) => stepOf(name, "0.22.0", { maxModelLen, ...how });
    near(step("zai-org/GLM-4.1V-9B-Thinking", 65_536), held(30_000 * 4) * 1.4, 0.1);
    near(step("OpenGVLab/InternVL3-8B", 32_768), (held(32_768 * 4) * 1024) / 1300, 0.1);
    const share = (12.5 + 14 / 8) / 26.5;
    near(step("OpenGVLab/InternVL3-78B", 32_768, { tensor: 8 }), (held(32_768 * 4) * share * 3200) / 1300, 0.1);
  });

  it("is that of a step's tokens where a flag sets the size of pictures", () => {
    assert.ok(stepOf(VIDEOS, "0.22.0", { sizedMedia: true }) < stepOf(VIDEOS, "0.22.0", { withoutVideos: true }) / 5);
  });

  it("keeps the tokens of a video with its time stamps with Qwen3-VL, from 0.11 to 0.12", () => {
    const step = (release: string, how: How = {}) => stepOf("Qwen/Qwen3-VL-8B-Instruct", release, how);
    // Its budget is that of vllm-project/vllm#27992.
    const kept = (153_600 * 4096 * 8) / GIB;
    assert.ok(step("0.11.0") > kept && step("0.11.0") < kept + 0.3);
    assert.equal(step("0.12.0"), step("0.11.0"));
    near(step("0.13.0"), held(16_384 * 4));
    near(step("0.11.0", { withoutVideos: true }), step("0.13.0"));
  });

  it("is shared by the ranks, or whole on each if these share the pictures", () => {
    const shared = stepOf(VIDEOS, "0.22.0", { tensor: 4 });
    const own = stepOf(VIDEOS, "0.22.0", { tensor: 4, wholeTower: true });
    near(own, stepOf(VIDEOS, "0.22.0"));
    assert.ok(shared < 0.7 * own);
  });

  it("is there in addition to the language model's where released memory does not serve it: from 0.27 to 0.30", () => {
    const added = (release: string) => {
      const [seen, unseen] = [false, true].map((textOnly) =>
        stepOf("google/gemma-4-31B-it", release, { maxNumBatchedTokens: 8192, maxNumSeqs: 256, textOnly }),
      ) as [number, number];
      return seen - unseen;
    };
    for (const release of ["0.27.0", "0.30.0"]) assert.ok(added(release) > held(3 * 2496 * 9));
    assert.ok(added("0.31.0") < added("0.30.0") - 0.5);
  });
});

describe("what a config says of pictures", () => {
  const picturesOf = (info: object) =>
    factsOf({ num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2, vocab_size: 8, ...info })?.pictures;

  it("is by the type of the vision part or of the model, or by the size of the pictures", () => {
    assert.equal(picturesOf({ vision_config: { model_type: "pixtral" }, model_type: "mistral3" })?.largest, 3025);
    assert.equal(picturesOf({ vision_config: {}, model_type: "qwen2_vl" })?.videoPictures, 7);
    const one = { vision_config: { image_size: 896, patch_size: 14 }, mm_tokens_per_image: 256 };
    assert.deepEqual(picturesOf(one), { patches: 16, largest: 256 });
    assert.equal(picturesOf({ vision_config: {} }), undefined);
  });
});

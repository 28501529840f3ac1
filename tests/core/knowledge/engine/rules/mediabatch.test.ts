import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { type MediaModel, wholeMedia } from "../../../../../core/knowledge/engine/rules/mediabatch.ts";

const CASES: [model: MediaModel, release: string, tokens: number | undefined, reason: string][] = [
  [{ name: "gemma-4-26B-A4B-it" }, "0.23.0", 2496, "a size of Gemma 4 whose media attend in both directions"],
  [{ name: "gemma-4-26B-A4B-it" }, "0.19.1", undefined, "a release that splits its media"],
  [{ name: "gemma-4-E4B-it" }, "0.23.0", undefined, "a size whose media attend backwards"],
  [{ name: "x", type: "gemma4", attention: "vision" }, "0.23.0", 2496, "the same by the config"],
  [{ name: "gemma-4-31B-it", type: "gemma4", attention: null }, "0.23.0", undefined, "a config without it"],
  [{ name: "gemma-3-27b-it" }, "0.13.0", 256, "an image of Gemma 3"],
  [{ name: "gemma-3-1b-it" }, "0.13.0", undefined, "a size without images"],
  [{ name: "Qwen3-VL-8B-Instruct" }, "0.23.0", undefined, "another family"],
];

describe("media that vLLM does not split over steps", () => {
  for (const [model, release, tokens, reason] of CASES) {
    it(`${tokens === undefined ? "are none" : `have ${tokens} tokens`} in ${model.name} (${model.type ?? "by name"}) and vLLM ${release}: ${reason}`, () => {
      assert.equal(wholeMedia(model, releaseNumber(release) ?? 0)?.tokens, tokens);
    });
  }
});

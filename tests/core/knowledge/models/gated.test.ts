import assert from "node:assert/strict";
import { isGated } from "../../../../core/knowledge/models/gated.ts";

describe("the repositories of the Hugging Face Hub that are gated", () => {
  const rows: [uri: string, gated: boolean | undefined][] = [
    ["hf://meta-llama/Llama-3.3-70B-Instruct", true],
    ["hf://meta-llama/Llama-4-Scout-17B-16E-Instruct:main", true],
    ["hf://google/gemma-3-27b-it", true],
    ["hf://google/gemma-2b-it", true],
    ["hf://google/embeddinggemma-300m", true],
    ["hf://CohereLabs/cohere-transcribe-03-2026", true],
    ["hf://CohereLabs/aya-expanse-32b", undefined],
    ["hf://google/gemma-4-31B-it", undefined],
    ["hf://RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8", false],
    ["hf://Qwen/Qwen3-8B@main", false],
    ["hf://mistralai/Mistral-7B-Instruct-v0.3", undefined],
    ["hf://team/own", undefined],
    ["hf://gpt2", undefined],
  ];
  for (const [uri, gated] of rows)
    it(`${uri} is ${gated === undefined ? "not known to be gated or public" : gated ? "gated" : "public"}`, () =>
      assert.equal(isGated(uri), gated));
});

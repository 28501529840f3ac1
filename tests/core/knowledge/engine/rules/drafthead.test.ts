import assert from "node:assert/strict";
import { isHeadOfOther } from "../../../../../core/knowledge/engine/rules/drafthead.ts";

/** Heads, the models that are served with them, and whether the names differ. */
const ROWS: readonly (readonly [head: string, served: string, isOther: boolean])[] = [
  ["lmsys/EAGLE3-gpt-oss-120b-bf16", "openai/gpt-oss-120b", false],
  ["nvidia/gpt-oss-120b-Eagle3", "openai/gpt-oss-20b", true],
  ["AngelSlim/Qwen3-8B_eagle3", "Qwen/Qwen3-8B-FP8", false],
  ["RedHatAI/Qwen3-32B-speculator.eagle3", "Qwen/Qwen3-8B", true],
  ["RedHatAI/Qwen3-30B-A3B-speculator.eagle3", "Qwen/Qwen3-30B-A3B-Instruct-2507", false],
  ["yuhuili/EAGLE-Qwen2-7B-Instruct", "Qwen/Qwen2.5-7B-Instruct", false],
  ["yuhuili/EAGLE-Qwen2-7B-Instruct", "Qwen/Qwen3-7B", true],
  ["yuhuili/EAGLE3-LLaMA3.1-Instruct-8B", "Qwen/Qwen3-8B", true],
  ["yuhuili/EAGLE-LLaMA3-Instruct-8B", "meta-llama/Llama-3.1-8B-Instruct", false],
  ["yuhuili/EAGLE3-DeepSeek-R1-Distill-LLaMA-8B", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B", false],
  ["/mnt/models/eagle", "Qwen/Qwen3-8B", false],
  ["Qwen/Qwen3-0.6B", "meta-llama/Llama-3.1-8B-Instruct", false],
];

describe("a head that drafts", () => {
  for (const [head, served, isOther] of ROWS)
    it(`${head} ${isOther ? "belongs to another model than" : "may belong to"} ${served}`, () =>
      assert.equal(isHeadOfOther(head, `hf://${served}`), isOther));
});

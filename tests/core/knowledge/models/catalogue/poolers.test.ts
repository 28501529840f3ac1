import assert from "node:assert/strict";
import { fit as estimate } from "../../../../../core/knowledge/memory/fit.ts";
import { GIB } from "../../../../../core/knowledge/memory/rank.ts";
import { modelNamed } from "../../../../../core/knowledge/models/catalogue/catalogue.ts";
import { POOLERS } from "../../../../../core/knowledge/models/catalogue/poolers.ts";
import { factsOf, type ModelFacts } from "../../../../../core/knowledge/models/facts.ts";

const XLM = {
  model_type: "xlm-roberta",
  num_hidden_layers: 24,
  hidden_size: 1024,
  num_attention_heads: 16,
  vocab_size: 250002,
};
const partOf = (result: ReturnType<typeof estimate>, part: string): number =>
  (result.rows.find((row) => row.part === part)?.bytes ?? 0) / GIB;

describe("embedding models and rerankers", () => {
  it("make vectors or scores, so that a step has no logits", () => {
    const writers = POOLERS.filter(([id]) => modelNamed(id)?.pooling !== true).map(([id]) => id);
    assert.deepEqual(
      writers.filter((id) => !id.includes("Reranker")),
      [],
    );
  });

  it("accept 512 tokens if the config has 514 positions, like RoBERTa", () => {
    const facts = factsOf({ ...XLM, max_position_embeddings: 514 });
    assert.deepEqual([facts?.maxPositions, facts?.statedPositions], [512, 514]);
    assert.equal(factsOf({ ...XLM, model_type: "bert", max_position_embeddings: 512 })?.statedPositions, undefined);
    const rotary = { ...XLM, max_position_embeddings: 8194, position_embedding_type: "rotary" };
    assert.equal(factsOf(rotary)?.maxPositions, 8194);
  });

  it("accept as many tokens as sentence-transformers truncate a text to", () => {
    const { maxPositions, statedPositions } = modelNamed("sentence-transformers/all-MiniLM-L6-v2") as ModelFacts;
    assert.deepEqual([maxPositions, statedPositions], [256, 512]);
  });

  it("have a guessed context if only the shape of the family is known", () => {
    assert.equal(modelNamed("openbmb/MiniCPM4-8B")?.guessedPositions, true);
    assert.equal(modelNamed("meta-llama/Llama-3.1-8B")?.guessedPositions, undefined);
    assert.equal(modelNamed("BAAI/bge-m3")?.guessedPositions, undefined);
  });

  it("cache nothing with bidirectional attention, and are limited only by memory", () => {
    const result = estimate({ model: modelNamed("Alibaba-NLP/gte-Qwen2-7B-instruct") as ModelFacts, memoryGiB: 22 });
    assert.equal(partOf(result, "KV cache"), 0);
    assert.deepEqual([result.budget / GIB, result.cacheTokens, result.concurrency], [22, 0, 0]);
    assert.notEqual(result.verdict, "exceeds");
  });

  it("keep a cache with causal attention", () => {
    const result = estimate({ model: modelNamed("intfloat/e5-mistral-7b-instruct") as ModelFacts, memoryGiB: 44 });
    assert.equal(partOf(result, "KV cache"), 4);
  });

  it("are loaded in 16 bits if their files have 32", () => {
    const model = modelNamed("BAAI/bge-m3") as ModelFacts;
    assert.ok(Math.abs(partOf(estimate({ model, memoryGiB: 22 }), "weights") - 1.06) < 0.01);
    assert.ok(Math.abs(partOf(estimate({ model, memoryGiB: 22, dtype: "float32" }), "weights") - 2.12) < 0.01);
  });
});

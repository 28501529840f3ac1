import assert from "node:assert/strict";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { fit as estimate } from "../../../../core/knowledge/memory/fit.ts";
import { GIB } from "../../../../core/knowledge/memory/rank.ts";
import type { FitRequest } from "../../../../core/knowledge/memory/request.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import type { ModelFacts } from "../../../../core/knowledge/models/facts.ts";

const LLAMA = "meta-llama/Llama-3.1-8B-Instruct";

/** A part of the estimate, in GiB; 0 if the estimate does not have it. */
function partOf(part: string, name: string, request: Omit<FitRequest, "model">): number {
  const { rows } = estimate({ ...request, model: modelNamed(name) as ModelFacts });
  return (rows.find((row) => row.part === part)?.bytes ?? 0) / GIB;
}
const at = (release: string) => ({ release: releaseNumber(release) as number });

describe("the memory that vLLM uses in addition to weights and cache, by release", () => {
  it("has no graphs if Model Runner V2 does not count them: dense models from 0.25 to 0.28", () => {
    const context = (name: string, release: string, eager: boolean) =>
      partOf("context", name, { memoryGiB: 79.2, eager, ...at(release) });
    const graphs = (name: string, release: string) => context(name, release, false) - context(name, release, true);
    for (const release of ["0.25.0", "0.28.0"]) {
      assert.equal(graphs(LLAMA, release), 0);
      assert.ok(graphs("openai/gpt-oss-20b", release) > 0.5);
      assert.equal(graphs("Qwen/Qwen2.5-VL-7B-Instruct", release), 0);
    }
    for (const release of ["0.24.0", "0.29.0"]) assert.ok(graphs(LLAMA, release) > 0.4);
  });

  it("has no workspace of FlashInfer in Model Runner V2, whose profile leaves attention out, and fewer copies of the logits", () => {
    const request = { memoryGiB: 79.2, eager: true };
    const of = (part: string, release: string) => partOf(part, LLAMA, { ...request, ...at(release) });
    assert.ok(Math.abs(of("context", "0.24.0") - of("context", "0.29.0") - 0.5) < 1e-9);
    assert.ok(of("step", "0.24.0") - of("step", "0.31.0") > 0.5);
  });

  it("is that of the runner that VLLM_USE_V2_MODEL_RUNNER selects, from 0.22 on", () => {
    const step = (release: string, runnerV2?: boolean) =>
      partOf("step", LLAMA, { memoryGiB: 79.2, ...at(release), ...(runnerV2 !== undefined && { runnerV2 }) });
    assert.equal(step("0.31.0", false), step("0.24.0"));
    assert.equal(step("0.24.0", true), step("0.31.0"));
    assert.equal(step("0.21.0", true), step("0.21.0"));
  });

  it("counts blocks that the allocator keeps from the profiling run from 0.27 to 0.30", () => {
    const step = (release: string) =>
      partOf("step", "Qwen/Qwen3-32B", { memoryGiB: 95, capability: 120, ...at(release) });
    const [before, kept, last, after] = ["0.26.0", "0.27.0", "0.30.0", "0.31.0"].map(step) as [
      number,
      number,
      number,
      number,
    ];
    assert.ok(kept - before > 1 && kept - before < 1.5, `${before} ${kept}`);
    assert.deepEqual([last, after], [kept, before]);
  });

  it("has buffers for communication between ranks on Hopper and data-centre Blackwell, and small ones on other GPUs with as much memory", () => {
    const context = (capability: number, how: object = {}) =>
      partOf("context", LLAMA, { memoryGiB: 95, tensor: 2, capability, ...at("0.20.0"), ...how });
    assert.deepEqual([context(100), context(103)], [context(90), context(90)]);
    for (const other of [80, 89, 120]) assert.ok(Math.abs(context(90) - context(other) - 1.9) < 1e-9, `${other}`);
  });

  it("fuses the sum over tensor ranks from 0.21 on also if there are data-parallel ranks or pipeline stages", () => {
    const context = (release: string, how: object) =>
      partOf("context", LLAMA, { memoryGiB: 79.2, tensor: 2, ...at(release), ...how });
    for (const how of [{ data: 2 }, { pipeline: 2 }]) {
      assert.ok(context("0.20.0", {}) - context("0.20.0", how) > 1);
      assert.ok(context("0.21.0", {}) - context("0.21.0", how) < 0.7);
    }
  });

  it("has a cache for the original context of LongRoPE from 0.11.1 on if no length is set", () => {
    const cache = (release: string, how: object = {}) =>
      partOf("KV cache", "microsoft/Phi-3.5-mini-instruct", { memoryGiB: 79.2, ...at(release), ...how });
    assert.equal(cache("0.11.0"), cache("0.11.0", { maxModelLen: 131072 }));
    assert.equal(cache("0.11.1"), cache("0.11.1", { maxModelLen: 4096 }));
    assert.ok(cache("0.11.1", { maxModelLen: 131072 }) > 8 * cache("0.11.1"));
  });

  it("has no tower's memory without media, from 0.10.1 on", () => {
    const saved = (release: string) => {
      const step = (textOnly: boolean) =>
        partOf("step", "Qwen/Qwen2.5-VL-7B-Instruct", { memoryGiB: 79.2, maxNumSeqs: 8, textOnly, ...at(release) });
      return step(false) - step(true);
    };
    assert.equal(saved("0.10.0"), 0);
    assert.ok(saved("0.10.1") > 0.1);
    assert.ok(saved("0.24.0") > 0.1);
  });

  it("includes the node's cache of the files if the GPU shares its memory", () => {
    const kept = (unified: boolean) =>
      partOf("page cache", LLAMA, { memoryGiB: 121.7, unified, maxModelLen: 8192, ...at("0.20.0") });
    assert.equal(kept(false), 0);
    assert.ok(kept(true) > 2 && kept(true) < 2.2);
    const newer = partOf("page cache", LLAMA, { memoryGiB: 121.7, unified: true, maxModelLen: 8192, ...at("0.27.0") });
    assert.ok(Math.abs(newer - kept(true) - 2) < 1e-9);
  });

  it("keeps one entry of DeepSeek V4's indexer for four tokens", () => {
    const step = (maxModelLen: number) =>
      partOf("step", "deepseek-ai/DeepSeek-V4-Pro", { memoryGiB: 141, tensor: 8, maxModelLen });
    assert.ok(Math.abs(step(800_000) - step(8192) - 0.97) < 0.05);
  });

  it("holds a whole tower on each rank if the ranks share the images", () => {
    const weights = (how: object) =>
      partOf("weights", "Qwen/Qwen2.5-VL-7B-Instruct", { memoryGiB: 79.2, tensor: 4, ...how });
    const more = weights({ wholeTower: true }) - weights({});
    assert.ok(more > 0.75 && more < 1.1, `${more}`);
  });

  it("holds copies of experts, spread over the ranks", () => {
    const wide = { memoryGiB: 139.8, data: 16, expertParallel: true };
    const copies = (redundantExperts: number) =>
      partOf("copies of experts", "deepseek-ai/DeepSeek-R1", { ...wide, redundantExperts });
    assert.equal(copies(0), 0);
    // An expert has 42 MiB in each of 61 layers.
    assert.ok(Math.abs(copies(32) - (32 * 42 * 61) / 1024 / 16) < 0.01, `${copies(32)}`);
  });

  it("captures each batch with and without an adapter if room for adapters is reserved", () => {
    const context = (how: object) => partOf("context", LLAMA, { memoryGiB: 79.2, ...at("0.20.0"), ...how });
    const graphs = (how: object) => context(how) - context({ ...how, eager: true });
    const adapters = { count: 1, rank: 16 };
    assert.ok(Math.abs(graphs({ adapters }) - (2 * graphs({}) - 0.1)) < 1e-9);
  });
});

import assert from "node:assert/strict";
import { fit as estimate } from "../../../../core/knowledge/memory/fit.ts";
import { modelNamed } from "../../../../core/knowledge/models/catalogue/catalogue.ts";
import type { ModelFacts } from "../../../../core/knowledge/models/facts.ts";
import { fitOfPlan } from "../../../../core/views/fit/fit.ts";
import { planned } from "../explain/plans.ts";

const LLAMA_70B = { model: { uri: "hf://meta-llama/Llama-3.1-70B-Instruct" } };

describe("the fit of a service", () => {
  it("is estimated for each role on its own accelerator", () => {
    const { fits, roles, notEstimated } = fitOfPlan(
      planned({
        parallelism: { tensor: 2 },
        accelerator: "nvidia-l4",
        prefill: { parallelism: { tensor: 1 }, accelerator: "nvidia-h100-80gb" },
        router: { scheduler: {} },
      }),
    );
    assert.deepEqual([fits, notEstimated], [true, []]);
    assert.deepEqual(
      roles.map(({ role, accelerator, memoryGiB, tensor }) => [role, accelerator, memoryGiB, tensor]),
      [
        ["main", "nvidia-l4", 22.05, 2],
        ["prefill", "nvidia-h100-80gb", 79.2, 1],
      ],
    );
  });

  it("names the smallest tensor-parallel size and the longest context that fit", () => {
    const spec = { ...LLAMA_70B, parallelism: { tensor: 2 }, accelerator: "nvidia-h100-80gb" };
    const { fits, roles } = fitOfPlan(planned(spec));
    const { tensor, maxModelLen = 0 } = roles[0]?.limits ?? {};
    assert.deepEqual([fits, tensor], [false, 4]);
    const fitting = (length: number): boolean =>
      estimate({
        model: modelNamed("meta-llama/Llama-3.1-70B-Instruct") as ModelFacts,
        memoryGiB: 79.2,
        release: 23_000_000,
        tensor: 2,
        maxModelLen: length,
      }).fits;
    assert.deepEqual([fitting(maxModelLen), fitting(maxModelLen + 256)], [true, false]);
  });

  it("names both limits when the model fits, with the model's own context as the maximum", () => {
    const spec = { parallelism: { tensor: 2 }, accelerator: "nvidia-h100-80gb", tuning: { maxModelLen: 4096 } };
    assert.deepEqual(fitOfPlan(planned(spec)).roles[0]?.limits, { tensor: 1, maxModelLen: 32768 });
  });

  it("leaves out the memory of towers for media that the flags exclude, or that vLLM does not measure", () => {
    const step = (...args: string[]): number | undefined => {
      const template = { containers: [{ name: "main", args: ["--limit-mm-per-prompt.audio=0", ...args] }] };
      const model = { uri: "hf://Qwen/Qwen2.5-VL-7B-Instruct" };
      const spec = { model, accelerator: "nvidia-h100-80gb", tuning: { maxModelLen: 65_536 }, template };
      return fitOfPlan(planned(spec)).roles[0]?.rows.find(({ part }) => part === "step")?.bytes;
    };
    const all = step() ?? 0;
    const none = step("--language-model-only") ?? 0;
    assert.ok(none > 0 && none < all / 2);
    assert.equal(step("--limit-mm-per-prompt.image=0", "--limit-mm-per-prompt.video=0"), none);
    assert.equal(step("--skip-mm-profiling"), none);
    assert.equal(step("--limit-mm-per-prompt.image=0"), all);
    assert.equal(step("--limit-mm-per-prompt.image=0", "--limit-mm-per-prompt.video=1"), all);
    const pictures = step("--limit-mm-per-prompt.video=0") ?? 0;
    assert.ok(pictures < all / 2 && pictures > none);
    for (const value of ['{"image":2,"video":0}', "image=2,video=0"])
      assert.equal(step("--limit-mm-per-prompt", value), pictures);
    for (const flag of ['={"image":{"count":2},"video":{"count":0}}', ".video.count=0"])
      assert.equal(step(`--limit-mm-per-prompt${flag}`), pictures);
    assert.equal(step('--limit-mm-per-prompt={"image":{"count":0},"video":{"count":0}}'), none);
    assert.equal(step('--limit-mm-per-prompt={"image":{"count":2},"video":{"count":1}}'), all);
    const small = '{"image":{"count":1,"width":512,"height":512},"video":{"count":1,"num_frames":8}}';
    assert.ok((step("--limit-mm-per-prompt", small) ?? 0) < all / 2);
    assert.ok((step('--mm-processor-kwargs={"max_pixels":1003520}') ?? 0) < all / 2);
  });

  it("follows the variables that select an engine, a sampler and whether graphs count", () => {
    const reserved = (image: string, name = "NONE", value = "1"): number => {
      const containers = [{ name: "main", image: `vllm/vllm-openai:${image}`, env: [{ name, value }] }];
      const spec = { model: { uri: "hf://meta-llama/Llama-3.1-8B-Instruct" }, accelerator: "nvidia-h100-80gb" };
      const rows = fitOfPlan(planned({ ...spec, template: { containers } })).roles[0]?.rows ?? [];
      return rows.reduce((all, { part, bytes }) => all + (["step", "context"].includes(part) ? bytes : 0), 0);
    };
    assert.ok(reserved("v0.10.0", "VLLM_USE_V1", "0") < reserved("v0.10.0"));
    assert.ok(reserved("v0.12.0", "VLLM_USE_FLASHINFER_SAMPLER") < reserved("v0.12.0"));
    const graphs = "VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS";
    assert.ok(reserved("v0.19.0", graphs) > reserved("v0.19.0"));
    assert.ok(reserved("v0.22.0", graphs, "0") < reserved("v0.22.0"));
    assert.equal(reserved("v0.22.0", graphs, "no"), reserved("v0.22.0"));
  });

  it("is described with as many digits as show that the budget is within the memory", () => {
    const containers = [{ name: "main", args: ["--kv-cache-memory-bytes=6500000000"] }];
    const spec = { model: { uri: "hf://meta-llama/Llama-3.1-8B-Instruct" }, accelerator: "nvidia-l4" };
    const { issues } = planned({ ...spec, tuning: { maxModelLen: 8192 }, template: { containers } });
    const found = issues.find(({ code }) => code === "MemoryFit");
    assert.match(found?.message ?? "", /needs about 22\.87 GiB, and vLLM may use 22\.05 of 22\.05 GiB/);
  });

  it("contains the cache of the given number of sequences", () => {
    const plan = planned({ accelerator: "nvidia-l4", tuning: { maxModelLen: 32768 } });
    assert.deepEqual(
      [1, 4].map((concurrency) => fitOfPlan(plan, concurrency).fits),
      [true, false],
    );
  });

  for (const [what, spec, fix] of [
    ["a model that is unknown", { model: { uri: "hf://acme/own" }, accelerator: "nvidia-l4" }, /modelInfo/],
    ["a pod without an accelerator", {}, /set accelerator/],
    [
      "GPUs that nothing names",
      {
        parallelism: { tensor: 1 },
        template: { containers: [{ name: "main", resources: { limits: { "nvidia.com/gpu": "1" } } }] },
      },
      /node selector/,
    ],
    [
      "an engine that is not vLLM",
      { accelerator: "nvidia-l4", template: { containers: [{ name: "main", command: ["sglang"] }] } },
      /pass the vLLM flags/,
    ],
  ] as const) {
    it(`is not estimated, which is reported, for ${what}`, () => {
      const { fits, roles, notEstimated } = fitOfPlan(planned(spec));
      assert.deepEqual([fits, roles, notEstimated.length], [false, [], 1]);
      assert.match(notEstimated[0]?.fix ?? "", fix);
    });
  }
});

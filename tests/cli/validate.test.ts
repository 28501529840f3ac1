import assert from "node:assert/strict";
import { call, config, service } from "./cli.ts";

/** A user that the presets do not set. */
const USER = { securityContext: { runAsUser: 1000 } };
const H100 = { accelerator: "nvidia-h100-80gb" };
const LARGE = { model: { uri: "hf://meta-llama/Llama-3.1-70B-Instruct" }, ...H100 };
const DISAGGREGATED = { ...H100, router: { route: {}, scheduler: {} } };
const main = (container: object) => ({ template: { containers: [{ name: "main", ...container }] } });
const gpus = (count: string) => main({ resources: { limits: { "nvidia.com/gpu": count } } });

interface Mistake {
  spec: object;
  /** The same place in the corrected file. */
  right: object;
  /** The finding, and the fix. */
  finds: RegExp[];
}

/**
 * Faults that cost users days, because the engine would have started and failed, or would have run with a wrong result.
 */
const COMMON: Readonly<Record<string, Mistake>> = {
  "tensor 8 on four GPUs": {
    spec: { ...LARGE, parallelism: { tensor: 8 }, ...gpus("4") },
    right: gpus("8"),
    finds: [/Conflict spec\.template.*nvidia\.com\/gpu.*4 devices.*needs 8 — set nvidia\.com\/gpu to 8/],
  },
  "70 billion parameters of 16 bits on one GPU of 80 GB": {
    spec: LARGE,
    right: { parallelism: { tensor: 4 } },
    finds: [/MemoryFit .*needs 175\.9 GiB.*weights 131\.4.*KV cache 40\.0.* — set parallelism\.tensor to 4/],
  },
  "heads that tensor does not divide": {
    spec: { ...H100, parallelism: { tensor: 8 } },
    right: { parallelism: { tensor: 4 } },
    finds: [/ModelShape .*28 attention heads — set parallelism\.tensor to 1, 2 or 4/],
  },
  "prefill and decode with other block sizes": {
    spec: { ...DISAGGREGATED, tuning: { blockSize: 48 }, prefill: { ...H100, tuning: { blockSize: 64 } } },
    right: { tuning: { blockSize: 64 } },
    finds: [/RolesDisagree .*48 on decode but 64 on prefill.* — set the same value for both roles/],
  },
  "a pipeline without effect": {
    spec: { ...H100, parallelism: { pipeline: 2 }, ...main({ args: ["--pipeline-parallel-size=1"] }) },
    right: main({}),
    finds: [/Conflict .*is 1 in args \(service\), but spec\.parallelism sets it to 2 — remove the flag/],
  },
  "an accelerator that there is not": {
    spec: { accelerator: "h100-sxm" },
    right: H100,
    finds: [/UnknownAccelerator spec\.accelerator .*did you mean nvidia-h100-80gb\?/],
  },
  "flags that the release of vLLM does not have": {
    spec: {
      ...H100,
      ...main({
        image: "vllm/vllm-openai:v0.10.0",
        ...USER,
        args: ["--kv-cache-memory-bytes=10G", "--max-modellen=8k"],
      }),
    },
    right: main({
      image: "vllm/vllm-openai:v0.10.2",
      ...USER,
      args: ["--kv-cache-memory-bytes=10G", "--max-model-len=8k"],
    }),
    finds: [/FlagTooNew .*or run vLLM 0\.10\.2 or later/, /UnknownFlag .*did you mean --max-model-len\?/],
  },
};

describe("kserve-llm validate", () => {
  it("validates services and configs with shorthands", async () => {
    const files = {
      "all.yaml": [config("base", { tuning: { maxModelLen: 4096 } }), service({ accelerator: "nvidia-l4" })],
    };
    assert.deepEqual(await call(["validate", "-f", "all.yaml"], files), {
      code: 0,
      out: "all.yaml#1: LLMInferenceServiceConfig base: valid\nall.yaml#2: LLMInferenceService chat: valid\n",
      err: "",
    });
  });

  for (const [name, { spec, right, finds }] of Object.entries(COMMON)) {
    it(`${name}: names a fix, and accepts the corrected file`, async () => {
      const files = { "wrong.yaml": service(spec), "right.yaml": service({ ...spec, ...right }) };
      const { code, out, err } = await call(["validate", "-f", "wrong.yaml", "-f", "right.yaml"], files);
      assert.equal(code, 1);
      const lines = err.trimEnd().split("\n");
      assert.ok(
        lines.every((line) => line.startsWith("wrong.yaml: error ") || line.includes(".yaml: info GatedModel ")),
        err,
      );
      for (const found of finds) assert.match(err, found);
      assert.match(out, /right\.yaml: LLMInferenceService chat: valid/);
    });
  }

  it("names what is wrong with the shorthands of a config", async () => {
    const { code, err } = await call(["validate", "-f", "c.yaml"], {
      "c.yaml": config("base", { tuning: { maxLen: 1 } }),
    });
    assert.equal(code, 1);
    assert.match(err, /error UnknownField spec\.tuning\.maxLen \(config default\/base\)/);
  });
});

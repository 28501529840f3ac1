import assert from "node:assert/strict";
import { API_VERSION } from "../../../../core/api/service.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";
import type { JsonObject } from "../../../../core/kubernetes/json.ts";
import { type PartialInput, planOf } from "./plan.ts";

const QWEN = { model: { uri: "hf://Qwen/Qwen3-8B" }, accelerator: "nvidia-h100-80gb" };

function issuesOf(spec: JsonObject, input?: PartialInput): Issue[] {
  return planOf({ ...QWEN, ...spec }, input).issues;
}

function config(spec: JsonObject): JsonObject {
  return {
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig",
    metadata: { name: "lengths", namespace: "team" },
    spec,
  };
}

describe("a setting of tuning that the engine refuses", () => {
  it("is reported where it is written, with a fix of that field in its own type", () => {
    const [found, ...others] = issuesOf({ tuning: { maxModelLen: 99000 } });
    assert.deepEqual(others, []);
    assert.deepEqual([found?.path, found?.layer], ["spec.tuning.maxModelLen", "service"]);
    const [wrong] = issuesOf({ tuning: { maxModelLen: 4096, maxLoraRank: 7 } });
    assert.deepEqual([wrong?.code, wrong?.path], ["InvalidFlagValue", "spec.tuning.maxLoraRank"]);
    assert.deepEqual(wrong?.fixes, [{ path: "spec.tuning.maxLoraRank", value: 8 }]);
  });

  it("has a fix that names the field, not its flag", () => {
    const [found] = issuesOf({ tuning: { quantization: "awq", maxModelLen: 4096 } });
    assert.equal(found?.fix, "remove tuning.quantization: vLLM reads it from the model");
    assert.deepEqual(found?.fixes, [{ path: "spec.tuning.quantization" }]);
  });

  it("is reported at the layer that writes it", () => {
    const configs = [config({ tuning: { kvCacheDtype: "fp9", maxModelLen: 4096 } })];
    const [found] = issuesOf({ baseRefs: [{ name: "lengths" }] }, { configs });
    assert.deepEqual([found?.path, found?.layer], ["spec.tuning.kvCacheDtype", "config team/lengths"]);
    const spec = { baseRefs: [{ name: "lengths" }], tuning: { kvCacheDtype: "fp7" } };
    const [own] = issuesOf(spec, { configs });
    assert.deepEqual([own?.path, own?.layer], ["spec.tuning.kvCacheDtype", "service"]);
  });

  it("is reported in args where a later layer writes the flag there", () => {
    const configs = [config({ tuning: { kvCacheDtype: "fp8", maxModelLen: 4096 } })];
    const template = { containers: [{ name: "main", args: ["--kv-cache-dtype=fp9"] }] };
    const [found] = issuesOf({ baseRefs: [{ name: "lengths" }], template }, { configs });
    assert.deepEqual([found?.path, found?.layer], ["spec.template.containers[0].args", "service"]);
  });

  it("is reported at the field of tuning with SGLang too, whose flag has another name", () => {
    const tuning = { quantization: "fp9", maxModelLen: 99000 };
    const found = issuesOf({ runtime: "kserve-llm-sglang", tuning }).map(({ path }) => path);
    assert.ok(found.includes("spec.tuning.quantization"), found.join(" "));
  });

  it("is reported once if all replica groups share it, and at the group that sets it", () => {
    const { accelerator, ...spec } = QWEN;
    const groups = { a: { accelerator }, b: { accelerator } };
    const shared = planOf({ ...spec, tuning: { maxModelLen: 99000 }, groups }).issues;
    assert.deepEqual(
      shared.filter(({ code }) => code === "ContextTooLong").map(({ path }) => path),
      ["spec.tuning.maxModelLen"],
    );
    const long = { a: { accelerator }, b: { accelerator, tuning: { maxModelLen: 99000 } } };
    const ofOne = planOf({ ...spec, tuning: { maxModelLen: 4096 }, groups: long }).issues;
    const found = ofOne.find(({ code }) => code === "ContextTooLong");
    assert.deepEqual([found?.path, found?.layer], ["spec.groups.b.tuning.maxModelLen", "service"]);
  });
});

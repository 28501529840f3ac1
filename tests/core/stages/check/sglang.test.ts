import assert from "node:assert/strict";
import { planOf } from "./plan.ts";

const SPEC = {
  runtime: "kserve-llm-sglang",
  model: { uri: "hf://Qwen/Qwen3-8B" },
  accelerator: "nvidia-h100-80gb",
};

function issuesOf(fields: object, args: readonly string[] = ["--enable-metrics"]): string[] {
  const { issues } = planOf({ ...SPEC, ...fields, template: { containers: [{ name: "main", args }] } });
  return issues.map(({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`);
}

describe("a service of SGLang", () => {
  it("has a finding for memory for the KV cache that is less than SGLang can offload", () => {
    const [first = "", ...others] = issuesOf({ kvCacheOffloading: { cpu: "100Mi" } });
    assert.match(first, /^warning UnusedField spec\.kvCacheOffloading\.cpu: .* so nothing is offloaded$/);
    assert.deepEqual(others, []);
  });

  it("has a finding for a head that drafts for another model", () => {
    const head = "--speculative-draft-model-path=yuhuili/EAGLE3-LLaMA3.1-Instruct-8B";
    const [first = "", ...others] = issuesOf({}, ["--speculative-algorithm=EAGLE3", head]);
    assert.match(
      first,
      /^warning InvalidFlagValue spec\.template\.containers\[0\]\.args: --speculative-draft-model-path: /,
    );
    assert.deepEqual(others, []);
  });

  it("may share the attention of the ranks of parallelism between its copies", () => {
    assert.deepEqual(issuesOf({ parallelism: { tensor: 2, data: 4, dataLocal: 4 } }, ["--enable-dp-attention"]), []);
  });

  it("has a finding for a probe without the key that the engine asks for", () => {
    const env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "sglang" } } }];
    const readinessProbe = { httpGet: { path: "/v1/models", port: 8000 } };
    const main = { name: "main", args: ["--api-key=$(KEY)"], env, readinessProbe };
    const { issues } = planOf({ ...SPEC, template: { containers: [main] } });
    assert.deepEqual(
      issues.map(({ code, path }) => `${code} ${path}`),
      ["WrongPort spec.template.containers[0].readinessProbe.httpGet.path"],
    );
  });

  it("has no finding for a probe without the key that asks another process of the container", () => {
    const env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "sglang" } } }];
    const livenessProbe = { httpGet: { path: "/ping", port: 9001 } };
    const main = { name: "main", args: ["--api-key=$(KEY)"], env, livenessProbe };
    assert.deepEqual(planOf({ ...SPEC, template: { containers: [main] } }).issues, []);
  });
});

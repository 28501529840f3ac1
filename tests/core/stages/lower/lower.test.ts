import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { API_VERSION } from "../../../../core/api/service.ts";
import type { NodeLabels } from "../../../../core/knowledge/accelerators/catalogue.ts";
import { planOf } from "../check/plan.ts";

interface Case {
  name: string;
  spec: Record<string, unknown>;
  nodeLabels?: NodeLabels;
  pod?: "template" | "worker" | "prefill";
  issues?: string[];
  limits?: Record<string, string>;
  noLimits?: true;
  selector?: Record<string, string>;
  /** null: absent. */
  env?: Record<string, string | null>;
  /** Consecutive words of the args; or all args; or flags that must be absent. */
  args?: string[];
  exactly?: string[];
  without?: string[];
  /** Fields of the pod that must be absent. */
  absent?: string[];
  absentFromSpec?: string[];
  /** Names of the pod's containers. */
  containers?: string[];
}
const CASES = parse(readFileSync(new URL("lower.yaml", import.meta.url), "utf8")) as Case[];
const MODEL = { model: { uri: "hf://facebook/opt-125m" } };

describe("shorthands of a service", () => {
  for (const one of CASES) {
    const { name, spec, nodeLabels, pod = "template", issues = [], limits, selector, env = {}, args = [] } = one;
    it(name, () => {
      const checks = { MemoryFit: "off", ModelShape: "off", GpuShape: "off", UnusedField: "off" } as const;
      const plan = planOf({ ...MODEL, ...spec }, { checks, ...(nodeLabels && { lowering: { nodeLabels } }) });
      assert.deepEqual(
        plan.issues.map(({ code, path }) => `${code} ${path}`),
        issues,
      );
      if (issues.length > 0) return;
      const podSpec = pod === "prefill" ? plan.spec?.prefill?.template : plan.spec?.[pod];
      const main = podSpec?.containers?.find((container) => container.name === "main");
      assert.ok(podSpec && main);
      if (limits !== undefined) assert.deepEqual(main.resources?.limits, limits);
      if (one.noLimits === true) assert.equal(main.resources?.limits, undefined);
      if (selector !== undefined) assert.deepEqual(podSpec.nodeSelector, selector);
      for (const [key, value] of Object.entries(env))
        assert.equal(main.env?.find((variable) => variable.name === key)?.value ?? null, value, key);
      for (const word of args) assert.ok(main.args?.includes(word), `${word} in ${main.args?.join(" ")}`);
      if (one.exactly !== undefined) assert.deepEqual(main.args, one.exactly);
      for (const flag of one.without ?? []) assert.ok(!main.args?.some((word) => word.startsWith(flag)), flag);
      for (const field of one.absentFromSpec ?? []) assert.ok(!(field in (plan.spec ?? {})), field);
      if (one.containers !== undefined)
        assert.deepEqual(
          podSpec.containers?.map((container) => container.name),
          one.containers,
        );
      for (const field of one.absent ?? []) assert.ok(!(field in podSpec), field);
    });
  }
});

describe("shorthands of a config", () => {
  const config = (spec: unknown) => ({
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig",
    metadata: { name: "team", namespace: "team" },
    spec,
  });
  const argsOf = (spec: object, ofConfig: object): string[] => {
    const { issues, spec: merged } = planOf(
      { ...MODEL, ...spec, baseRefs: [{ name: "team" }] },
      { configs: [config(ofConfig)] },
    );
    assert.deepEqual(issues, []);
    return merged?.template?.containers?.find(({ name }) => name === "main")?.args ?? [];
  };

  it("have lower precedence than the service's", () => {
    const args = argsOf({ tuning: { maxNumSeqs: 2 } }, { tuning: { maxNumSeqs: 1, maxModelLen: 512 } });
    assert.ok(args.includes("--max-num-seqs=2") && args.includes("--max-model-len=512"));
  });

  it("remove fields of the presets, and set others", () => {
    const args = argsOf({}, { tuning: { maxModelLen: 512 }, unsetArgs: ["--served-model-name"] });
    assert.ok(!args.includes("--served-model-name") && args.includes("--max-model-len=512"));
  });

  it("leave a null of the config in force", () => {
    const { spec } = planOf(
      { ...MODEL, baseRefs: [{ name: "team" }] },
      { configs: [config({ tuning: { maxModelLen: 512 }, template: { terminationGracePeriodSeconds: null } })] },
    );
    assert.ok(spec?.template && !("terminationGracePeriodSeconds" in spec.template));
  });

  it("apply to groups that the config makes", () => {
    const { spec, issues } = planOf(
      { ...MODEL, accelerator: "nvidia-l4", baseRefs: [{ name: "team" }] },
      { configs: [config({ parallelism: { data: 2 }, worker: {} })] },
    );
    assert.deepEqual(issues, []);
    assert.deepEqual(spec?.worker?.nodeSelector, { "nvidia.com/gpu.product": "NVIDIA-L4" });
  });
});

describe("provenance", () => {
  it("names for every flag the layer that set it and the layer that it overrode", () => {
    const { provenance } = planOf({
      ...MODEL,
      tuning: { maxModelLen: 512 },
      template: { containers: [{ name: "main", args: ["--port=9000"] }] },
    });
    const at = (flag: string) => provenance?.get(`template.containers[name=main].args[--${flag}]`);
    assert.deepEqual(at("port"), { layer: "service", overrode: ["preset kserve-config-llm-template"] });
    assert.deepEqual(at("max-model-len"), { layer: "accelerator and tuning" });
  });
});

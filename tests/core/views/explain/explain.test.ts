import assert from "node:assert/strict";
import type { Plan } from "../../../../core/contract/plan.ts";
import { type Explained, explain } from "../../../../core/views/explain/explain.ts";

import { config, main, planned } from "./plans.ts";

const MAIN = "template.containers[name=main]";
const PRESET = "preset kserve-config-llm-template";

function row(plan: Plan, path: string): Explained | undefined {
  assert.deepEqual(
    plan.issues.filter(({ severity }) => severity === "error"),
    [],
  );
  return explain(plan).find((one) => one.path === path);
}

describe("explain", () => {
  it("names the layer of a field, and what it overrode, latest first", () => {
    const plan = planned({ baseRefs: [{ name: "c" }], ...main({ image: "mine" }) }, [
      config("c", main({ image: "c" })),
    ]);
    const { overrode, ...rest } = row(plan, `${MAIN}.image`) as Explained;
    assert.deepEqual(rest, { path: `${MAIN}.image`, value: "mine", layer: "service", rule: "merge" });
    assert.deepEqual(
      overrode.map(({ layer }) => layer),
      ["config default/c", PRESET],
    );
    assert.equal(overrode[0]?.value, "c");
  });

  it("does not list a layer with the same value as overridden", () => {
    assert.deepEqual(row(planned(main({ image: "mine" })), `${MAIN}.name`)?.overrode, []);
  });

  it("lists args flag by flag, however they are written", () => {
    const plan = planned(main({ args: ["--port", "9000", "--no-enable-prefix-caching", "--max_model_len=1"] }));
    const flags = explain(plan, `${MAIN}.args`).filter(({ layer }) => layer === "service");
    assert.deepEqual(
      flags.map(({ path, value, overrode }) => [path.slice(MAIN.length), value, overrode.map((one) => one.value)]),
      [
        [".args[--port]", "9000", ["8000"]],
        [".args[--enable-prefix-caching]", false, []],
        [".args[--max-model-len]", "1", []],
      ],
    );
  });

  it("shows the template of a value", () => {
    const found = row(planned({}, [], { enableTLS: true }), `${MAIN}.readinessProbe.httpGet.scheme`);
    assert.equal(found?.value, "HTTPS");
    assert.equal(found?.rule, "template");
    assert.equal(found?.layer, PRESET);
    assert.match(String(found?.written), /^\{\{ if \.GlobalConfig\.EnableTLS \}\}/);
  });

  it("names the template for a flag that a condition in it adds", () => {
    const plan = planned({ router: { route: {}, gateway: {}, scheduler: {} } }, [], { enableTLS: true });
    const path = "router.scheduler.template.containers[name=main].command[--cert-path]";
    const found = row(plan, path);
    assert.equal(found?.rule, "template");
    assert.match(String(found?.written), /--cert-path=/);
  });

  const rules: [what: string, spec: object, path: string, layer: string, rule: string, over: unknown[]][] = [
    [
      "an accelerator's node selector is the service's",
      { accelerator: "nvidia-l4" },
      "template.nodeSelector[nvidia.com/gpu.product]",
      "service",
      "accelerator",
      [],
    ],
    [
      "the number of devices follows from parallelism, over the accelerator's one",
      { accelerator: "nvidia-l4", parallelism: { tensor: 2 } },
      `${MAIN}.resources.limits[nvidia.com/gpu]`,
      "derived",
      "derive",
      [{ layer: "service", rule: "accelerator", value: "1" }],
    ],
    ["a flag of tuning", { tuning: { maxModelLen: 4096 } }, `${MAIN}.args[--max-model-len]`, "service", "tuning", []],
    [
      "a parallel size as a flag",
      { accelerator: "nvidia-l4", parallelism: { tensor: 2 } },
      `${MAIN}.args[--tensor-parallel-size]`,
      "derived",
      "derive",
      [],
    ],
    ["the name that a model is given", {}, "model.name", "service", "defaults", []],
    ["a name that was written", { model: { uri: "hf://a/b", name: "chat" } }, "model.name", "service", "merge", []],
    [
      "what the CRD fills in",
      { scaling: { maxReplicas: 3, wva: { hpa: {} } } },
      "scaling.minReplicas",
      "service",
      "defaults",
      [],
    ],
    [
      "what the plan completes",
      { router: { route: {}, gateway: {}, scheduler: {} } },
      "router.scheduler.template.serviceAccountName",
      "completed",
      "completion",
      [],
    ],
  ];
  for (const [what, spec, path, layer, rule, over] of rules) {
    it(what, () => {
      const found = row(planned(spec), path);
      assert.deepEqual([found?.layer, found?.rule, found?.overrode], [layer, rule, over]);
    });
  }

  it("names accelerator and tuning of a config as the layer", () => {
    const plan = planned({ baseRefs: [{ name: "c" }] }, [
      config("c", { accelerator: "nvidia-l4", tuning: { maxModelLen: 7 }, ...main({ image: "c" }) }),
    ]);
    const ruleOf = (path: string) => [row(plan, path)?.layer, row(plan, path)?.rule];
    assert.deepEqual(ruleOf("template.nodeSelector[nvidia.com/gpu.product]"), ["config default/c", "accelerator"]);
    assert.deepEqual(ruleOf(`${MAIN}.args[--max-model-len]`), ["config default/c", "tuning"]);
    assert.deepEqual(ruleOf(`${MAIN}.image`), ["config default/c", "merge"]);
  });

  it("reports that a flag replaced the tuning of a config", () => {
    const plan = planned({ baseRefs: [{ name: "c" }], ...main({ args: ["--max-model-len=1"] }) }, [
      config("c", { tuning: { maxModelLen: 4096 } }),
    ]);
    const { layer, rule, overrode } = row(plan, `${MAIN}.args[--max-model-len]`) as Explained;
    assert.deepEqual([layer, rule], ["service", "merge"]);
    assert.deepEqual(overrode, [{ layer: "config default/c", rule: "tuning", value: "4096" }]);
  });

  it("knows a parallel size that tuning sets", () => {
    const plan = planned({ accelerator: "nvidia-l4", tuning: { tensorParallelSize: 2 } });
    const { layer, rule } = row(plan, "parallelism.tensor") as Explained;
    assert.deepEqual([layer, rule], ["service", "tuning"]);
  });

  it("reports that an autoscaler owns the replicas, and whose number it replaced", () => {
    const plan = planned({ baseRefs: [{ name: "c" }], scaling: { maxReplicas: 3, wva: { hpa: {} } } }, [
      config("c", { replicas: 5 }),
    ]);
    assert.deepEqual(row(plan, "replicas"), {
      path: "replicas",
      value: "1 to 3",
      layer: "service",
      rule: "autoscaler",
      overrode: [{ layer: "config default/c", value: 5 }],
    });
  });

  it("names the layer that emptied a map", () => {
    const plan = planned({ baseRefs: [{ name: "c" }], template: { nodeSelector: { a: null } } }, [
      config("c", { template: { nodeSelector: { a: "b" } } }),
    ]);
    const { layer, rule, value } = row(plan, "template.nodeSelector") as Explained;
    assert.deepEqual([layer, rule, value], ["service", "merge", {}]);
  });

  it("accepts a field by any of its names, and returns nothing for a field that does not exist", () => {
    const plan = planned({});
    const names = [`${MAIN}.image`, "template.containers[main].image", "spec.template.containers[main].image"];
    for (const name of names) assert.equal(explain(plan, name).length, 1, name);
    assert.ok(explain(plan, "template.containers[main].readinessProbe").length > 3);
    assert.deepEqual(explain(plan, "template.container"), []);
  });

  it("is empty for a plan that was refused before it had a spec", () => {
    assert.deepEqual(explain(planned({ baseRefs: [{ name: "missing" }] })), []);
  });
});

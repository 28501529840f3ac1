import assert from "node:assert/strict";
import { type Behaviour, KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import type { Layer } from "../../../../core/contract/layer.ts";

import { mergeLayers } from "../../../../core/stages/merge/merge.ts";
import { deepFreeze } from "./freeze.ts";

const preset = {
  tracing: { sampler: "always" },
  template: {
    tolerations: [{ key: "a" }],
    containers: [{ name: "main", image: "a", env: [{ name: "X", value: "1" }] }],
  },
};
const config = { template: { containers: [{ name: "main", env: [{ name: "X", value: "2" }] }] } };
const own = {
  tracing: null,
  template: {
    hostNetwork: false,
    tolerations: [{ key: "b" }],
    containers: [{ name: "main", env: [{ name: "X", value: "3" }] }],
  },
};

function provenanceOf(behaviour: Behaviour) {
  const layers = [
    { label: "preset p", spec: preset },
    { label: "config n/c", spec: config },
    { label: "service", spec: own },
  ] as unknown as Layer[];
  return mergeLayers(deepFreeze(layers), behaviour).provenance;
}

describe("provenance", () => {
  it("has an entry for a flag that one layer sets twenty thousand times", () => {
    const args = Array.from({ length: 20_000 }, () => "--seed=1");
    const layers = [
      { label: "preset p", spec: { template: { containers: [{ name: "main", args: ["--seed=0"] }] } } },
      { label: "service", spec: { template: { containers: [{ name: "main", args }] } } },
    ] as unknown as Layer[];
    const entries = [...mergeLayers(layers, OWN).provenance];
    const [, origin] = entries.find(([path]) => path.endsWith("[--seed]")) ?? assert.fail(JSON.stringify(entries));
    assert.equal(origin.layer, "service");
    assert.equal(origin.overrode?.at(-1), "preset p");
    assert.equal(origin.overrode?.length, 20_000);
  });

  it("names the layer that set a leaf and the layers that it overrode, latest first", () => {
    const provenance = provenanceOf(OWN);
    assert.deepEqual(provenance.get("template.containers[name=main].env[name=X].value"), {
      layer: "service",
      overrode: ["config n/c", "preset p"],
    });
    assert.deepEqual(provenance.get("template.containers[name=main].image"), { layer: "preset p" });
  });
  it("has one entry for a list that is replaced as a whole", () => {
    assert.deepEqual(provenanceOf(OWN).get("template.tolerations"), { layer: "service", overrode: ["preset p"] });
  });
  it("has no entry for a deleted field", () => {
    assert.equal(provenanceOf(OWN).get("tracing.sampler"), undefined);
  });
  it("has no entry for a zero that KServe drops", () => {
    assert.equal(provenanceOf(KSERVE_0_20).get("template.hostNetwork"), undefined);
    assert.deepEqual(provenanceOf(KSERVE_0_20).get("tracing.sampler"), { layer: "preset p" });
    assert.deepEqual(provenanceOf(OWN).get("template.hostNetwork"), { layer: "service" });
  });
});

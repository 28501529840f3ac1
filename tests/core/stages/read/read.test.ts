import assert from "node:assert/strict";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { readConfigs, readService } from "../../../../core/stages/read/read.ts";

const META = { name: "chat", namespace: "team" };
const service = (spec: object, extra: object = {}): object => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: META,
  spec,
  ...extra,
});

describe("reading a service", () => {
  const scaled = service({ model: { uri: "hf://o/m", name: "" }, scaling: { maxReplicas: 2, wva: { hpa: {} } } });

  it("fills in the webhook's and the schema's defaults under compat", () => {
    const { value: read, issues } = readService(scaled, KSERVE_0_20);
    assert.deepEqual(issues, []);
    assert.equal(read?.spec.model.name, "chat");
    assert.deepEqual(read?.spec.scaling, { maxReplicas: 2, minReplicas: 1, wva: { hpa: {}, variantCost: "10.0" } });
  });

  it("leaves the defaults to the merged spec by default", () => {
    const { value: read, issues } = readService(scaled, OWN);
    assert.deepEqual(issues, []);
    assert.deepEqual(read?.spec, { model: { uri: "hf://o/m" }, scaling: { maxReplicas: 2, wva: { hpa: {} } } });
  });

  it("converts v1alpha1", () => {
    const pool = {
      spec: { selector: { a: "b" }, targetPortNumber: 8000, extensionRef: { name: "e", failureMode: "FailOpen" } },
    };
    const older = { apiVersion: "serving.kserve.io/v1alpha1" };
    const { value: read, issues } = readService(
      service({ model: { uri: "hf://o/m" }, router: { scheduler: { pool } } }, older),
      OWN,
    );
    assert.deepEqual(issues, []);
    assert.equal(read?.apiVersion, "serving.kserve.io/v1alpha2");
    assert.deepEqual(read?.spec.router?.scheduler?.pool?.spec?.["targetPorts"], [{ number: 8000 }]);
  });

  it("drops unknown fields, with an error by default and a warning under compat", () => {
    for (const [behaviour, severity] of [
      [OWN, "error"],
      [KSERVE_0_20, "warning"],
    ] as const) {
      const { value: read, issues } = readService(service({ model: { uri: "hf://o/m" }, nope: 1 }), behaviour);
      assert.deepEqual(
        issues.map(({ code, path, layer }) => [code, path, layer]),
        [["UnknownField", "spec.nope", "service"]],
      );
      assert.equal(issues[0]?.severity, severity);
      assert.equal(read !== undefined && "nope" in read.spec, false);
    }
  });

  for (const [what, document] of [
    ["a text", "x"],
    ["a list", []],
    ["nothing", undefined],
    ["another kind", { ...service({}), kind: "Service" }],
    ["another API", { ...service({}), apiVersion: "v1" }],
    ["a document without metadata", service({}, { metadata: undefined })],
    ["a spec that is a list", service({}, { spec: [] })],
  ] as const) {
    it(`refuses ${what}`, () => {
      const { value: read, issues } = readService(document, OWN);
      assert.equal(read, undefined);
      assert.deepEqual(
        issues.map(({ code }) => code),
        ["UnreadableInput"],
      );
    });
  }
});

describe("reading configs", () => {
  const config = (extra: object): object => ({
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceServiceConfig",
    metadata: { name: "base", namespace: "team" },
    spec: {},
    ...extra,
  });

  it("reads the same document once per behaviour", () => {
    const document = config({ spec: { replicas: 2 } });
    const [first] = readConfigs([document], OWN).configs;
    assert.equal(readConfigs([document], OWN).configs[0], first);
    assert.notEqual(readConfigs([document], KSERVE_0_20).configs[0], first);
  });

  it("reports the issues of all configs, each with its layer", () => {
    const { configs, issues } = readConfigs([config({ spec: { x: 1 } }), "nope", config({ spec: null })], OWN);
    assert.equal(configs.length, 2);
    assert.deepEqual(
      issues.map(({ code, layer }) => [code, layer]),
      [
        ["UnknownField", "config team/base"],
        ["UnreadableInput", "config default/"],
      ],
    );
  });
});

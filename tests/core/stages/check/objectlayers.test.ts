import assert from "node:assert/strict";
import { planOf } from "./plan.ts";

const main = (fields: object, pod: object = {}): object => ({
  template: { ...pod, containers: [{ name: "main", ...fields }] },
});

function config(spec: object): object {
  const metadata = { name: "base", namespace: "team" };
  return { apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceServiceConfig", metadata, spec };
}

/** Path and layer of a refused value, for a service over a config. */
function refusedIn(own: object, base: object): string[] {
  const spec = { model: { uri: "hf://o/m" }, accelerator: "nvidia-l4", baseRefs: [{ name: "base" }], ...own };
  const { issues } = planOf(spec, { configs: [config(base)] });
  return issues.filter(({ severity }) => severity === "error").map(({ path, layer }) => `${path} of ${layer}`);
}

const AT = "spec.template.containers[0]";
const BAD_HOST = { hostname: "Not_A_Name" };
const BAD_POLICY = { imagePullPolicy: "Sometimes" };

describe("the layer of a finding about an object", () => {
  const cases: [what: string, spec: object, at: string][] = [
    ["a field of a pod", main({}, BAD_HOST), "spec.template.hostname"],
    ["a field of a container", main(BAD_POLICY), `${AT}.imagePullPolicy`],
  ];
  for (const [what, spec, at] of cases) {
    it(`is the service if the service sets ${what}`, () => {
      assert.deepEqual(refusedIn(spec, {}), [`${at} of service`]);
    });
    it(`is the config if the config sets ${what}`, () => {
      assert.deepEqual(refusedIn({}, spec), [`${at} of config team/base`]);
    });
    it(`is the service if the service overrides a valid value of the config for ${what}`, () => {
      const sound = main({ imagePullPolicy: "Always" }, { hostname: "fine" });
      assert.deepEqual(refusedIn(spec, sound), [`${at} of service`]);
    });
  }
});

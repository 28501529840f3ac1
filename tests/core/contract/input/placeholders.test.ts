import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";

const MODEL = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };
const limits = (limit: string) => ({
  template: { containers: [{ name: "main", resources: { limits: limitOf(limit) } }] },
});
const limitOf = (limit: string) => ({ "nvidia.com/gpu": limit });
const GPU = "spec.template.containers[0].resources.limits[nvidia.com/gpu]";

const secret = (name: string) => ({
  template: { containers: [{ name: "main", envFrom: [{ secretRef: { name } }] }] },
});
const SECRET = "spec.template.containers[0].envFrom[0].secretRef.name";

const variable = (name: string): string => `\${${name}}`;

/** Texts that a shell, envsubst or the reader of documentation should have replaced. */
const CASES: readonly [what: string, metadata: object, spec: object, path: string, fix: RegExp][] = [
  [
    "a variable as the name",
    { name: variable("MODEL_NAME") },
    {},
    "metadata.name",
    /^replace \$\{MODEL_NAME\} with its value/,
  ],
  ["a variable in the name", { name: "a-$STAGE" }, {}, "metadata.name", /^replace \$STAGE with its value/],
  ["a blank as the namespace", { name: "a", namespace: "<yours>" }, {}, "metadata.namespace", /^replace <yours> with/],
  ["a blank as a quantity", { name: "a" }, limits("<gpus>"), GPU, /^replace <gpus> with your value$/],
  [
    "a variable as a number",
    { name: "a" },
    { replicas: variable("REPLICAS") },
    "spec.replicas",
    /^replace \$\{REPLICAS\} with/,
  ],
  [
    "a blank as the URI",
    { name: "a" },
    { model: { uri: "<uri>" } },
    "spec.model.uri",
    /^replace <uri> with your value/,
  ],
  ["a blank in a pod", { name: "a" }, secret("<secret>"), SECRET, /^replace <secret> with your value$/],
  ["a text that is wrong in itself", { name: "A" }, {}, "metadata.name", /^choose another name$/],
  ["a quantity that is wrong in itself", { name: "a" }, limits("<1"), GPU, /^write a quantity/],
];

describe("a placeholder that was left in a service", () => {
  for (const [what, metadata, spec, path, fix] of CASES) {
    it(`is refused with a fix that helps: ${what}`, () => {
      const service = {
        apiVersion: "serving.kserve.io/v1alpha2",
        kind: "LLMInferenceService",
        metadata,
        spec: { model: MODEL, ...spec },
      };
      const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
      const { issues } = plan({ service, configs, settings: DEFAULT_SETTINGS });
      assert.match(issues.find((one) => one.path === path && one.severity === "error")?.fix ?? "", fix);
    });
  }
});

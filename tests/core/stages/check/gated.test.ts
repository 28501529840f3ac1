import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets, stackOf } from "../../../../core/knowledge/stacks/stacks.ts";
import type { JsonObject } from "../../../../core/kubernetes/json.ts";
import { plan } from "../../../../core/plan.ts";

const GATED = { model: { uri: "hf://meta-llama/Llama-3.1-8B-Instruct" }, accelerator: "nvidia-h100-80gb" };

function notesOn(spec: JsonObject, annotations: JsonObject = {}): string[] {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team", annotations },
    spec: { ...GATED, tuning: { maxModelLen: 8192 }, ...spec },
  };
  const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace, stack: stackOf(undefined) });
  return plan({ settings: DEFAULT_SETTINGS, service, configs }).issues.map(
    ({ code, severity }) => `${severity} ${code}`,
  );
}

const withMain = (main: JsonObject): JsonObject => ({ template: { containers: [{ name: "main", ...main }] } });
const withInitializer = (initializer: JsonObject): JsonObject => ({
  template: { initContainers: [{ name: "storage-initializer", ...initializer }] },
});
const valueFrom = { secretKeyRef: { name: "hub", key: "token" } };

describe("a gated model", () => {
  it("of a service that names no token gets a note", () => {
    assert.deepEqual(notesOn({}), ["info GatedModel"]);
    assert.deepEqual(notesOn({ model: { uri: "hf://google/gemma-3-1b-it" } }), ["info GatedModel"]);
  });

  it("gets one note, whatever the number of roles", () => {
    const prefill = { accelerator: "nvidia-h100-80gb", tuning: { maxModelLen: 8192 } };
    assert.deepEqual(
      notesOn({ router: { route: {}, scheduler: {} }, prefill }).filter((note) => note.endsWith("GatedModel")),
      ["info GatedModel"],
    );
  });

  const none: readonly [what: string, spec: JsonObject, annotations?: JsonObject][] = [
    ["a service account", { template: { serviceAccountName: "hub" } }],
    ["a token of the initializer", withInitializer({ env: [{ name: "HF_TOKEN", valueFrom }] })],
    ["variables of the initializer from a Secret", withInitializer({ envFrom: [{ secretRef: { name: "hub" } }] })],
    ["a mirror of the hub", withInitializer({ env: [{ name: "HF_ENDPOINT", value: "http://mirror" }] })],
    ["an annotation with the Secret", {}, { [DEFAULT_SETTINGS.credentials.storageSecretNameAnnotation]: "hub" }],
    ["no download", { storageInitializer: { enabled: false } }],
    ["a model on a claim", { model: { uri: "pvc://models/llama", name: "meta-llama/Llama-3.1-8B-Instruct" } }],
    ["a public model", { model: { uri: "hf://Qwen/Qwen3-8B" } }],
    ["a model of which it is not known", { model: { uri: "hf://someone/Llama-3.1-8B-Instruct" } }],
  ];
  for (const [what, spec, annotations] of none)
    it(`gets no note of a service with ${what}`, () =>
      assert.ok(!notesOn(spec, annotations).includes("info GatedModel"), notesOn(spec, annotations).join(" ")));

  it("whose token only the engine has is warned about, without the note", () => {
    assert.deepEqual(notesOn(withMain({ env: [{ name: "HF_TOKEN", valueFrom }] })), ["warning UnusedField"]);
  });
});

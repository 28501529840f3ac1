import assert from "node:assert/strict";
import { API_VERSION } from "../../../../core/api/service.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { Adopt } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";

const planned = (adopt: Adopt) =>
  plan({
    service: {
      apiVersion: API_VERSION,
      kind: "LLMInferenceService",
      metadata: { name: "chat", namespace: "default" },
      spec: { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4", labels: { team: "a" } },
    },
    configs: presets({ namespace: DEFAULT_SETTINGS.systemNamespace }),
    settings: DEFAULT_SETTINGS,
    adopt,
  });

describe("what is adopted", () => {
  it("keeps only the live selector of a Deployment", () => {
    const matchLabels = { "app.kubernetes.io/name": "chat", team: "a" };
    const [plain, adopting] = [planned({}), planned({ selectors: { "chat-kserve": matchLabels } })];
    const deployment = plain.objects.find(({ kind }) => kind === "Deployment") ?? assert.fail();
    const expected = { ...deployment, spec: { ...(deployment["spec"] as object), selector: { matchLabels } } };
    assert.deepEqual(
      adopting.objects,
      plain.objects.map((object) => (object === deployment ? expected : object)),
    );
  });

  it("refuses a live selector that the planned pods would not match", () => {
    const { objects, issues } = planned({ selectors: { "chat-kserve": { team: "b" } } });
    assert.deepEqual(objects, []);
    assert.deepEqual(
      issues.filter(({ severity }) => severity === "error").map(({ code, path }) => [code, path]),
      [["Immutable", "adopt.selectors[chat-kserve][team]"]],
    );
  });

  it("leaves out objects that stay as they are", () => {
    const { objects } = planned({ leave: ["Service/chat-kserve-workload-svc"] });
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["Deployment"],
    );
  });

  it("identifies objects of the same kind and name by their API group", () => {
    const kinds = (leave: string) => planned({ leave: [leave] }).objects.map(({ kind }) => kind);
    assert.ok(!kinds("apps/Deployment/chat-kserve").includes("Deployment"));
    assert.deepEqual(
      planned({ leave: ["extensions/Deployment/chat-kserve"] }).issues.map(({ code, path }) => [code, path]),
      [["UnusedField", "adopt.leave[0]"]],
    );
  });

  it("reports objects to adopt that are not planned", () => {
    const { issues } = planned({ selectors: { other: {} }, leave: ["Secret/none"] });
    const told = issues.filter(({ code }) => code === "UnusedField").map(({ path }) => path);
    assert.deepEqual(told, ["adopt.selectors[other]", "adopt.leave[0]"]);
  });
});

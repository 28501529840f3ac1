import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { PlanInput } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import type { JsonObject } from "../../../../core/kubernetes/json.ts";
import { plan } from "../../../../core/plan.ts";

/** The same config objects, as a program has them that deploys services on two platforms. */
const BASE = {
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceServiceConfig",
  metadata: { name: "base", namespace: DEFAULT_SETTINGS.systemNamespace },
  spec: { accelerator: "mine", model: { uri: "hf://facebook/opt-125m" } },
} as const satisfies JsonObject;
/** Without a namespace, presets belong to the system namespace of the platform. */
const PRESETS = presets({ namespace: "" }).map((one) => ({ ...one, metadata: { name: one.metadata.name } }));
const CONFIGS = [...PRESETS, BASE];

function planOn(platform: Partial<PlanInput>, configs: readonly unknown[] = CONFIGS): string {
  const service = {
    apiVersion: BASE.apiVersion,
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: { baseRefs: [{ name: "base" }] },
  };
  const { objects, issues } = plan({ service, configs, settings: DEFAULT_SETTINGS, ...platform });
  const codes = issues.map(({ code, path }) => `${code} ${path}`);
  return JSON.stringify([codes, objects]);
}

const onNodes = (gpu: string): Partial<PlanInput> => ({
  lowering: { accelerators: { mine: { resource: "nvidia.com/gpu", nodeSelector: { gpu }, memoryGiB: 80 } } },
});

describe("two platforms with the same configs", () => {
  const differences: Record<string, [Partial<PlanInput>, Partial<PlanInput>]> = {
    "the nodes of an accelerator": [onNodes("a"), onNodes("b")],
    "what they take over from KServe": [onNodes("a"), { ...onNodes("a"), compat: "kserve-0.21" }],
    "the system namespace": [
      onNodes("a"),
      { ...onNodes("a"), settings: { ...DEFAULT_SETTINGS, systemNamespace: "other" } },
    ],
  };
  for (const [what, [one, other]] of Object.entries(differences))
    it(`differ in ${what}, in whatever order their services are planned`, () => {
      const planned = [one, other, one, other].map((platform) => planOn(platform));
      // Plans with copies of the configs use no results of earlier plans.
      const alone = [one, other, one, other].map((platform) => planOn(platform, structuredClone(CONFIGS)));
      assert.deepEqual(planned, alone);
      assert.notEqual(planned[0], planned[1]);
    });
});

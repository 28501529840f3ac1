import { DEFAULT_SETTINGS, type Settings } from "../../../../core/contract/options/settings.ts";
import type { Plan } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";
import { deepFreeze } from "../merge/freeze.ts";

/** Plans the service `chat` in `team` with the default presets; every input is frozen. */
export function rendered(spec: object, settings: Partial<Settings> = {}): Plan {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: { model: { uri: "hf://org/model", name: "org/model" }, ...spec },
  };
  const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
  const checks = { UnknownModel: "off" } as const;
  return plan(deepFreeze({ service, configs, settings: { ...DEFAULT_SETTINGS, ...settings }, checks }));
}

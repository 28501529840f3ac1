import { DEFAULT_SETTINGS, type Settings } from "../../../../core/contract/options/settings.ts";
import type { Plan } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { planSpec } from "../../../../core/plan.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";

const API = "serving.kserve.io/v1alpha2";

export function service(spec: object): object {
  const model = { uri: "hf://Qwen/Qwen2.5-7B-Instruct" };
  return { apiVersion: API, kind: "LLMInferenceService", metadata: { name: "chat" }, spec: { model, ...spec } };
}

export function config(name: string, spec: object): object {
  return { apiVersion: API, kind: "LLMInferenceServiceConfig", metadata: { name, namespace: "default" }, spec };
}

/** A service planned with the default behaviour, over the presets and these configs; the input is frozen. */
export function planned(spec: object, configs: object[] = [], settings: Partial<Settings> = {}): Plan {
  const input = {
    service: service(spec),
    configs: [...presets({ namespace: "kserve" }), ...configs],
    settings: { ...DEFAULT_SETTINGS, ...settings },
  };
  return planSpec(deepFreeze(input));
}

/** A container `main` with these fields, in a pod template. */
export function main(fields: object): object {
  return { template: { containers: [{ name: "main", ...fields }] } };
}

import { DEFAULT_SETTINGS, type Settings } from "../../../../core/contract/options/settings.ts";
import type { Plan, PlanInput } from "../../../../core/contract/plan.ts";
import { presets, stackOf } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan, planUntilRefused } from "../../../../core/plan.ts";
import { deepFreeze } from "../merge/freeze.ts";

/** Further input of a plan; for the settings, the difference from the defaults. */
export type PartialInput = Omit<Partial<PlanInput>, "settings"> & { settings?: Partial<Settings> };

/** Plans a spec with the default presets, and with the rest of the case. No input may be changed. */
export function planOf(spec: unknown, input: PartialInput = {}): Plan {
  return plan(inputOf(spec, input));
}

/** The same plan if it is fine, otherwise with fewer of its errors, for less time. */
export function planFirst(spec: unknown, input: PartialInput = {}): Plan {
  return planUntilRefused(inputOf(spec, input));
}

function inputOf(spec: unknown, { settings, checks, ...input }: PartialInput): PlanInput {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec,
  };
  const stack = stackOf(input.stack);
  const configs = [...presets({ namespace: DEFAULT_SETTINGS.systemNamespace, stack }), ...(input.configs ?? [])];
  // Cases of other checks have gated models and no tokens, or no accelerators.
  return {
    ...input,
    checks: { GatedModel: "off", NoAccelerator: "off", ...checks },
    settings: { ...DEFAULT_SETTINGS, ...settings },
    service: deepFreeze(service),
    configs,
  };
}

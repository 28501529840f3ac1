import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import type { AppliedConfig } from "../plan.ts";
import type { Settings } from "../settings.ts";
import type { LLMInferenceService, LLMInferenceServiceConfig, LLMInferenceServiceConfigSpec } from "../spec/service.ts";

/** One layer of the merge. `label` is what issues and provenance call it: `preset NAME`, `config NS/NAME`, `service`. */
export interface Layer {
  label: string;
  spec: LLMInferenceServiceConfigSpec;
}

export interface Layers {
  /** The service, with what the choice of layers settles (KServe: model.name from baseRefs). */
  service: LLMInferenceService;
  /** Lowest precedence first; the service's own spec last. */
  layers: Layer[];
  appliedConfigs: AppliedConfig[];
  issues: Issue[];
}

export function chooseLayers(_: {
  service: LLMInferenceService;
  configs: readonly LLMInferenceServiceConfig[];
  settings: Settings;
  behaviour: Behaviour;
}): Layers {
  throw new Error("in work");
}

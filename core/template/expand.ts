import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../spec/service.ts";

/** Expands the Go templates in every string of the merged spec. */
export function expandTemplates(_: {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  settings: Settings;
  behaviour: Behaviour;
}): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  throw new Error("in work");
}

import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import type { KnownObjects } from "../known.ts";
import type { Settings } from "../settings.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../spec/service.ts";

/** What KServe settles in the merged spec after the templates: parentRefs, backends, pool selector, scheduler config, DRA. */
export function completeSpec(_: {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  settings: Settings;
  known: KnownObjects;
  behaviour: Behaviour;
}): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  throw new Error("in work");
}

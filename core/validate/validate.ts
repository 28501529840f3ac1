import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../spec/service.ts";

/** The rules over a merged spec: KServe runs its webhook's validator once more there. */
export function validateMerged(_: {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  behaviour: Behaviour;
}): Issue[] {
  throw new Error("in work");
}

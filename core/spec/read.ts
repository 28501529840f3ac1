import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import type { LLMInferenceService, LLMInferenceServiceConfig } from "./service.ts";

/** Reads one document: schema checked, v1alpha1 converted, the webhook's and the CRD's defaults filled in. */
export function readService(
  _document: unknown,
  _behaviour: Behaviour,
): { service?: LLMInferenceService; issues: Issue[] } {
  throw new Error("in work");
}

export function readConfigs(
  _documents: readonly unknown[],
  _behaviour: Behaviour,
): { configs: LLMInferenceServiceConfig[]; issues: Issue[] } {
  throw new Error("in work");
}

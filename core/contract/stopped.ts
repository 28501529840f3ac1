import type { LLMInferenceService } from "../api/service.ts";
import type { Behaviour } from "./behaviour.ts";
import { asWarnings } from "./issues/issue.ts";
import { ANNOTATION } from "./names.ts";
import type { Plan } from "./plan.ts";

/** A stopped service has no objects; its weights, settings and configs stay as they are. */
export function isStopped({ metadata }: Pick<LLMInferenceService, "metadata">): boolean {
  return metadata.annotations?.[ANNOTATION.stop]?.toLowerCase() === "true";
}

/** A stopped service needs no spec: a problem of its configs does not stop anything that would be made. */
export function excusedWhereStopped(planned: Plan, { stoppedFaults }: Pick<Behaviour, "stoppedFaults">): Plan {
  const { service, spec, issues } = planned;
  if (stoppedFaults === "error" || service === undefined || !isStopped(service)) return planned;
  return { ...planned, spec: spec ?? service.spec, issues: asWarnings(issues) };
}

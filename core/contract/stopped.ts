import type { LLMInferenceService } from "../api/service.ts";
import type { Behaviour } from "./behaviour.ts";
import { asWarnings } from "./issues/issue.ts";
import { ANNOTATION } from "./names.ts";
import type { Plan } from "./plan.ts";

/** A stopped service has no objects: its weights, settings and configs stay where they are. */
export function isStopped({ metadata }: Pick<LLMInferenceService, "metadata">): boolean {
  return metadata.annotations?.[ANNOTATION.stop]?.toLowerCase() === "true";
}

/** A stopped service needs no spec: what is wrong with its configs stops nothing that would be made. */
export function excusedWhereStopped(planned: Plan, { stoppedFaults }: Pick<Behaviour, "stoppedFaults">): Plan {
  const { service, spec, issues } = planned;
  if (stoppedFaults === "error" || service === undefined || !isStopped(service)) return planned;
  return { ...planned, spec: spec ?? service.spec, issues: asWarnings(issues) };
}

import type { Behaviour } from "../../contract/behaviour.ts";
import { openDocument } from "../../contract/document.ts";
import type { LoweredDocuments } from "../../contract/lowering.ts";
import type { PlanInput } from "../../contract/plan.ts";
import { stackOf } from "../../knowledge/stacks/stacks.ts";
import { lowerConfig, lowerService } from "./lower.ts";

/** The documents of a plan without their conveniences; the service is opened for admission and reading. */
export function lowerDocuments(given: PlanInput, behaviour: Behaviour): LoweredDocuments {
  const { triggers } = stackOf(given.stack).autoscaler;
  const lowering = { ...given.lowering, triggers, prometheus: given.settings.autoscaling?.prometheus };
  const input = { ...given, lowering };
  const service = lowerService(input.service, input, behaviour);
  const configs = input.configs.map((config) => lowerConfig(config, input, behaviour));
  const issues = [service, ...configs].flatMap((one) => one.issues);
  return {
    service: { ...service, opened: openDocument(service.document, "LLMInferenceService", behaviour) },
    ...(input.old !== undefined && { old: lowerService(input.old, input, behaviour) }),
    configs,
    issues,
  };
}

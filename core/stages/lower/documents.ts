import type { Behaviour } from "../../contract/behaviour.ts";
import type { LoweredDocuments } from "../../contract/lowering.ts";
import type { PlanInput } from "../../contract/plan.ts";
import { lowerConfig, lowerService } from "./lower.ts";

export function lowerDocuments(input: PlanInput, behaviour: Behaviour): LoweredDocuments {
  const service = lowerService(input.service, input, behaviour);
  const configs = input.configs.map((config) => lowerConfig(config, input, behaviour));
  const issues = [service, ...configs].flatMap((one) => one.issues);
  return {
    service,
    ...(input.old !== undefined && { old: lowerService(input.old, input, behaviour) }),
    configs,
    issues,
  };
}

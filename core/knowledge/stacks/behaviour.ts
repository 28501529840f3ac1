import { type Behaviour, behaviourOf } from "../../contract/behaviour.ts";
import type { PlanInput } from "../../contract/plan.ts";
import { stackOf } from "./stacks.ts";

/** The rules of a plan: those of a release of KServe, which knows one stack; or ours, with the ways of the stack that is named. */
export function behaviourFor({ compat, stack }: Pick<PlanInput, "compat" | "stack">): Behaviour {
  const behaviour = behaviourOf(compat);
  if (compat !== undefined) return behaviour;
  const { scheduler, tokenizer, autoscaler } = stackOf(stack);
  return {
    ...behaviour,
    variants: autoscaler.discovery === "objects" ? "object" : "annotations",
    tokenizer: tokenizer.kind === "socket" ? "beside" : "service",
    schedulerApi: scheduler.configApi,
    metricsSource: scheduler.metricsSource,
  };
}

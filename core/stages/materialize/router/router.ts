import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { checkReferences } from "./references.ts";
import { checkCollisions } from "./route/collisions.ts";
import { buildHttpRoute } from "./route/route.ts";
import { buildScheduler } from "./scheduler/scheduler.ts";
import { buildTokenizer } from "./scheduler/tokenizer.ts";

/** Tokenizer, scheduler, InferencePools and HTTPRoute. */
export function buildRouter(context: MaterializeContext): KubernetesObject[] {
  checkReferences(context);
  checkCollisions(context);
  return [...buildTokenizer(context), ...buildScheduler(context), ...buildHttpRoute(context)];
}

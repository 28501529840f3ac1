import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { checkCollisions } from "./collisions.ts";
import { checkReferences } from "./references.ts";
import { buildHttpRoute } from "./route.ts";
import { buildScheduler } from "./scheduler.ts";
import { buildTokenizer } from "./tokenizer.ts";

/** Tokenizer, scheduler, InferencePools and HTTPRoute. */
export function buildRouter(context: MaterializeContext): KubernetesObject[] {
  checkReferences(context);
  checkCollisions(context);
  return [...buildTokenizer(context), ...buildScheduler(context), ...buildHttpRoute(context)];
}

import type { KubernetesObject } from "../../spec/kubernetes.ts";
import type { MaterializeContext } from "../context.ts";

/** Scheduler, InferencePools and HTTPRoute. */
export function buildRouter(_context: MaterializeContext): KubernetesObject[] {
  return [];
}

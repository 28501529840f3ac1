import type { KubernetesObject } from "../../spec/kubernetes.ts";
import type { MaterializeContext } from "../context.ts";

/** VariantAutoscalings with their HorizontalPodAutoscaler or ScaledObject. */
export function buildScaling(_context: MaterializeContext): KubernetesObject[] {
  return [];
}

import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { Variant } from "./scaled.ts";
import { actuatorMetadata, variantName } from "./variants.ts";

/** The metric of the variant autoscaler's decision: the wanted number of replicas of a variant. */
export const DESIRED_REPLICAS = "wva_desired_replicas";

/**
 * Applies the decision with a HorizontalPodAutoscaler: the decision is an external metric with the target 1, so its
 * value becomes the number of replicas. Needs an adapter that serves external metrics from Prometheus. Source:
 * expectedHPA in scaling.go, KServe v0.20.0.
 */
export function buildHorizontalPodAutoscaler(variant: Variant, context: MaterializeContext): KubernetesObject {
  const { scaling, wva, target, minReplicas } = variant;
  const selector = { matchLabels: { variant_name: variantName("hpa", variant, context) } };
  const metric = { name: DESIRED_REPLICAS, selector };
  return {
    ...typeMeta("HorizontalPodAutoscaler"),
    metadata: actuatorMetadata("hpa", variant, context),
    spec: {
      scaleTargetRef: target,
      minReplicas,
      maxReplicas: scaling.maxReplicas,
      metrics: [{ type: "External", external: { metric, target: { type: "Value", value: "1" } } }],
      ...(wva.hpa?.behavior && { behavior: wva.hpa.behavior }),
    },
  };
}

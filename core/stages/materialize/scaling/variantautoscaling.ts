import { typeMeta } from "../../../contract/kinds.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { Scaled } from "./scaled.ts";

const ACCELERATOR = "inference.optimization/acceleratorName";

/**
 * Tells llm-d's variant autoscaler what to watch. It compares what variants of a model cost, so it wants to know the
 * accelerator, which a label of the pods names.
 * Source: expectedVA in scaling.go, KServe v0.20.0.
 */
export function buildVariantAutoscaling(scaled: Scaled, { service, spec }: MaterializeContext): KubernetesObject {
  const { scaling, wva, target, variant, labels, podLabels, minReplicas } = scaled;
  return {
    ...typeMeta("VariantAutoscaling"),
    metadata: {
      name: variant,
      namespace: service.metadata.namespace,
      labels: { ...labels, [ACCELERATOR]: podLabels[ACCELERATOR] || "unknown" },
    },
    spec: {
      scaleTargetRef: target,
      modelID: spec.model.name ?? spec.model.uri,
      minReplicas,
      maxReplicas: scaling.maxReplicas,
      ...(wva.variantCost && { variantCost: wva.variantCost }),
    },
  };
}

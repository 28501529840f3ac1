import { typeMeta } from "../../../contract/kinds.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { Variant } from "./scaled.ts";
import { modelId, variantLabels } from "./variants.ts";

/**
 * Tells llm-d's variant autoscaler what to watch. It compares what variants of a model cost, so it wants to know the
 * accelerator, which a label of the pods names.
 * Source: expectedVA in scaling.go, KServe v0.20.0.
 */
export function buildVariantAutoscaling(variant: Variant, context: MaterializeContext): KubernetesObject {
  const { scaling, wva, target, minReplicas } = variant;
  const { name, namespace } = context.service.metadata;
  return {
    ...typeMeta("VariantAutoscaling"),
    metadata: {
      name: workloadNameOf(name, "variantAutoscaling", variant),
      namespace,
      labels: variantLabels(variant),
    },
    spec: {
      scaleTargetRef: target,
      modelID: modelId(context),
      // With a floor above 0 the autoscaler never wants none, so that nothing would ever be idle.
      minReplicas: wva.keda?.idleReplicaCount === 0 ? 0 : minReplicas,
      maxReplicas: scaling.maxReplicas,
      ...(wva.variantCost && { variantCost: wva.variantCost }),
    },
  };
}

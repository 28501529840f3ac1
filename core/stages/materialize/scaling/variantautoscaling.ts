import { typeMeta } from "../../../contract/kinds.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { Variant } from "./scaled.ts";
import { modelId, variantLabels } from "./variants.ts";

/**
 * Configures llm-d's variant autoscaler. It compares the costs of a model's variants, so it needs the accelerator,
 * which a label of the pods names. Source: expectedVA in scaling.go, KServe v0.20.0.
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
      // With a minimum above 0 the autoscaler never wants 0 replicas, so a service would never become idle.
      minReplicas: wva.keda?.idleReplicaCount === 0 ? 0 : minReplicas,
      maxReplicas: scaling.maxReplicas,
      ...(wva.variantCost && { variantCost: wva.variantCost }),
    },
  };
}

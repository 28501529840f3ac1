import { typeMeta } from "../../../contract/kinds.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { Scaled } from "./scaled.ts";

/** The variant autoscaler's decision: how many replicas a variant is to have. */
export const DESIRED_REPLICAS = "wva_desired_replicas";

/**
 * Carries out the decision by Kubernetes' own means: with the decision as an external metric and 1 as its target, the
 * number is taken as it is. Needs an adapter that serves external metrics from Prometheus.
 * Source: expectedHPA in scaling.go, KServe v0.20.0.
 */
export function buildHorizontalPodAutoscaler(scaled: Scaled, { service }: MaterializeContext): KubernetesObject {
  const { role, scaling, wva, target, variant, labels, minReplicas } = scaled;
  const { name, namespace } = service.metadata;
  const metric = { name: DESIRED_REPLICAS, selector: { matchLabels: { variant_name: variant } } };
  return {
    ...typeMeta("HorizontalPodAutoscaler"),
    metadata: { name: workloadNameOf(name, "hpa", role), namespace, labels },
    spec: {
      scaleTargetRef: target,
      minReplicas,
      maxReplicas: scaling.maxReplicas,
      metrics: [{ type: "External", external: { metric, target: { type: "Value", value: "1" } } }],
      ...(wva.hpa?.behavior && { behavior: wva.hpa.behavior }),
    },
  };
}

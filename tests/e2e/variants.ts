import type { TestObject } from "../../tools/cluster/objects.ts";

/** As much of the variant autoscaler's API as an API server needs to store its objects. */
export const VARIANTS: TestObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "variantautoscalings.llmd.ai" },
  spec: {
    group: "llmd.ai",
    scope: "Namespaced",
    names: { kind: "VariantAutoscaling", plural: "variantautoscalings", singular: "variantautoscaling" },
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

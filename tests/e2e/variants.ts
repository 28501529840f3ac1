import type { TestObject } from "../../tools/cluster/objects.ts";

/** The part of the variant autoscaler's API that an API server needs to store its objects. */
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

/** The scaled workloads of a namespace, by service: their path, and how many pods each replica has. */
export function targetsIn(namespace: string) {
  return {
    pods: { path: `/apis/apps/v1/namespaces/${namespace}/deployments/pods-kserve`, size: 1 },
    groups: {
      path: `/apis/leaderworkerset.x-k8s.io/v1/namespaces/${namespace}/leaderworkersets/groups-kserve-mn`,
      size: 2,
    },
  } as const;
}
export type Target = keyof ReturnType<typeof targetsIn>;

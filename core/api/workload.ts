import { z } from "zod";
import type { StructuralSchema } from "../kubernetes/schema/schema.ts";
import { embedded, inCrd, podSpec, quantity, stringMap } from "./atoms.ts";
import { parallelism } from "./parallelism.ts";
import { scaling } from "./scaling.ts";

function oneBackend(one: string, other: string): StructuralSchema {
  return {
    "x-kubernetes-validations": [
      {
        rule: `!(has(self.${one}) && has(self.${other}))`,
        message: `${one} and ${other} exclude each other: keep one of them`,
        coveredBy: "tiers of the KV cache have one backend each",
        added: true,
      },
    ],
  };
}

/** A cache tier on a file system, behind the CPU tier. */
export const secondaryTier = z.strictObject({
  fileSystem: inCrd(
    z.strictObject({
      emptyDir: z
        .strictObject({ size: quantity.describe("Size of the volume, which is also the pod's ephemeral-storage.") })
        .optional()
        .describe("A volume on the node, emptied with the pod."),
      pvc: inCrd(
        z.strictObject({
          spec: embedded("PersistentVolumeClaimSpec").optional(),
          ref: z
            .strictObject({
              name: z.string().describe("Name of the claim."),
              path: z.string().optional().describe("Folder inside the volume. Default: its root."),
            })
            .optional()
            .describe("A claim that exists."),
        }),
        oneBackend("spec", "ref"),
      )
        .optional()
        .describe("A claim of each pod's own (`spec`), or one that exists (`ref`)."),
    }),
    oneBackend("emptyDir", "pvc"),
  )
    .optional()
    .describe("Exactly one of emptyDir and pvc."),
});

export const kvCacheOffloading = z.strictObject({
  cpu: quantity.describe("CPU memory of a pod for the KV cache."),
  evictionPolicy: inCrd(z.string().optional().describe("What leaves the cache first: lru or arc. Default lru."), {
    enum: ["lru", "arc"],
    default: "lru",
  }),
  secondary: z.array(secondaryTier).optional().describe("Tiers behind the CPU's, in order."),
});

/** What a worker role has: the service itself (general or decode) and `prefill`. */
export const workloadFields = {
  replicas: z
    .int()
    .min(0)
    .optional()
    .describe("Number of pods (or groups). Left to the autoscaler when `scaling` is set. Default 1."),
  scaling: scaling.optional().describe("Autoscaling; excludes `replicas`."),
  parallelism: parallelism.optional().describe("How one engine is spread over GPUs and pods."),
  labels: stringMap.optional().describe("Labels of the pods."),
  annotations: stringMap.optional().describe("Annotations of the pods."),
  template: podSpec.optional().describe("The pods, or the leader of each group; merged over the preset's."),
  worker: podSpec.optional().describe("The other pods of a group. {} makes groups (LeaderWorkerSet) of the preset's."),
  kvCacheOffloading: kvCacheOffloading.optional().describe("Where KV-cache blocks go that do not fit into the GPU."),
};

/** The rule that a workload as a whole must obey, in the CRD's words. */
export const WORKLOAD_RULES = {
  "x-kubernetes-validations": [
    {
      rule: "!(has(self.replicas) && has(self.scaling))",
      message: "replicas and scaling exclude each other: give replicas for a fixed size, scaling for an autoscaled one",
      coveredBy: "replicas and scaling exclude each other",
    },
    {
      rule: "!(has(self.worker) && has(self.parallelism) && has(self.parallelism.pipeline) && (has(self.parallelism.data) || has(self.parallelism.dataLocal)))",
      message: "pipeline and data exclude each other: each alone decides the size of a group",
      coveredBy: "data and pipeline parallelism exclude each other",
      added: true,
    },
  ],
};
export const workload = inCrd(z.strictObject(workloadFields), WORKLOAD_RULES);

export type WorkloadSpec = z.infer<typeof workload>;
export type KVCacheOffloadingSpec = z.infer<typeof kvCacheOffloading>;
export type SecondaryTierSpec = z.infer<typeof secondaryTier>;

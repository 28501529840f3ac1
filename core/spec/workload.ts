import { z } from "zod";
import { embedded, podSpec, quantity, stringMap } from "./kubernetes.ts";
import { parallelism } from "./parallelism.ts";
import { scaling } from "./scaling.ts";

/** A cache tier on a file system, behind the CPU tier. */
export const secondaryTier = z.strictObject({
  fileSystem: z
    .strictObject({
      emptyDir: z.strictObject({ size: quantity }).optional(),
      pvc: z
        .strictObject({
          spec: embedded("PersistentVolumeClaimSpec").optional(),
          ref: z.strictObject({ name: z.string(), path: z.string().optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
});

export const kvCacheOffloading = z.strictObject({
  cpu: quantity,
  evictionPolicy: z.string().optional(),
  secondary: z.array(secondaryTier).optional(),
});

/** What a worker role has: the service itself (general or decode) and `prefill`. */
export const workloadFields = {
  replicas: z.int().optional().describe("Number of pods (or groups). Left to the autoscaler when `scaling` is set."),
  scaling: scaling.optional(),
  parallelism: parallelism.optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
  template: podSpec.optional(),
  worker: podSpec.optional(),
  kvCacheOffloading: kvCacheOffloading.optional(),
};
export const workload = z.strictObject(workloadFields);

export type WorkloadSpec = z.infer<typeof workload>;
export type KVCacheOffloadingSpec = z.infer<typeof kvCacheOffloading>;
export type SecondaryTierSpec = z.infer<typeof secondaryTier>;

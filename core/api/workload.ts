import { z } from "zod";
import type { StructuralSchema } from "../kubernetes/schema/schema.ts";
import { embedded, inCrd, podSpec, quantity, stringMap } from "./atoms.ts";
import { rolloutStrategy } from "./rollout.ts";
import { scaling } from "./scaling.ts";
import { parallelism } from "./shorthands/parallelism.ts";

function oneBackend(one: string, other: string): StructuralSchema {
  return {
    "x-kubernetes-validations": [
      {
        rule: `!(has(self.${one}) && has(self.${other}))`,
        message: `${one} and ${other} cannot both be set: keep one of them`,
        coveredBy: "tiers of the KV cache have one backend each",
        added: true,
      },
    ],
  };
}

/** A cache tier on a file system, behind the CPU tier. */
const secondaryTier = z.strictObject({
  fileSystem: inCrd(
    z.strictObject({
      emptyDir: z
        .strictObject({
          size: quantity.describe("Size of the volume. The pod requests the same amount of ephemeral-storage."),
        })
        .optional()
        .describe("Volume on the node, deleted together with the pod. Cannot be combined with `pvc`."),
      pvc: inCrd(
        z.strictObject({
          spec: embedded("PersistentVolumeClaimSpec").optional(),
          ref: z
            .strictObject({
              name: z.string().describe("Name of the PersistentVolumeClaim."),
              path: z.string().optional().describe("Folder inside the volume. Default: the root of the volume."),
            })
            .optional()
            .describe("Existing PersistentVolumeClaim. Cannot be combined with `spec`."),
        }),
        oneBackend("spec", "ref"),
      )
        .optional()
        .describe(
          "PersistentVolumeClaim: one that is created for each pod (`spec`), or an existing one (`ref`). Cannot be combined with `emptyDir`.",
        ),
    }),
    oneBackend("emptyDir", "pvc"),
  )
    .optional()
    .describe("File system of the tier. Set exactly one of `emptyDir` and `pvc`."),
});

const kvCacheOffloading = z.strictObject({
  cpu: quantity.describe("CPU memory of each pod that holds KV cache."),
  evictionPolicy: inCrd(z.string().optional().describe("Eviction policy of the cache: lru or arc. Default: lru."), {
    enum: ["lru", "arc"],
    default: "lru",
  }),
  secondary: z.array(secondaryTier).optional().describe("Cache tiers behind the CPU memory, in order."),
});

/** The fields of a worker role: the service itself (general or decode) and `prefill`. */
export const workloadFields = {
  replicas: z
    .int()
    .min(0)
    .optional()
    .describe("Number of pods, or of groups of pods. Cannot be combined with `scaling`. Default: 1."),
  scaling: scaling.optional().describe("Autoscaling of the pods or groups. Cannot be combined with `replicas`."),
  parallelism: parallelism.optional().describe("How the model is distributed over GPUs and pods."),
  labels: stringMap.optional().describe("Labels of the pods."),
  annotations: stringMap.optional().describe("Annotations of the pods."),
  template: podSpec
    .optional()
    .describe("Pod template of the engines; in groups, of the leader. It is merged over the template of the preset."),
  worker: podSpec
    .optional()
    .describe(
      "Pod template of the workers of a group. Setting it creates groups (LeaderWorkerSet); {} uses the template of the preset.",
    ),
  kvCacheOffloading: kvCacheOffloading
    .optional()
    .describe("Tiers that hold the KV-cache blocks which do not fit into GPU memory."),
  rolloutStrategy: rolloutStrategy
    .optional()
    .describe("How a rollout replaces the pods or groups. Default: the defaults of Deployment and LeaderWorkerSet."),
};

/** The rule for a workload as a whole, in the CRD's words. */
export const WORKLOAD_RULES = {
  "x-kubernetes-validations": [
    {
      rule: "!(has(self.replicas) && has(self.scaling))",
      message:
        "replicas and scaling cannot both be set: set replicas for a fixed size, or scaling for an autoscaled one",
      coveredBy: "replicas and scaling exclude each other",
    },
    {
      rule: "!(has(self.worker) && has(self.parallelism) && has(self.parallelism.pipeline) && (has(self.parallelism.data) || has(self.parallelism.dataLocal)))",
      message: "pipeline and data cannot both be set: each of them determines the size of a group",
      coveredBy: "data and pipeline parallelism exclude each other",
      added: true,
    },
  ],
};
export const workload = inCrd(z.strictObject(workloadFields), WORKLOAD_RULES);

export type WorkloadSpec = z.infer<typeof workload>;
export type KVCacheOffloadingSpec = z.infer<typeof kvCacheOffloading>;
export type SecondaryTierSpec = z.infer<typeof secondaryTier>;

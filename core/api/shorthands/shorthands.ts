import { z } from "zod";
import type { LLMInferenceServiceConfigSpec } from "../service.ts";
import { type WorkloadSpec, workloadFields } from "../workload.ts";
import { accelerator } from "./accelerator.ts";
import { network } from "./network.ts";
import { type Operations, operations } from "./operations.ts";
import { tuning } from "./tuning.ts";

/**
 * Fields that may be written in addition to KServe's, on the service and on `prefill`; lowered before the merge, and
 * never in a CRD.
 */
export const shorthands = {
  accelerator: accelerator
    .optional()
    .describe(
      "Accelerator of the engines: the name of a class, for example nvidia-h100-80gb, or the class itself. Sets node selector, tolerations and resource limits of the pods.",
    ),
  tuning: tuning.optional().describe("Typed settings of vLLM. Each of them sets the flag that its description names."),
  network: network
    .optional()
    .describe(
      "Network between the pods of a group, and between prefill and decode: RDMA devices, and settings of NCCL, UCX and NIXL.",
    ),
  unset: z
    .array(z.string())
    .optional()
    .describe(
      "Paths of fields of lower layers that this layer removes, for example template.nodeSelector or template.containers[main].env[NAME]. A path is relative to the object that holds `unset`. A null in YAML has the same effect.",
    ),
  unsetArgs: z
    .array(z.string())
    .optional()
    .describe(
      "Engine flags of lower layers that this layer removes, in their long or short form, for example --max-model-len or -tp.",
    ),
  argsMerge: z
    .enum(["flags", "replace"])
    .optional()
    .describe(
      "How the args of this layer are combined with the args of lower layers. flags: they are merged flag by flag. replace: they replace all of them. Default: flags.",
    ),
};
type Shorthands = z.infer<z.ZodObject<typeof shorthands>>;

/** Fields that may be written in addition to KServe's on the service only; they apply to all of its workloads. */
export const serviceShorthands = {
  ...shorthands,
  operations: operations
    .optional()
    .describe(
      "Day-two features of the service, for example disruption budgets, rollouts, monitoring and caches. Each of them is off by default. They apply to all roles.",
    ),
};
/** One replica group: pods of the same service on separate hardware, with fields that override those of the service. */
const replicaGroup = z.strictObject({
  ...workloadFields,
  runtime: z
    .string()
    .optional()
    .describe(
      "Name of the runtime whose engine serves in this group. kserve-llm-sglang: SGLang. Default: that of the service.",
    ),
  ...shorthands,
});
/** The fields that a replica group may have. */
export const GROUP_FIELDS: readonly string[] = Object.keys(replicaGroup.shape);

/** Fields of a service that a config may not have: they decide which workloads exist. */
export const serviceGroups = {
  groups: z
    .record(z.string(), replicaGroup)
    .optional()
    .describe(
      "Replica groups, by name: the pods of the service run as one workload per group, each with its own accelerator, replicas or scaling, and parallelism, behind the same route, pool and scheduler. The fields of a group override the fields of the service. `replicas` and `scaling` are then set per group.",
    ),
};

interface ServiceShorthands extends Shorthands {
  operations?: Operations;
}

/** A config's spec, or a part of a platform's defaults, as users write it: any subset. */
export type WrittenConfigSpec = Omit<LLMInferenceServiceConfigSpec, "prefill"> &
  ServiceShorthands & { prefill?: WorkloadSpec & Shorthands };

import { z } from "zod";
import { accelerator } from "./accelerator.ts";
import { network } from "./network.ts";
import { type Operations, operations } from "./operations.ts";
import type { LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "./service.ts";
import { tuning } from "./tuning.ts";
import type { WorkloadSpec } from "./workload.ts";

/** What may stand beside KServe's fields, on the service and on `prefill`; lowered before the merge, never in a CRD. */
export const shorthands = {
  accelerator: accelerator
    .optional()
    .describe(
      "The kind of accelerator: a name such as nvidia-h100-80gb, or a class of your own. Becomes node selector, tolerations and resources.",
    ),
  tuning: tuning.optional().describe("Typed settings of vLLM; each becomes a flag."),
  network: network
    .optional()
    .describe("How the pods of groups, and prefill and decode, reach each other: RDMA devices, NCCL, UCX and NIXL."),
  unset: z
    .array(z.string())
    .optional()
    .describe(
      "Paths of fields that lower layers set and this one takes away, relative to where it stands: template.nodeSelector, template.containers[main].env[NAME]. The same as null in YAML.",
    ),
  unsetArgs: z
    .array(z.string())
    .optional()
    .describe("Flags of the engine that lower layers set and this one takes away, in any form: --max-model-len, -tp."),
  argsMerge: z
    .enum(["flags", "replace"])
    .optional()
    .describe("How this layer's args meet those of lower ones: flag by flag (flags, the default), or in their place."),
};
export type Conveniences = z.infer<z.ZodObject<typeof shorthands>>;

/** What may stand beside KServe's fields on the service only; it holds for all of its workloads. */
export const serviceConveniences = {
  ...shorthands,
  operations: operations
    .optional()
    .describe(
      "How the service is run: disruption budgets, rollouts and the like. Each is a switch, and off by default.",
    ),
};
interface ServiceConveniences extends Conveniences {
  operations?: Operations;
}

/** A service's spec as users write it. */
export type WrittenServiceSpec = Omit<LLMInferenceServiceSpec, "prefill"> &
  ServiceConveniences & { prefill?: WorkloadSpec & Conveniences };

/** A config's spec, or a part of a platform's defaults, as users write it: any subset. */
export type WrittenConfigSpec = Omit<LLMInferenceServiceConfigSpec, "prefill"> &
  ServiceConveniences & { prefill?: WorkloadSpec & Conveniences };

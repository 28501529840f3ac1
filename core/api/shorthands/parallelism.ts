import { z } from "zod";

const atLeastOne = z.int().min(1).optional();

export const parallelism = z.strictObject({
  tensor: atLeastOne.describe("Tensor-parallel size: the number of GPUs that share each layer. Default: 1."),
  pipeline: atLeastOne.describe(
    "Pipeline-parallel size: the number of stages that the layers are divided into. Cannot be combined with `data` or `dataLocal` when `worker` is set. Default: 1.",
  ),
  data: atLeastOne.describe("Data-parallel size: the number of full copies of the model. Default: 1."),
  dataLocal: atLeastOne.describe("Number of data-parallel ranks in one pod. It must divide `data`. Default: 1."),
  dataRPCPort: z.int().min(1).max(65535).optional().describe("Port of the data-parallel coordinator. Default: 5555."),
  expert: z
    .boolean()
    .optional()
    .describe(
      "Whether the experts are distributed over the tensor-parallel and data-parallel ranks (expert parallelism). Default: false.",
    ),
});
export type ParallelismSpec = z.infer<typeof parallelism>;

/**
 * Pods of a group: its data-parallel ranks over the pods, or the pipeline's stages.
 * Source: ParallelismSpec.GetSize, llm_inference_service_types_func.go, KServe v0.20.0.
 */
export function groupSizeOf({ data, dataLocal, pipeline }: ParallelismSpec = {}): number | undefined {
  if (data || dataLocal) return Math.max(1, Math.floor(Math.max(data ?? 1, 1) / Math.max(dataLocal ?? 1, 1)));
  return pipeline || undefined;
}

/** Number of pods per group for each role, if more than parallelism decides it: the devices of a pod. */
export type GroupSizes = Partial<Readonly<Record<"main" | "prefill", number>>>;

/** Number of pods of a role's group: as the plan has counted them, otherwise by its parallelism. */
export function podsOfGroup(
  role: keyof GroupSizes,
  { parallelism }: { parallelism?: ParallelismSpec },
  counted: GroupSizes = {},
): number | undefined {
  return counted[role] ?? groupSizeOf(parallelism);
}

/** Number of pods over which one copy of the model is spread. */
export function podsOfCopy(
  role: keyof GroupSizes,
  workload: { parallelism?: ParallelismSpec; worker?: unknown },
  counted?: GroupSizes,
): number {
  const { data, dataLocal } = workload.parallelism ?? {};
  if (workload.worker === undefined) return 1;
  const copies = data || dataLocal ? (groupSizeOf({ data, dataLocal }) ?? 1) : 1;
  return Math.max(1, (podsOfGroup(role, workload, counted) ?? 1) / copies);
}

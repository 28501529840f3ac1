import { z } from "zod";

export const parallelism = z.strictObject({
  tensor: z.int().optional().describe("Tensor-parallel size: GPUs that share each layer."),
  pipeline: z.int().optional().describe("Pipeline-parallel size: stages that share the layers."),
  data: z.int().optional().describe("Data-parallel size: full copies of the model."),
  dataLocal: z.int().optional().describe("Data-parallel ranks in one pod. Default 1."),
  dataRPCPort: z.int().optional().describe("Port of the data-parallel coordinator."),
  expert: z.boolean().optional().describe("Whether experts are spread over the data-parallel ranks."),
});
export type ParallelismSpec = z.infer<typeof parallelism>;

import { z } from "zod";

const modelFields = {
  uri: z.string().describe("Where the weights are: hf://, s3://, gs://, pvc://, oci:// …"),
  name: z.string().optional().describe("The name clients ask for. Default: the service's name."),
  confidential: z.strictObject({ enabled: z.boolean(), resourceId: z.string().optional() }).optional(),
};
/** A LoRA adapter is a model without adapters of its own. */
export const loraAdapter = z.strictObject({ ...modelFields, lora: z.unknown().optional() });
export const lora = z.strictObject({
  adapters: z.array(loraAdapter).optional(),
  maxRank: z.int().optional(),
  maxAdapters: z.int().optional(),
  maxCpuAdapters: z.int().optional(),
});
export const model = z.strictObject({ ...modelFields, lora: lora.optional() });
export type ModelSpec = z.infer<typeof model>;
export type LoRASpec = z.infer<typeof lora>;
export type LoRAAdapterSpec = z.infer<typeof loraAdapter>;

import { z } from "zod";
import { inCrd } from "./atoms.ts";

const confidential = z.strictObject({
  enabled: z.boolean().describe("Whether the weights are stored encrypted and are decrypted inside the pod."),
  resourceId: z
    .string()
    .optional()
    .describe("The key, as the key broker names it: kbs:///REPOSITORY/TYPE/TAG. Default: found from the weights."),
});

const modelFields = {
  uri: z
    .string()
    .describe("Where the weights are: hf://ORG/MODEL, s3://, gs://, pvc://CLAIM/PATH, oci://IMAGE …")
    .meta({ format: "go-url" }),
  name: z.string().optional().describe("The name that clients ask for. Default: the service's name."),
  confidential: confidential.optional().describe("Weights that are encrypted at rest."),
};

/** A LoRA adapter is a model without adapters of its own; KServe takes and ignores a nested `lora`. */
export const loraAdapter = inCrd(
  z.strictObject({
    ...modelFields,
    lora: inCrd(z.unknown().optional().describe("Not used: an adapter has no adapters."), {
      "x-kubernetes-preserve-unknown-fields": true,
    }),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!has(self.name) || !(self.name in ['.', '..'])",
        message: "the name of an adapter is the name of its folder",
        coveredBy: "LoRA adapters have names of their own",
        added: true,
      },
    ],
  },
);
export const lora = z.strictObject({
  adapters: z.array(loraAdapter).optional().describe("The adapters, each with a name of its own."),
  maxRank: z.int().min(1).optional().describe("The largest rank of an adapter (vLLM --max-lora-rank)."),
  maxAdapters: z.int().min(1).optional().describe("Adapters that one batch may mix (vLLM --max-loras)."),
  maxCpuAdapters: z.int().min(1).optional().describe("Adapters that are kept in CPU memory (vLLM --max-cpu-loras)."),
});
export const model = z.strictObject({
  ...modelFields,
  lora: lora.optional().describe("LoRA adapters that are served beside the model."),
});
export type ModelSpec = z.infer<typeof model>;
export type LoRASpec = z.infer<typeof lora>;
export type LoRAAdapterSpec = z.infer<typeof loraAdapter>;

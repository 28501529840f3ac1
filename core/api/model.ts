import { z } from "zod";
import { inCrd } from "./atoms.ts";

const confidential = z.strictObject({
  enabled: z.boolean().describe("Whether the weights are stored encrypted and are decrypted inside the pod."),
  resourceId: z
    .string()
    .optional()
    .describe(
      "Identifier of the key at the key broker, as kbs:///REPOSITORY/TYPE/TAG. Default: the key that the weights name.",
    ),
});

const modelFields = {
  uri: z
    .string()
    .describe(
      "URI of the weights, for example hf://ORG/MODEL, s3://BUCKET/PATH, gs://BUCKET/PATH, modelscope://ORG/MODEL, pvc://CLAIM/PATH, oci://IMAGE or oci+fetch://IMAGE.",
    )
    .meta({ format: "go-url" }),
  name: z.string().optional().describe("Model name that clients send in requests. Default: the name of the service."),
  confidential: confidential.optional().describe("Settings for weights that are stored encrypted."),
};

/** A LoRA adapter is a model without adapters; KServe accepts and ignores a nested `lora`. */
export const loraAdapter = inCrd(
  z.strictObject({
    ...modelFields,
    lora: inCrd(z.unknown().optional().describe("Not used. An adapter cannot have adapters."), {
      "x-kubernetes-preserve-unknown-fields": true,
    }),
  }),
  {
    "x-kubernetes-validations": [
      {
        rule: "!has(self.name) || !(self.name in ['.', '..'])",
        message: "an adapter cannot be named . or .., because its name is the name of its folder",
        coveredBy: "LoRA adapters have unique names",
        added: true,
      },
    ],
  },
);
export const lora = z.strictObject({
  adapters: z.array(loraAdapter).optional().describe("LoRA adapters. Each name must be unique."),
  maxRank: z.int().min(1).optional().describe("Largest rank of an adapter (vLLM --max-lora-rank). At least 1."),
  maxAdapters: z
    .int()
    .min(1)
    .optional()
    .describe("Number of adapters that one batch can use (vLLM --max-loras). At least 1."),
  maxCpuAdapters: z
    .int()
    .min(1)
    .optional()
    .describe("Number of adapters that are kept in CPU memory (vLLM --max-cpu-loras). At least 1."),
});
export const model = z.strictObject({
  ...modelFields,
  lora: lora.optional().describe("LoRA adapters that are served together with the model."),
});
export type LoRASpec = z.infer<typeof lora>;
export type LoRAAdapterSpec = z.infer<typeof loraAdapter>;

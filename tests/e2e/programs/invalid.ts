import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type LLMInferenceServiceArgs } from "../../../components/index.ts";

// What TypeScript would refuse, as a user without types writes it.
const args: unknown = {
  replicas: -1,
  modle: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
  parallelism: { tensor: "two" },
  accelerator: "nvidia-h1000",
};
new LLMInferenceService("invalid", args as LLMInferenceServiceArgs);

const eventual = new pulumi.Config().get("eventual");
export const done = eventual ?? "no";

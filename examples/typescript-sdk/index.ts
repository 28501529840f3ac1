import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "pulumi-kserve-llm-sdk";

const config = new pulumi.Config();
// A folder of YAML. An empty one deploys to the current kubeconfig.
const folder = config.get("renderTo") ?? "rendered";
const kubernetes = new Provider("provider", { renderYamlToDirectory: folder && resolve(folder) });
const providers = { kubernetes };

const platform = new Platform("platform", {}, { providers });

const chat = new LLMInferenceService(
  "chat",
  {
    platform: platform.bundle,
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
    // Two pods, each a full copy of the model over two GPUs.
    parallelism: { tensor: 2, data: 2 },
    accelerator: "nvidia-h100-80gb",
    tuning: { maxModelLen: 32768, gpuMemoryUtilization: 0.92 },
  },
  { providers },
);

export const url = chat.url;
export const objects = chat.objects;

import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../components/index.ts";

const config = new pulumi.Config();
const folder = resolve(config.get("renderTo") ?? resolve(import.meta.dirname, "rendered"));
const kubernetes = new Provider("yaml", { renderYamlToDirectory: folder, kubeconfig: pulumi.output(undefined) });

const platform = new Platform("platform", {}, { providers: { kubernetes } });

// 16 ranks step together and share the experts: two pods of eight GPUs each are one engine, a LeaderWorkerSet.
const deepseek = new LLMInferenceService(
  "deepseek-r1",
  {
    platform,
    model: { uri: "hf://deepseek-ai/DeepSeek-R1-0528", name: "deepseek-ai/DeepSeek-R1-0528" },
    parallelism: { data: 16, dataLocal: 8, tensor: 1, expert: true },
    accelerator: "nvidia-h200-141gb",
    tuning: { maxModelLen: 65536, gpuMemoryUtilization: 0.93 },
    template: { containers: [{ name: "main", env: [{ name: "VLLM_LOGGING_LEVEL", value: "INFO" }] }] },
    worker: { containers: [{ name: "main", env: [{ name: "VLLM_LOGGING_LEVEL", value: "INFO" }] }] },
  },
  { providers: { kubernetes }, customTimeouts: { create: "90m" } },
);

export const url = deepseek.url;
export const objects = deepseek.objects;

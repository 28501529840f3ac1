import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../components/index.ts";

const config = new pulumi.Config();

// Nothing but a folder of YAML is needed at first; `pulumi config set target cluster` deploys to the current kubeconfig.
const target = config.get<"yaml" | "cluster">("target", { allowedValues: ["yaml", "cluster"] }) ?? "yaml";
const folder = resolve(config.get("renderTo") ?? resolve(import.meta.dirname, "../../rendered"));
const kubernetes =
  target === "cluster"
    ? new Provider("cluster")
    : // Rendering needs no kubeconfig, and refuses one: also that of the environment.
      new Provider("yaml", { renderYamlToDirectory: folder, kubeconfig: pulumi.output(undefined) });

const platform = new Platform("platform", {}, { providers: { kubernetes } });

const chat = new LLMInferenceService(
  "chat",
  {
    platform,
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
    // Two pods, each a full copy of the model over two GPUs.
    parallelism: { tensor: 2, data: 2 },
    accelerator: "nvidia-h100-80gb",
    tuning: { maxModelLen: 32768, gpuMemoryUtilization: 0.92 },
    // Report why pods do not start. Without a cluster, while YAML is rendered, there are no pods to look at.
    progress: target === "cluster",
  },
  { providers: { kubernetes } },
);

export const url = chat.url;
export const objects = chat.objects;

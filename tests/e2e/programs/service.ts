import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../../components/index.ts";

const config = new pulumi.Config();
const namespace = config.require("namespace");
const providers = { kubernetes: new Provider("cluster") };

const platform = new Platform(
  "platform",
  {
    namespace: { name: `${namespace}-system`, mode: "own" },
    crds: config.get<"install" | "skip">("crds") ?? "install",
  },
  { providers },
);

new LLMInferenceService(
  "tested",
  {
    metadata: { namespace },
    platform,
    progress: true,
    preflight: config.getBoolean("preflight") ?? false,
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" },
    parallelism: { tensor: 2 },
    template: {
      nodeSelector: { "nvidia.com/gpu.product": config.require("product") },
      containers: [{ name: "main", env: [{ name: "VLLM_LOGGING_LEVEL", value: config.require("level") }] }],
    },
  },
  { providers, customTimeouts: { create: config.require("patience"), update: config.require("patience") } },
);

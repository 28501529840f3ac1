import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../../../components/index.ts";

const rendering = new Provider("rendering", { renderYamlToDirectory: new pulumi.Config().require("renderTo") });
const upstream = new ConfigMap("upstream", {}, { provider: rendering });

new LLMInferenceService(
  "chat",
  {
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
    accelerator: "nvidia-h100-80gb",
    annotations: { "acme.com/token": pulumi.secret(upstream.id) },
    template: {
      containers: [
        {
          name: "main",
          image: pulumi.interpolate`ghcr.io/acme/vllm:${upstream.id}`,
        },
      ],
    },
  },
  { providers: { kubernetes: rendering } },
);

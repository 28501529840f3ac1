import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";

const config = new pulumi.Config();

new LLMInferenceService(
  "sealed",
  {
    settings: { enableTLS: true, tls: { renewal: config.require("renewal") } },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" },
    template: { containers: [{ name: "main", env: [{ name: "VLLM_LOGGING_LEVEL", value: config.require("level") }] }] },
    await: false,
  },
  { providers: { kubernetes: new Provider("cluster") } },
);

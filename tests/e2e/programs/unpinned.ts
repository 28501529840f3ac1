import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";

// A service with the current release of another stack's platform. `getOutput` yields undefined if the output is
// missing.
const config = new pulumi.Config();
const platform = new pulumi.StackReference(config.require("platform"));

new LLMInferenceService(
  "chat",
  {
    platform: platform.getOutput("bundle"),
    metadata: { namespace: config.require("namespace") },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" },
    accelerator: "nvidia-h100-80gb",
  },
  { providers: { kubernetes: new Provider("cluster") } },
);

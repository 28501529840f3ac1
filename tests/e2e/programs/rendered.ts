import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";

const config = new pulumi.Config();
const files = new Provider("files", { renderYamlToDirectory: config.require("folder") });

new LLMInferenceService(
  "chat",
  {
    metadata: { namespace: "team" },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
    replicas: 2,
    accelerator: "nvidia-l4",
    parallelism: { tensor: 2 },
    router: { route: {}, gateway: {}, scheduler: {} },
    template: { containers: [{ name: "main", env: [{ name: "TOKEN", value: pulumi.secret("hidden") }] }] },
  },
  { providers: { kubernetes: files } },
);

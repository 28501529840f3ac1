import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../components/index.ts";

const config = new pulumi.Config();
const folder = resolve(config.get("renderTo") ?? resolve(import.meta.dirname, "rendered"));
const kubernetes = new Provider("yaml", { renderYamlToDirectory: folder, kubeconfig: pulumi.output(undefined) });

const platform = new Platform("platform", {}, { providers: { kubernetes } });

// Prompts are read by the pods of `prefill`; their KV cache goes over to the service's own pods, which write the answers.
const llama = new LLMInferenceService(
  "llama",
  {
    platform,
    model: { uri: "hf://meta-llama/Llama-3.1-70B-Instruct", name: "meta-llama/Llama-3.1-70B-Instruct" },
    // Writing is bound by the memory's bandwidth: accelerators with more of it, and as many a pod as in prefill, so that the KV cache fits over.
    parallelism: { tensor: 4 },
    replicas: 2,
    accelerator: "nvidia-h200-141gb",
    tuning: { maxModelLen: 32768 },
    // Reading is bound by arithmetic.
    prefill: {
      parallelism: { tensor: 4 },
      replicas: 3,
      accelerator: "nvidia-h100-80gb",
      tuning: { maxModelLen: 32768 },
    },
    // The scheduler picks a pod of each role for every request.
    router: { gateway: {}, route: {}, scheduler: {} },
  },
  { providers: { kubernetes } },
);

export const url = llama.url;
export const objects = llama.objects;

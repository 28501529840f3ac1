import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../components/index.ts";

const config = new pulumi.Config();
const folder = resolve(config.get("renderTo") ?? resolve(import.meta.dirname, "rendered"));
const kubernetes = new Provider("yaml", { renderYamlToDirectory: folder, kubeconfig: pulumi.output(undefined) });

// What the platform requires of every service: nodes that drain one engine at a time, a priority, and metrics that the
// platform's Prometheus selects.
const platform = new Platform(
  "platform",
  {
    defaults: {
      workerSpec: {
        operations: {
          podDisruptionBudget: true,
          priorityClassName: "serving",
          monitoring: { podMonitor: { labels: { release: "prometheus" } } },
        },
      },
    },
  },
  { providers: { kubernetes } },
);

// What this service adds: the weights are downloaded once, before a pod requests an accelerator; engines share what
// vLLM compiles, are replaced in place, are spread over zones, and accept connections only from the gateway and
// Prometheus.
const chat = new LLMInferenceService(
  "chat",
  {
    platform,
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
    accelerator: "nvidia-l40s",
    replicas: 4,
    router: { route: {}, scheduler: {} },
    operations: {
      modelCache: { storageClassName: "shared-files" },
      compileCache: { storageClassName: "shared-files" },
      rollout: { maxSurge: 0, maxUnavailable: 1 },
      topologySpread: true,
      networkPolicy: {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
      },
    },
  },
  { providers: { kubernetes } },
);

export const url = chat.url;

import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";

const config = new pulumi.Config();
const account = config.get("account");
const isStopped = config.getBoolean("stopped") ?? false;
const cache = { storageClassName: "shared", size: "50Gi" };

new LLMInferenceService(
  "cached",
  {
    metadata: { namespace: "cached", ...(isStopped && { annotations: { "serving.kserve.io/stop": "true" } }) },
    model: { uri: config.require("uri"), name: "qwen" },
    accelerator: "nvidia-h100-80gb",
    replicas: 2,
    router: { route: {}, scheduler: {} },
    ...(account && { template: { serviceAccountName: account } }),
    operations: { modelCache: cache, compileCache: cache, rollout: { maxSurge: 0, maxUnavailable: 1 } },
  },
  { providers: { kubernetes: new Provider("cluster") }, customTimeouts: { create: config.get("patience") ?? "8m" } },
);

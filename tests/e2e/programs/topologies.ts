import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type LLMInferenceServiceArgs, Platform } from "../../../components/index.ts";

// One service of every topology, on eight-GPU nodes.
const providers = { kubernetes: new Provider("cluster") };
const platform = new Platform("platform", { namespace: { name: "topologies-system", mode: "own" } }, { providers });
const QWEN = { uri: "hf://Qwen/Qwen3-8B", name: "qwen" };
const MOE = { uri: "hf://Qwen/Qwen3-30B-A3B-Instruct-2507", name: "qwen-moe" };
const accelerator = "nvidia-h100-80gb";
const GROUPS = { h100: { accelerator }, a100: { accelerator: "nvidia-a100-80gb", replicas: 2 } };
const config = new pulumi.Config();
const isFewer = config.getBoolean("fewerGroups") ?? false;
const isApart = config.getBoolean("pairsApart") ?? false;

const services: Record<string, LLMInferenceServiceArgs> = {
  copies: { model: QWEN, accelerator, parallelism: { data: 2 } },
  roles: {
    model: QWEN,
    accelerator,
    prefill: { accelerator, replicas: 2 },
    router: { route: {}, scheduler: {} },
  },
  experts: { model: MOE, accelerator, parallelism: { data: 4, dataLocal: 2, expert: true }, worker: {} },
  pairs: {
    model: QWEN,
    accelerator,
    prefill: { accelerator },
    router: { route: {}, scheduler: {} },
    stack: "llm-d-0.9",
    operations: { pairedRollout: isApart || { disaggregatedSet: true } },
  },
  mixed: {
    model: QWEN,
    router: { route: {}, scheduler: {} },
    groups: isFewer ? { h100: GROUPS.h100 } : GROUPS,
  },
  stages: { model: QWEN, accelerator, parallelism: { tensor: 2, pipeline: 2 }, worker: {} },
};
for (const [name, args] of Object.entries(services)) {
  new LLMInferenceService(
    name,
    { ...args, platform, metadata: { namespace: "topologies" } },
    { providers, customTimeouts: { create: "8m", update: "8m" } },
  );
}

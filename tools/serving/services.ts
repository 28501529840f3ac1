import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import type { TestObject } from "../cluster/objects.ts";

/** The services of the demonstration and of the tests, as their owners would write them. */
export const NAMESPACE = "serving";
export const MODEL = { uri: "hf://Qwen/Qwen3-8B", name: "qwen" };
export const ADAPTER = "sql";
export const WEIGHTS = { stable: 3, canary: 1 };

const ACCELERATOR = "nvidia-h100-80gb";
const ROUTER = { route: {}, gateway: {}, scheduler: {} };

/** Both members of the group know each other. */
const members = (name: keyof typeof WEIGHTS): object => ({
  model: { ...MODEL, name: "grouped" },
  router: { ...ROUTER, route: { group: "chat", weight: WEIGHTS[name] } },
});

const peer = (name: keyof typeof WEIGHTS): TestObject => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: { name, namespace: NAMESPACE },
  spec: members(name),
});

/** The spec of each service; `known` is next to it. */
export const SERVICES: Readonly<Record<string, object>> = {
  // Three full copies of the model, and an adapter for it.
  copies: {
    model: { ...MODEL, lora: { adapters: [{ name: ADAPTER, uri: "hf://org/sql" }] } },
    parallelism: { data: 3 },
    accelerator: ACCELERATOR,
    router: ROUTER,
  },
  // Prefill and decode apart, two pods each.
  split: {
    model: MODEL,
    replicas: 2,
    prefill: { replicas: 2, accelerator: ACCELERATOR },
    accelerator: ACCELERATOR,
    router: ROUTER,
  },
  stable: { ...members("stable"), accelerator: ACCELERATOR },
  canary: { ...members("canary"), accelerator: ACCELERATOR },
};

/** The objects that the plans of the group look up. */
export const KNOWN: Readonly<Record<string, TestObject[]>> = {
  stable: [peer("canary")],
  canary: [peer("stable")],
};

/** The objects of an administrator in the cluster: the gateway to which services are attached by default. */
export const GATEWAY: readonly TestObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "kserve" } },
  {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "kserve-ingress-gateway", namespace: "kserve" },
    spec: {
      gatewayClassName: "test",
      listeners: [{ name: "http", protocol: "HTTP", port: 80, allowedRoutes: { namespaces: { from: "All" } } }],
    },
  },
];

/** The objects of all services, as a plan has them. */
export function rendered(): TestObject[] {
  return Object.entries(SERVICES).flatMap(([name, spec]) => {
    const service = {
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceService",
      metadata: { name, namespace: NAMESPACE },
      spec,
    };
    const configs = [...presets({ namespace: "kserve" })];
    const { objects, issues } = plan({ service, configs, known: KNOWN[name] ?? [], settings: DEFAULT_SETTINGS });
    const errors = issues.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    return objects as TestObject[];
  });
}

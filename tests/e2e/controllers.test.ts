import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { kedaProblem } from "../../tools/cluster/keda.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { namespace } from "./changes.ts";
import { openStack, sharedFolder } from "./engine.ts";
import { skipWhere } from "./skip.ts";

const NAMESPACE = "scaled";
const ENGINE = {
  model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
  accelerator: "nvidia-h100-80gb",
  router: { scheduler: {} },
};
const PROMETHEUS = { url: "https://prometheus:9090", tlsInsecureSkipVerify: false, authModes: "" };
const SETTINGS = { autoscaling: { prometheus: { ...PROMETHEUS, triggerAuthName: "", triggerAuthKind: "" } } };

/** By service: how it scales, and its workload's kind. */
const SERVICES = {
  "without-triggers": { kind: "Deployment", spec: { scaling: { minReplicas: 2, maxReplicas: 5, keda: {} } } },
  "with-variants": { kind: "Deployment", spec: { scaling: { minReplicas: 1, maxReplicas: 4, wva: { keda: {} } } } },
  groups: {
    kind: "LeaderWorkerSet",
    spec: { scaling: { minReplicas: 1, maxReplicas: 3, keda: {} }, parallelism: { pipeline: 2 }, worker: {} },
  },
} as const;

interface Scaler {
  metadata: { name: string };
  spec: {
    minReplicas: number;
    maxReplicas: number;
    scaleTargetRef: { kind: string; name: string };
    metrics: { type: string }[];
  };
}

describe("KEDA's operator with the objects of a deployment", () => {
  let cluster: Cluster;

  before(async function () {
    skipWhere(this, kedaProblem());
    const nodes = ["h100-0", "h100-1"].map((name) => gpuNode(name, { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" }));
    cluster = await startCluster({ lws: true, keda: true, crds: ["kserve", "keda", "inference"], nodes });
    await namespace(cluster, NAMESPACE);
    const services = Object.fromEntries(
      Object.entries(SERVICES).map(([name, { spec }]) => [name, { ...ENGINE, ...spec }]),
    );
    const config = {
      namespace: NAMESPACE,
      stack: "llm-d-0.9",
      services: JSON.stringify(services),
      settings: JSON.stringify(SETTINGS),
    };
    const stack = await openStack(folder(), "given.ts", { kubeconfig: cluster.kubeconfig, config });
    await stack.up();
  });
  // The stack is not destroyed; it goes with its cluster.
  const folder = sharedFolder(() => ({ cluster: { stop: async () => cluster?.stop() } }));

  for (const [name, { kind, spec }] of Object.entries(SERVICES)) {
    it(`makes an HPA from the ScaledObject of ${name}, with its bounds and its ${kind}`, async () => {
      const scaler = await eventually(`the HPA of ${name}`, async () => {
        const path = `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`;
        const { body } = await cluster.request("GET", path);
        const items = (body.items ?? []) as unknown as Scaler[];
        return items.find((one) => one.spec.scaleTargetRef.name.startsWith(`${name}-kserve`));
      });
      assert.equal(scaler.spec.scaleTargetRef.kind, kind);
      assert.deepEqual(
        { minReplicas: scaler.spec.minReplicas, maxReplicas: scaler.spec.maxReplicas },
        { minReplicas: spec.scaling.minReplicas, maxReplicas: spec.scaling.maxReplicas },
      );
      assert.ok(scaler.spec.metrics.length > 0);
      for (const { type } of scaler.spec.metrics) assert.equal(type, "External");
    });
  }
});

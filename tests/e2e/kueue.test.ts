import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { kueueProblem } from "../../tools/cluster/kueue.ts";
import { gpuNode, type TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, sharedFolder } from "./engine.ts";
import { skipWhere } from "./skip.ts";
import { configure } from "./stack.ts";

const NAMESPACE = "queued";
const GPU = "nvidia.com/gpu";
const ENGINE = { model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" }, accelerator: "nvidia-h100-80gb" };

/** A group of two pods with one GPU each, which Kueue admits as one. */
const group = (queue: string): object => ({
  ...ENGINE,
  parallelism: { pipeline: 2 },
  worker: {},
  operations: { gangScheduling: { kueue: { queue } } },
});

interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { nodeName?: string; schedulingGates?: { name: string }[] };
  status: { conditions?: { type: string; status: string }[] };
}

/** A ClusterQueue with quota for this many GPUs, and its LocalQueue in the namespace, with the same name. */
const queueOf = (name: string, gpus: number): TestObject[] => [
  {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "ClusterQueue",
    metadata: { name },
    spec: {
      namespaceSelector: {},
      resourceGroups: [
        {
          coveredResources: [GPU, "cpu", "memory"],
          flavors: [
            {
              name: "h100",
              resources: [
                { name: GPU, nominalQuota: gpus },
                { name: "cpu", nominalQuota: 1000 },
                { name: "memory", nominalQuota: "9Ti" },
              ],
            },
          ],
        },
      ],
    },
  },
  {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "LocalQueue",
    metadata: { name, namespace: NAMESPACE },
    spec: { clusterQueue: name },
  },
];

describe("Kueue with the objects of a deployment", () => {
  let cluster: Cluster;
  let stack: Stack;
  let running: Promise<unknown> | undefined;
  const failed = new AbortController();

  before(async function () {
    skipWhere(this, kueueProblem());
    cluster = await startCluster({
      kueue: true,
      crds: ["kserve"],
      nodes: [gpuNode("h100-0", { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" })],
    });
    await namespace(cluster, NAMESPACE);
    const flavor = { apiVersion: "kueue.x-k8s.io/v1beta2", kind: "ResourceFlavor", metadata: { name: "h100" } };
    await cluster.apply([flavor, ...queueOf("small", 1), ...queueOf("large", 4)]);
    stack = await openStack(folder(), "given.ts", { kubeconfig: cluster.kubeconfig, config: { namespace: NAMESPACE } });
    await services({ fits: group("large"), waits: group("small") });
    running = stack.up({ signal: failed.signal });
    running.catch(() => undefined);
  });
  /** The deployment ends before its cluster does; if a test failed, it waits for pods that never start. */
  async function stop(): Promise<void> {
    failed.abort();
    await running?.catch(() => undefined);
    await cluster?.stop();
  }
  const folder = sharedFolder(() => ({ cluster: { stop } }));

  const services = (specs: object): Promise<void> => configure(stack, { services: JSON.stringify(specs) });
  const podsOf = async (service: string): Promise<Pod[]> => {
    const selector = encodeURIComponent(`app.kubernetes.io/name=${service}`);
    const path = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${selector}`;
    return ((await cluster.request("GET", path)).body.items ?? []) as unknown as Pod[];
  };
  const isReady = ({ status }: Pod): boolean =>
    status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  const pairOf = (service: string, wanted: (pod: Pod) => boolean): Promise<Pod[]> =>
    eventually(`both pods of ${service}`, async () => {
      const pods = await podsOf(service);
      return pods.length === 2 && pods.every(wanted) ? pods : undefined;
    });

  it("admits both pods of a group if its queue has quota for both", async () => {
    const pods = await pairOf("fits", isReady);
    assert.deepEqual(
      pods.map(({ metadata }) => metadata.labels["kueue.x-k8s.io/queue-name"]),
      ["large", "large"],
    );
  });

  it("holds back both pods of a group if its queue has quota for only one of them", async () => {
    const pods = await pairOf("waits", ({ spec }) => (spec.schedulingGates ?? []).length > 0);
    assert.deepEqual(
      pods.map(({ spec }) => spec.nodeName),
      [undefined, undefined],
    );
  });

  it("admits them once the queue has quota for both, and then the deployment finishes", async () => {
    await cluster.apply(queueOf("small", 2).slice(0, 1));
    await pairOf("waits", isReady);
    await running;
    assert.equal((await stack.info())?.result, "succeeded");
  });

  it("moves a group to another queue, as the preview shows", async () => {
    await services({ fits: group("large"), waits: group("large") });
    const foretold = changesOf(await eventsOf((onEvent) => stack.preview({ onEvent })));
    const sets = foretold.filter(({ type }) => type.endsWith(":LeaderWorkerSet"));
    assert.deepEqual([...new Set(sets.map(({ op }) => op))].sort(), [
      "create-replacement",
      "delete-replaced",
      "replace",
    ]);
    await stack.up();
    const pods = await pairOf("waits", isReady);
    assert.deepEqual(
      pods.map(({ metadata }) => metadata.labels["kueue.x-k8s.io/queue-name"]),
      ["large", "large"],
    );
  });
});

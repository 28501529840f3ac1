import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode, nodeObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";

const NAMESPACE = "unready";
const SCHEDULER = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/chat-kserve-router-scheduler`;
const NEEDED = [
  `/apis/inference.networking.k8s.io/v1/namespaces/${NAMESPACE}/inferencepools/chat-inference-pool`,
  `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes/chat-kserve-route`,
  `/api/v1/namespaces/${NAMESPACE}/services/chat-epp-service`,
];
const ROOM = { "unready/pool": "exists" };

describe("a scheduler that is not ready before its pool exists", () => {
  let cluster: Cluster;

  before(async () => {
    const product = "NVIDIA-H100-80GB-HBM3";
    cluster = await startCluster({
      crds: ["kserve", "gateway", "inference"],
      nodes: [gpuNode("h100-0", { gpus: 8, product })],
    });
    await namespace(cluster, NAMESPACE);
  });
  after(() => cluster?.stop());

  const exists = async (path: string): Promise<boolean> => (await cluster.request("GET", path)).status === 200;

  /**
   * What a gateway and its pool eventually do: only once they exist does the scheduler get a node on which to become
   * ready.
   */
  async function makeRoom(): Promise<void> {
    await eventually("the scheduler, its pool and its route", async () => {
      const found = await Promise.all([SCHEDULER, ...NEEDED].map(exists));
      return found.every(Boolean) ? true : undefined;
    });
    const { body } = await cluster.request("GET", SCHEDULER);
    assert.equal(body.status?.readyReplicas ?? 0, 0, "it was not ready while they came to be");
    await cluster.apply([nodeObject({ name: "of-the-scheduler", labels: ROOM })]);
  }

  it("does not delay the objects that it waits for", () =>
    withFolder(async (folder) => {
      const services = JSON.stringify({
        chat: {
          model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
          accelerator: "nvidia-h100-80gb",
          router: { route: {}, scheduler: { template: { nodeSelector: ROOM } } },
        },
      });
      const config = { namespace: NAMESPACE, services };
      const stack = await openStack(folder, "given.ts", { kubeconfig: cluster.kubeconfig, config });
      await Promise.all([stack.up(), makeRoom()]);
      const { body } = await cluster.request("GET", SCHEDULER);
      assert.equal(body.status?.readyReplicas, 1);
    }));
});

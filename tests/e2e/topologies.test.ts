import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";

interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { nodeName?: string; containers: { name: string; resources?: { limits?: Record<string, string> } }[] };
  status: { conditions?: { type: string; status: string }[] };
}

describe("every topology on a cluster", () => {
  let cluster: Cluster;

  before(async () => {
    const product = "NVIDIA-H100-80GB-HBM3";
    cluster = await startCluster({
      lws: true,
      crds: ["gateway", "inference"],
      nodes: ["h100-0", "h100-1"].map((name) => gpuNode(name, { gpus: 8, product })),
    });
    await namespace(cluster, "topologies");
  });
  after(() => cluster?.stop());

  const list = async <T>(path: string): Promise<T[]> =>
    ((await cluster.request("GET", path)).body.items ?? []) as unknown as T[];
  const podsOf = async (service: string): Promise<Pod[]> => {
    const selector = encodeURIComponent(`app.kubernetes.io/name=${service}`);
    return list<Pod>(`/api/v1/namespaces/topologies/pods?labelSelector=${selector}`);
  };
  const isReady = ({ status }: Pod): boolean =>
    status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  const gpusOf = ({ spec }: Pod): number =>
    Number(spec.containers.find(({ name }) => name === "main")?.resources?.limits?.["nvidia.com/gpu"] ?? 0);
  /** `component role gpus`, of every pod of a service. */
  const shapes = (pods: readonly Pod[]): string[] =>
    pods
      .map((pod) => {
        const { "app.kubernetes.io/component": component = "", "llm-d.ai/role": role = "-" } = pod.metadata.labels;
        return `${component.replace("llminferenceservice-", "")} ${role} ${gpusOf(pod)}`;
      })
      .sort();

  it("comes up: pods ready on GPU nodes, counts and labels right, and a second preview is empty", () =>
    withFolder(async (folder) => {
      const stack: Stack = await openStack(folder, "topologies.ts", { kubeconfig: cluster.kubeconfig });
      await stack.up();
      try {
        const expected: Record<string, string[]> = {
          copies: ["workload both 1", "workload both 1"],
          roles: [
            "router-scheduler - 0",
            "workload decode 1",
            "workload-prefill prefill 1",
            "workload-prefill prefill 1",
          ],
          experts: ["workload-leader both 2", "workload-worker - 2"],
          stages: ["workload-leader both 2", "workload-worker - 2"],
        };
        for (const [service, wanted] of Object.entries(expected)) {
          const pods = await podsOf(service);
          assert.deepEqual(shapes(pods), wanted, service);
          assert.ok(pods.every(isReady), service);
          assert.ok(
            pods.filter((pod) => gpusOf(pod) > 0).every(({ spec }) => spec.nodeName?.startsWith("h100-")),
            service,
          );
        }
        assert.deepEqual(await addresses("copies"), (await podsOf("copies")).length, "both copies are balanced over");
        assert.equal(await addresses("experts"), 1, "followers serve no traffic");
        assert.deepEqual(changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))), []);
      } finally {
        await stack.destroy();
      }
    }));

  /** How many ready endpoints the workload Service of a service has, by the controllers' own EndpointSlices. */
  async function addresses(service: string): Promise<number> {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}-kserve-workload-svc`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/topologies/endpointslices?labelSelector=${selector}`;
    const slices = await list<{ endpoints?: { conditions: { ready?: boolean } }[] }>(path);
    return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).length;
  }
});

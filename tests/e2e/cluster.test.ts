import assert from "node:assert/strict";
import { eventually, send } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { startCreateGuard } from "../../tools/cluster/create-guard.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";

const H100 = "NVIDIA-H100-80GB-HBM3";

function deployment(name: string, product: string): Parameters<Cluster["apply"]>[0][number] {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeSelector: { "nvidia.com/gpu.product": product },
          containers: [{ name: "main", image: "x", resources: { limits: { "nvidia.com/gpu": "2" } } }],
        },
      },
    },
  };
}

describe("the test control plane", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({
      lws: true,
      nodes: [0, 1, 2].map((index) => gpuNode(`h100-${index}`, { gpus: 8, product: H100 })),
    });
  });
  after(() => cluster?.stop());

  it("schedules a pod onto a node with the requested GPUs and labels", async () => {
    await cluster.apply([deployment("fits", H100)]);
    const pod = await eventually("the pod", async () => {
      const { body } = await cluster.request("GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dfits");
      const [one] = (body.items ?? []) as unknown as { spec: { nodeName?: string }; status?: { phase?: string } }[];
      return one?.status?.phase === "Running" ? one : undefined;
    });
    assert.match(pod.spec.nodeName ?? "", /^h100-[012]$/);
  });

  it("leaves a pod pending if no node has its node labels, with the scheduler's reason", async () => {
    await cluster.apply([deployment("nowhere", "NVIDIA-T4")]);
    const message = await eventually("the scheduler's reason", async () => {
      const { body } = await cluster.request("GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dnowhere");
      const conditions = body.items?.[0]?.status?.conditions ?? [];
      return conditions.find(({ type }) => type === "PodScheduled")?.message;
    });
    assert.match(message, /didn't match Pod's node affinity\/selector/);
  });

  it("runs a LeaderWorkerSet with two groups of two pods", async () => {
    const pod = {
      spec: { containers: [{ name: "main", image: "x", resources: { limits: { "nvidia.com/gpu": "4" } } }] },
    };
    await cluster.apply([
      {
        apiVersion: "leaderworkerset.x-k8s.io/v1",
        kind: "LeaderWorkerSet",
        metadata: { name: "groups", namespace: "default" },
        spec: { replicas: 2, leaderWorkerTemplate: { size: 2, workerTemplate: pod } },
      },
    ]);
    await eventually("the LeaderWorkerSet", async () => {
      const path = "/apis/leaderworkerset.x-k8s.io/v1/namespaces/default/leaderworkersets/groups";
      const { body } = await cluster.request("GET", path);
      return body.status?.readyReplicas === 2 ? true : undefined;
    });
    const label = "leaderworkerset.sigs.k8s.io%2Fname%3Dgroups";
    const { body } = await cluster.request("GET", `/api/v1/namespaces/default/pods?labelSelector=${label}`);
    const pods = (body.items ?? []) as unknown as { metadata: { name: string } }[];
    assert.deepEqual(pods.map(({ metadata }) => metadata.name).sort(), [
      "groups-0",
      "groups-0-1",
      "groups-1",
      "groups-1-1",
    ]);
  });

  it("behind the create guard, a plugin's first create of an existing object is refused, its update and an adoption not", async () => {
    const guard = await startCreateGuard(cluster);
    try {
      const path = "/api/v1/namespaces/default/configmaps/guarded";
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "guarded" }, data: { a: "1" } };
      const apply = async (manager: string): Promise<number> =>
        (
          await send(
            guard.target,
            "PATCH",
            `${path}?fieldManager=${manager}&force=true`,
            body,
            "application/apply-patch+yaml",
          )
        ).status;
      assert.equal(await apply("pulumi-kubernetes-aaaa"), 201);
      assert.equal(await apply("pulumi-kubernetes-aaaa"), 409);
      // As the plugin does before its first update.
      const entry = "/metadata/managedFields/0";
      const rename = [
        { op: "replace", path: `${entry}/manager`, value: "pulumi-kubernetes-aaaa" },
        { op: "replace", path: `${entry}/operation`, value: "Apply" },
      ];
      await send(guard.target, "PATCH", path, rename, "application/json-patch+json");
      assert.equal(await apply("pulumi-kubernetes-aaaa"), 200);
      assert.equal(await apply("pulumi-kubernetes-bbbb"), 409);
      assert.equal(await apply("kserve-llm"), 200);
      assert.deepEqual(guard.refused, [path, path]);
    } finally {
      await guard.stop();
    }
  });
});

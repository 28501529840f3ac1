import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";
import { configure } from "./stack.ts";

const ROLE_REVISION = "disaggregatedset.x-k8s.io/revision";
const SETS = "/apis/disaggregatedset.x-k8s.io/v1/namespaces/topologies/disaggregatedsets";
const GROUPS_OF_PODS = "/apis/leaderworkerset.x-k8s.io/v1/namespaces/topologies/leaderworkersets";

const OF_PAIRS = encodeURIComponent("app.kubernetes.io/name=pairs");

interface Pool {
  spec: { selector: { matchLabels: Record<string, string> } };
}
interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { nodeName?: string; containers: { name: string; resources?: { limits?: Record<string, string> } }[] };
  status: { conditions?: { type: string; status: string }[] };
}

describe("every topology on a cluster", () => {
  let cluster: Cluster;

  before(async () => {
    const h100 = { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" };
    cluster = await startCluster({
      lws: true,
      crds: ["gateway", "inference"],
      nodes: [
        // The services request 16 of the 24 H100s: a pod with two finds a node wherever the pods with one have been
        // placed.
        ...["h100-0", "h100-1", "h100-2"].map((name) => gpuNode(name, h100)),
        gpuNode("a100-0", { gpus: 8, product: "NVIDIA-A100-SXM4-80GB" }),
      ],
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

  it("becomes ready: pods run on GPU nodes with the right counts and labels, and a second preview is empty", () =>
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
        await rolesOfOneSet();
        await groupsOfTwoProducts();
        assert.deepEqual(await addresses("copies"), (await podsOf("copies")).length, "both copies are balanced over");
        assert.equal(await addresses("experts"), 1, "followers serve no traffic");
        assert.deepEqual(changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))), []);
        await aGroupFewerAndRolesApart(stack);
        await rolesInOneSetAgain(stack);
      } finally {
        await stack.destroy();
      }
      await eventually("every pod and workload to go", async () => {
        const left = [SETS, GROUPS_OF_PODS, "/api/v1/namespaces/topologies/pods"].map((path) => list(path));
        return (await Promise.all(left)).flat().length === 0 ? true : undefined;
      });
    }));

  /** The pods of a DisaggregatedSet are not awaited: it has no condition for readiness. */
  async function rolesOfOneSet(): Promise<void> {
    const wanted = ["router-scheduler - 0", "workload decode 1", "workload-prefill prefill 1"];
    const pods = await eventually("the pods of both roles", async () => {
      const found = await podsOf("pairs");
      return found.length === wanted.length && found.every(isReady) ? found : undefined;
    });
    assert.deepEqual(shapes(pods), wanted);
    const engines = pods.filter((pod) => gpusOf(pod) > 0);
    assert.deepEqual(
      names(await selected("pairs")),
      names(engines),
      "the InferencePool selects the pods of both roles",
    );
    const revisions = new Set(engines.map(({ metadata }) => metadata.labels[ROLE_REVISION]));
    assert.ok(revisions.size === 1 && !revisions.has(undefined), "both roles have one revision");
    assert.equal((await list(SETS)).length, 1);
  }

  async function groupsOfTwoProducts(): Promise<void> {
    const pods = (await podsOf("mixed")).filter((pod) => gpusOf(pod) > 0);
    assert.deepEqual(placed(pods), ["a100: a100-", "a100: a100-", "h100: h100-"]);
    assert.ok(pods.every(isReady));
    assert.deepEqual(names(await selected("mixed")), names(pods), "the InferencePool selects the pods of both groups");
  }

  const changed = async (stack: Stack, config: Record<string, string>): Promise<string[]> => {
    await configure(stack, config);
    const changes = changesOf(await eventsOf((onEvent) => stack.up({ onEvent })));
    return changes
      .filter(({ op }) => op === "create" || op === "delete")
      .map(({ op, type }) => `${op} ${type.replace("kubernetes:", "")}`)
      .sort();
  };

  async function aGroupFewerAndRolesApart(stack: Stack): Promise<void> {
    const kept = (await selected("mixed")).filter(({ metadata }) => metadata.labels["kserve-llm/group"] === "h100");
    const changes = await changed(stack, { fewerGroups: "true", pairsApart: "true" });
    assert.deepEqual(changes, [
      "create apps/v1:Deployment",
      "create apps/v1:Deployment",
      "delete apps/v1:Deployment",
      "delete disaggregatedset.x-k8s.io/v1:DisaggregatedSet",
    ]);
    const left = await eventually("the pods of the removed group to go", async () => {
      const found = await selected("mixed");
      return found.length === kept.length ? found : undefined;
    });
    assert.deepEqual(names(left), names(kept), "the pods of the other group stay as they are");
    await eventually("the set's pods to go", async () => {
      const sets = await Promise.all([SETS, `${GROUPS_OF_PODS}?labelSelector=${OF_PAIRS}`].map((path) => list(path)));
      return sets.flat().length === 0 && (await podsOf("pairs")).length === 3 ? true : undefined;
    });
    const engines = (await podsOf("pairs")).filter((pod) => gpusOf(pod) > 0);
    assert.ok(engines.every(isReady), "the Deployments were waited for");
    assert.deepEqual(names(await selected("pairs")), names(engines), "the InferencePool selects the Deployments' pods");
  }

  async function rolesInOneSetAgain(stack: Stack): Promise<void> {
    assert.deepEqual(await changed(stack, { pairsApart: "false" }), [
      "create disaggregatedset.x-k8s.io/v1:DisaggregatedSet",
      "delete apps/v1:Deployment",
      "delete apps/v1:Deployment",
    ]);
    await rolesOfOneSet();
    assert.deepEqual(changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))), []);
  }

  const names = (pods: readonly Pod[]): string[] => pods.map(({ metadata }) => metadata.name).sort();
  /** `group: node`, of every pod, without the node's number. */
  const placed = (pods: readonly Pod[]): string[] =>
    pods
      .map(({ metadata, spec }) => `${metadata.labels["kserve-llm/group"]}: ${spec.nodeName?.replace(/\d+$/, "")}`)
      .sort();

  /** The pods that the InferencePool of a service selects. */
  async function selected(service: string): Promise<Pod[]> {
    const path = `/apis/inference.networking.k8s.io/v1/namespaces/topologies/inferencepools/${service}-inference-pool`;
    const { body } = await cluster.request<Pool>("GET", path);
    const labels = Object.entries(body.spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
    return list<Pod>(`/api/v1/namespaces/topologies/pods?labelSelector=${encodeURIComponent(labels.join(","))}`);
  }

  /** How many ready endpoints the workload Service of a service has, by the controllers' own EndpointSlices. */
  async function addresses(service: string): Promise<number> {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}-kserve-workload-svc`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/topologies/endpointslices?labelSelector=${selector}`;
    const slices = await list<{ endpoints?: { conditions: { ready?: boolean } }[] }>(path);
    return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).length;
  }
});

import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { type Answer, type Body, eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";

const NS = "operated";
const RACK = "example.com/rack";
const ZONE = "topology.kubernetes.io/zone";
const NODES = [0, 1, 2].map((i) =>
  gpuNode(`h100-${i}`, {
    gpus: 8,
    product: "NVIDIA-H100-80GB-HBM3",
    labels: { [RACK]: `rack-${i}`, [ZONE]: `zone-${i % 2}` },
  }),
);
const inNamespace = (name: string): object => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});
/** Decode in two groups of two pods, prefill in two pods; every switch is on. */
const SERVICE = {
  model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
  accelerator: "nvidia-h100-80gb",
  ...{ replicas: 2, parallelism: { pipeline: 2 }, worker: {} },
  prefill: { accelerator: "nvidia-h100-80gb", replicas: 2 },
  router: { route: {}, scheduler: {} },
  operations: {
    podDisruptionBudget: true,
    priorityClassName: "serving",
    rollout: { maxSurge: 0, maxUnavailable: 1 },
    topologySpread: { whenUnsatisfiable: "DoNotSchedule" },
    exclusiveTopology: RACK,
    networkPolicy: { from: [inNamespace("monitoring")] },
    monitoring: { podMonitor: { interval: "15s", labels: { release: "prometheus" } }, serviceMonitor: true },
  },
};

interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    nodeName: string;
    priority?: number;
    priorityClassName?: string;
    affinity?: Record<"podAffinity" | "podAntiAffinity", { [when: string]: { topologyKey: string }[] } | undefined>;
    topologySpreadConstraints?: { topologyKey: string; whenUnsatisfiable: string }[];
  };
  status: Body["status"];
}

describe("a service with every field of operations set", () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await startCluster({ lws: true, crds: ["gateway", "inference", "prometheus"], nodes: NODES });
    await namespace(cluster, NS);
    const serving = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "serving" } };
    await cluster.apply([{ ...serving, value: 1000 }]);
  });
  after(() => cluster?.stop());

  const get = async (api: string, resource: string): Promise<Body[]> =>
    (await cluster.request("GET", `/${api}/namespaces/${NS}/${resource}`)).body.items ?? [];
  const podsOf = async (component: string): Promise<Pod[]> => {
    const all = (await get("api/v1", "pods")) as unknown as Pod[];
    return all.filter(
      ({ metadata: { labels } }) => labels["app.kubernetes.io/component"] === `llminferenceservice-${component}`,
    );
  };
  /** The disruption controller's status of a budget. */
  const budget = async (name: string): Promise<Record<string, unknown>> => {
    const path = `/apis/policy/v1/namespaces/${NS}/poddisruptionbudgets/${name}`;
    const { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods } =
      (await cluster.request("GET", path)).body.status ?? {};
    return { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods };
  };
  const settled = (name: string, wanted: Record<string, number>): Promise<true> =>
    eventually(`the budget ${name}`, async () => {
      assert.deepEqual(await budget(name), wanted);
      return true as const;
    });
  /** The number of expected pods depends on when a group's StatefulSet is created again. */
  const closed = (name: string, healthy: readonly number[]): Promise<true> =>
    eventually(`the budget ${name} after an eviction`, async () => {
      const { currentHealthy, disruptionsAllowed } = await budget(name);
      assert.ok(
        healthy.includes(Number(currentHealthy)),
        `${currentHealthy} healthy pods, not ${healthy.join(" or ")}`,
      );
      assert.equal(disruptionsAllowed, 0);
      return true as const;
    });
  const evict = (pod: Pod | undefined): Promise<Answer<Body>> => {
    const metadata = { name: pod?.metadata.name ?? "", namespace: NS };
    const path = `/api/v1/namespaces/${NS}/pods/${metadata.name}/eviction`;
    return cluster.request("POST", path, { apiVersion: "policy/v1", kind: "Eviction", metadata });
  };
  /** Nodes that accept no new pods, as before a drain, so that an evicted pod stays away. */
  const cordon = async (unschedulable: boolean): Promise<void> => {
    for (const { name } of NODES) {
      const path = `/api/v1/nodes/${name}`;
      const { status } = await cluster.request("PATCH", path, { spec: { unschedulable } }, MERGE);
      assert.equal(status, 200);
    }
  };

  it("is accepted by the API server and applied by the controllers, and a second preview is empty", () =>
    withFolder(async (folder) => {
      const config = { namespace: NS, crds: "install", services: JSON.stringify({ chat: SERVICE }) };
      const stack: Stack = await openStack(folder, "given.ts", { kubeconfig: cluster.kubeconfig, config });
      await stack.up();
      await podsAreSpread();
      await othersAreKeptOut();
      await monitorsAreStored();
      await drainIsHeldUp(GROUPS, () => podsOf("workload-worker"));
      await drainIsHeldUp(PREFILL, () => podsOf("workload-prefill"));
      const changes = changesOf(await eventsOf((onEvent) => stack.preview({ onEvent, refresh: true })));
      assert.deepEqual(
        changes.filter(({ op }) => op !== "refresh"),
        [],
      );
    }));

  /** Each group has a rack for itself, in a separate zone; all pods have the priority. */
  async function podsAreSpread(): Promise<void> {
    const [leaders, followers, prefill, scheduler] = await Promise.all(
      ["workload-leader", "workload-worker", "workload-prefill", "router-scheduler"].map(podsOf),
    );
    const all = [leaders, followers, prefill, scheduler].flatMap((pods) => pods ?? []);
    assert.equal(all.length, 7);
    for (const { spec } of all) assert.deepEqual([spec.priorityClassName, spec.priority], ["serving", 1000]);
    for (const pods of [leaders, prefill]) {
      assert.equal(new Set(pods?.map(({ spec }) => labelOf(spec.nodeName, ZONE))).size, 2);
      for (const { spec } of pods ?? []) {
        const spread = spec.topologySpreadConstraints?.map((one) => [one.topologyKey, one.whenUnsatisfiable]);
        assert.deepEqual(spread, [[ZONE, "DoNotSchedule"]]);
      }
    }
    for (const { spec } of leaders ?? []) {
      for (const kind of ["podAffinity", "podAntiAffinity"] as const) {
        const terms = spec.affinity?.[kind]?.["requiredDuringSchedulingIgnoredDuringExecution"];
        assert.deepEqual(
          terms?.map(({ topologyKey }) => topologyKey),
          [RACK],
          kind,
        );
      }
    }
    const racks = [leaders, followers].map((pods) =>
      Object.fromEntries(
        pods?.map(({ metadata, spec }) => [metadata.labels[GROUP], labelOf(spec.nodeName, RACK)]) ?? [],
      ),
    );
    assert.deepEqual(racks[0], racks[1], "followers stand on the rack of their leader");
    assert.equal(new Set(Object.values(racks[0] ?? {})).size, 2, "each group has a rack of its own");
  }

  async function othersAreKeptOut(): Promise<void> {
    const [policy, ...others] = await get("apis/networking.k8s.io/v1", "networkpolicies");
    assert.equal(others.length, 0);
    const { podSelector, ...spec } = policy?.spec ?? {};
    const own = { "app.kubernetes.io/name": "chat", "app.kubernetes.io/part-of": "llminferenceservice" };
    assert.deepEqual((podSelector as { matchLabels: object }).matchLabels, own);
    const from = [{ podSelector: { matchLabels: own } }, inNamespace("kserve"), inNamespace("monitoring")];
    assert.deepEqual(spec, { policyTypes: ["Ingress"], ingress: [{ from }] });
  }

  /** Fields that the CRDs do not have would be removed. */
  async function monitorsAreStored(): Promise<void> {
    const monitoring = "apis/monitoring.coreos.com/v1";
    const pods = await get(monitoring, "podmonitors");
    const endpoint = { path: "/metrics", scheme: "http", interval: "15s" };
    assert.deepEqual(
      pods.map(({ metadata, spec }) => [metadata?.name, metadata?.labels?.["release"], spec?.["podMetricsEndpoints"]]),
      [
        ["chat-kserve-monitor", "prometheus", [{ ...endpoint, targetPort: 8001 }]],
        ["chat-kserve-prefill-monitor", "prometheus", [{ ...endpoint, targetPort: 8000 }]],
      ],
    );
    const [scheduler] = await get(monitoring, "servicemonitors");
    const [read] = (scheduler?.spec?.["endpoints"] ?? []) as Record<string, unknown>[];
    assert.equal(read?.["port"], "metrics");
    assert.match(String(read?.["bearerTokenFile"]), /serviceaccount\/token$/);
  }

  /** One engine may be evicted; while it is away no other may; and once it is back one may again. */
  async function drainIsHeldUp({ name, pods, healthy }: Budgeted, candidates: () => Promise<Pod[]>): Promise<void> {
    const whole = { expectedPods: pods, currentHealthy: pods, desiredHealthy: pods - 1, disruptionsAllowed: 1 };
    await settled(name, whole);
    const [first, second] = await candidates();
    await cordon(true);
    assert.equal((await evict(first)).status, 201);
    await closed(name, healthy);
    const refused = await evict(second);
    assert.equal(refused.status, 429);
    assert.match(refused.body.message ?? "", /disruption budget/);
    await cordon(false);
    await settled(name, whole);
    assert.equal((await evict(second)).status, 201);
    await settled(name, whole);
  }
});

interface Budgeted {
  name: string;
  pods: number;
  /** How many pods may remain after one was evicted. */
  healthy: readonly number[];
}
/** LeaderWorkerSet's controller only ends the rest of a group if it sees the evicted pod before that is gone. */
const GROUPS: Budgeted = { name: "chat-kserve-pdb", pods: 4, healthy: [2, 3] };
const PREFILL: Budgeted = { name: "chat-kserve-prefill-pdb", pods: 2, healthy: [1] };
const GROUP = "leaderworkerset.sigs.k8s.io/group-index";
const MERGE = "application/merge-patch+json";

function labelOf(node: string, label: string): string | undefined {
  return NODES.find(({ name }) => name === node)?.labels?.[label];
}

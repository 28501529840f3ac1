import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { crdEstablished } from "../../tools/cluster/crds.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, sharedFolder } from "./engine.ts";
import { type Target, targetsIn, VARIANTS } from "./variants.ts";

const NAMESPACE = "zero";
const PROMETHEUS = {
  url: "https://prometheus:9090",
  tlsInsecureSkipVerify: false,
  authModes: "",
  triggerAuthName: "",
  triggerAuthKind: "",
};
const ENGINE = {
  model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
  accelerator: "nvidia-h100-80gb",
  scaling: { minReplicas: 1, maxReplicas: 4, wva: { keda: {} } },
  router: { scheduler: {} },
};
const GROUPS = { ...ENGINE, parallelism: { pipeline: 2 }, worker: {} };
const GANG = { kueue: { queue: "serving" } };
const OPERATIONS = { scaleToZero: { cooldownPeriod: 60 }, podDisruptionBudget: true };
const TARGETS = targetsIn(NAMESPACE);
const SERVICES = Object.keys(TARGETS) as Target[];

interface Pod {
  metadata: { labels: Record<string, string>; deletionTimestamp?: string };
  spec: { containers: { env?: { name: string; value?: string }[] }[] };
}

describe("a service that scales to zero", () => {
  let cluster: Cluster;
  let stack: Stack;

  before(async () => {
    const nodes = ["h100-0", "h100-1"].map((name) => gpuNode(name, { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" }));
    cluster = await startCluster({ lws: true, crds: ["kserve", "keda", "inference"], nodes });
    await cluster.apply([VARIANTS]);
    await crdEstablished(cluster, VARIANTS.metadata.name);
    await namespace(cluster, NAMESPACE);
    stack = await open(OPERATIONS);
    await stack.up();
  });
  const folder = sharedFolder(() => ({ cluster }));

  function open(operations: object, extra: object = {}, gangScheduling: object = GANG): Promise<Stack> {
    const services = {
      pods: { ...ENGINE, ...extra, operations },
      groups: { ...GROUPS, ...extra, operations: { ...operations, gangScheduling } },
    };
    const config = {
      namespace: NAMESPACE,
      services: JSON.stringify(services),
      settings: JSON.stringify({ autoscaling: { prometheus: PROMETHEUS } }),
    };
    return openStack(folder(), "given.ts", { kubeconfig: cluster.kubeconfig, config });
  }

  async function engines(service: Target): Promise<Pod[]> {
    const selector = encodeURIComponent(
      `app.kubernetes.io/name=${service},app.kubernetes.io/component!=llminferenceservice-router-scheduler`,
    );
    const { body } = await cluster.request("GET", `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${selector}`);
    return ((body.items ?? []) as unknown as Pod[]).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** What KEDA and the variant autoscaler do: they set the number through the scale subresource. */
  async function scaleTo(service: Target, replicas: number): Promise<Pod[]> {
    const { path, size } = TARGETS[service];
    const body = { spec: { replicas } };
    const answer = await cluster.request(
      "PATCH",
      `${path}/scale?fieldManager=keda`,
      body,
      "application/merge-patch+json",
    );
    assert.equal(answer.status, 200);
    return eventually(`${replicas} engines of ${service}`, async () => {
      const pods = await engines(service);
      return pods.length === replicas * size ? pods : undefined;
    });
  }

  it("has the queue of Kueue on its groups", async () => {
    const { body } = await cluster.request("GET", TARGETS.groups.path);
    assert.equal(body.metadata?.labels?.["kueue.x-k8s.io/queue-name"], "serving");
  });

  it("has no engine after the autoscaler's decision, and a preview does not change that number", async () => {
    for (const service of SERVICES) assert.deepEqual(await scaleTo(service, 0), []);
    const events = await eventsOf((onEvent) => stack.preview({ onEvent }));
    assert.deepEqual(changesOf(events), [], "the autoscaler's number is not the stack's");
  });

  it("previews a change of the queue as a replacement of the groups", async () => {
    const moved = await open(OPERATIONS, {}, { kueue: { queue: "other" } });
    const moves = changesOf(await eventsOf((onEvent) => moved.preview({ onEvent })));
    const replaced = moves.filter(({ op }) => op === "replace").map(({ type }) => type.split(":").at(-1));
    assert.deepEqual(replaced, ["LeaderWorkerSet"], "Kueue would refuse to move what runs");
  });

  it("can be changed without an engine, and the next engine has the change", async () => {
    const template = { containers: [{ name: "main", env: [{ name: "CHANGED", value: "yes" }] }] };
    stack = await open(OPERATIONS, { template });
    await stack.up();
    for (const service of SERVICES) assert.deepEqual(await engines(service), [], `${service} sleeps on`);
    const [pod] = await scaleTo("pods", 1);
    const env = pod?.spec.containers.flatMap((one) => one.env ?? []);
    assert.ok(env?.some(({ name, value }) => name === "CHANGED" && value === "yes"));
  });
});

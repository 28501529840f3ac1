import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { crdEstablished } from "../../tools/cluster/crds.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";
import { type Target, targetsIn, VARIANTS } from "./variants.ts";

const NAMESPACE = "handover";
const MODEL = { uri: "hf://Qwen/Qwen3-8B", name: "qwen" };
const ENGINE = { model: MODEL, accelerator: "nvidia-h100-80gb" };
const GROUPS = { ...ENGINE, parallelism: { pipeline: 2 }, worker: {} };
const SCALING = { scaling: { minReplicas: 2, maxReplicas: 6, wva: { hpa: {} } } };
const TARGETS = targetsIn(NAMESPACE);
const SERVICES = Object.keys(TARGETS) as Target[];

interface Pod {
  metadata: { deletionTimestamp?: string };
  status: { conditions?: { type: string; status: string }[] };
}

describe("the owner of a workload's number of replicas", () => {
  let cluster: Cluster;

  before(async () => {
    const nodes = ["h100-0", "h100-1", "h100-2"];
    cluster = await startCluster({
      lws: true,
      crds: ["kserve"],
      nodes: nodes.map((name) => gpuNode(name, { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" })),
    });
    await cluster.apply([VARIANTS]);
    await crdEstablished(cluster, VARIANTS.metadata.name);
    await namespace(cluster, NAMESPACE);
  });
  after(() => cluster?.stop());

  /** Serving pods of a service, which must stay. */
  async function serving(service: Target): Promise<number> {
    const selector = encodeURIComponent(`app.kubernetes.io/name=${service}`);
    const { body } = await cluster.request("GET", `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${selector}`);
    return ((body.items ?? []) as unknown as Pod[]).filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    ).length;
  }

  async function replicas(service: Target): Promise<unknown> {
    return (await cluster.request("GET", TARGETS[service].path)).body.spec?.["replicas"];
  }

  /** What an autoscaler does: it sets the number through the scale subresource. */
  async function scaleTo(service: Target, count: number): Promise<void> {
    const path = `${TARGETS[service].path}/scale?fieldManager=autoscaler`;
    const { status } = await cluster.request(
      "PATCH",
      path,
      { spec: { replicas: count } },
      "application/merge-patch+json",
    );
    assert.equal(status, 200);
    await settled(service, count);
  }

  function settled(service: Target, count: number): Promise<true> {
    const wanted = count * TARGETS[service].size;
    return eventually(`${wanted} pods of ${service}`, async () =>
      (await serving(service)) === wanted ? true : undefined,
    );
  }

  /** The minimum number of wanted replicas and of serving pods during the work. */
  async function fewest(work: () => Promise<unknown>): Promise<Record<Target, [replicas: number, pods: number]>> {
    const least = Object.fromEntries(
      SERVICES.map((service) => [service, [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]]),
    );
    let working = true;
    const watching = (async () => {
      while (working) {
        for (const service of SERVICES) {
          const [asked = 0, ran = 0] = least[service] ?? [];
          least[service] = [Math.min(asked, Number(await replicas(service))), Math.min(ran, await serving(service))];
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await work().finally(() => {
      working = false;
    });
    await watching;
    return least as Record<Target, [number, number]>;
  }

  it("changes to an autoscaler and back while the pods run, and no pod is removed", () =>
    withFolder(async (folder) => {
      const open = (size: object, extra: object = {}): Promise<Stack> => {
        const services = JSON.stringify({
          pods: { ...ENGINE, ...size, ...extra },
          groups: { ...GROUPS, ...size, ...extra },
        });
        const config = { namespace: NAMESPACE, services };
        return openStack(folder, "given.ts", { kubeconfig: cluster.kubeconfig, config });
      };
      const up = async (size: object, extra?: object) => {
        const stack = await open(size, extra);
        return fewest(() => stack.up());
      };
      await (await open({ replicas: 4 })).up();
      assert.deepEqual(await up(SCALING), { pods: [4, 4], groups: [4, 8] }, "the autoscaler takes over");
      for (const service of SERVICES) await scaleTo(service, 5);
      const priced = { scaling: { ...SCALING.scaling, maxReplicas: 7 } };
      assert.deepEqual(await up(priced), { pods: [5, 5], groups: [5, 10] }, "what it decided stays");
      const back = await up({ replicas: 4 });
      for (const service of SERVICES) {
        const [asked, ran] = back[service];
        assert.ok(asked === 4 && ran >= 4 * TARGETS[service].size, `the stack takes it back: ${asked}, ${ran}`);
        await settled(service, 4);
        assert.equal(await replicas(service), 4);
      }
    }));
});

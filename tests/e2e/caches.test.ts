import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, sharedFolder } from "./engine.ts";

interface Found {
  metadata: { name: string };
  spec: { volumes?: { persistentVolumeClaim?: { claimName: string } }[]; nodeName?: string };
  status?: { phase?: string; succeeded?: number; conditions?: { type: string; status: string }[] };
}

const QWEN = "hf://Qwen/Qwen2.5-7B-Instruct";
/** What the namespace requires of every pod; the API server's own admission enforces it. */
const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };

/** Volumes that an administrator has prepared, of file systems that many nodes can mount. */
const volumeOf = (index: number) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: `shared-${index}` },
  spec: {
    capacity: { storage: "50Gi" },
    accessModes: ["ReadWriteMany"],
    storageClassName: "shared",
    nfs: { server: "files.example", path: `/exports/${index}` },
  },
});

describe("a model cache and a compile cache on a cluster", () => {
  let cluster: Cluster;
  let stack: Stack | undefined;
  let filled: string[] = [];

  before(async () => {
    cluster = await startCluster({
      crds: ["gateway", "inference"],
      nodes: [gpuNode("h100-0", { gpus: 2, product: "NVIDIA-H100-80GB-HBM3" })],
    });
    await namespace(cluster, "cached", RESTRICTED);
    await cluster.apply([0, 1, 2].map(volumeOf));
  });
  const folder = sharedFolder(() => ({ cluster }));

  const list = async (path: string): Promise<Found[]> =>
    ((await cluster.request("GET", path)).body.items ?? []) as unknown as Found[];
  const pods = (component: string): Promise<Found[]> => {
    const selector = encodeURIComponent(`app.kubernetes.io/component=llminferenceservice-${component}`);
    return list(`/api/v1/namespaces/cached/pods?labelSelector=${selector}`);
  };
  const claims = (): Promise<Found[]> => list("/api/v1/namespaces/cached/persistentvolumeclaims");
  const jobs = (): Promise<Found[]> => list("/apis/batch/v1/namespaces/cached/jobs");
  const names = (found: readonly Found[]): string[] => found.map(({ metadata }) => metadata.name).sort();
  const mounted = ({ spec }: Found): string[] =>
    (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : [])).sort();
  const isReady = ({ status }: Found): boolean =>
    status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;

  const open = (config: Record<string, string>): Promise<Stack> =>
    openStack(folder(), "caches.ts", { kubeconfig: cluster.kubeconfig, config: { uri: QWEN, ...config } });

  it("a download that cannot start fails the update before any engine exists, and the error names the Job", async () => {
    stack = await open({ account: "nobody", patience: "15s" });
    await assert.rejects(stack.up(), /Job.*cached-kserve-model-|cached-kserve-model-.*Job/s);
    assert.deepEqual(await list("/apis/apps/v1/namespaces/cached/deployments?labelSelector=kserve.io/component"), []);
    assert.deepEqual([await pods("workload"), await pods("model-cache")], [[], []]);
  });

  it("the Job fills the model cache once, and every engine mounts both claims", async () => {
    stack = await open({});
    await stack.up();
    const [job, ...others] = await jobs();
    assert.deepEqual([others, job?.status?.succeeded], [[], 1]);
    const bound = await claims();
    assert.deepEqual(
      bound.map(({ status }) => status?.phase),
      ["Bound", "Bound"],
    );
    filled = names(bound);
    const engines = await pods("workload");
    assert.equal(engines.length, 2);
    assert.ok(engines.every(isReady));
    for (const engine of engines) assert.deepEqual(mounted(engine), filled);
    assert.ok((await pods("router-scheduler")).every(isReady));
  });

  it("a second preview is empty", async () => {
    const same = await open({});
    assert.deepEqual(changesOf(await eventsOf((onEvent) => same.preview({ onEvent }))), []);
  });

  it("another model has another claim and Job, and the compile cache stays", async () => {
    stack = await open({ uri: `${QWEN}-1M` });
    await stack.up();
    const after = names(await claims());
    assert.equal(after.length, 2);
    assert.equal(after.filter((name) => filled.includes(name)).length, 1, "what is compiled stays");
    for (const engine of await pods("workload")) assert.deepEqual(mounted(engine), after);
    assert.equal((await jobs()).length, 1);
    filled = after;
  });

  it("a stopped service keeps its claims and has no pods", async () => {
    stack = await open({ uri: `${QWEN}-1M`, stopped: "true" });
    await stack.up();
    assert.deepEqual([names(await claims()), await pods("workload")], [filled, []]);
  });

  it("a destroy removes claims and Jobs", async () => {
    await stack?.destroy();
    stack = undefined;
    await eventually("the claims to go", async () => ((await claims()).length === 0 ? true : undefined));
    assert.deepEqual(await jobs(), []);
  });
});

import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { type CreateGuard, startCreateGuard } from "../../tools/cluster/create-guard.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, quickstart, startQuickstart, withFolder } from "./engine.ts";
import { configure } from "./stack.ts";

const H100 = "NVIDIA-H100-80GB-HBM3";
const CRDS = ["llminferenceserviceconfigs.serving.kserve.io", "llminferenceservices.serving.kserve.io"];
const KINDS = [
  "/api/v1/services",
  "/api/v1/serviceaccounts",
  "/api/v1/pods",
  "/apis/apps/v1/deployments",
  "/apis/rbac.authorization.k8s.io/v1/roles",
  "/apis/rbac.authorization.k8s.io/v1/rolebindings",
  "/apis/serving.kserve.io/v1alpha2/llminferenceservices",
  "/apis/serving.kserve.io/v1alpha2/llminferenceserviceconfigs",
  "/api/v1/namespaces",
];

interface Named {
  metadata: { name: string; namespace?: string };
}
interface Pod extends Named {
  spec: { nodeName?: string };
  status: { phase?: string; conditions?: { type: string; status: string; message?: string }[] };
}

describe("a service on a cluster", () => {
  let cluster: Cluster;
  let guard: CreateGuard;

  before(async () => {
    cluster = await startCluster({
      nodes: [
        gpuNode("h100-0", { gpus: 8, product: H100 }),
        gpuNode("h100-1", { gpus: 8, product: H100 }),
        gpuNode("a100-0", { gpus: 8, product: "NVIDIA-A100-SXM4-80GB" }),
      ],
    });
    guard = await startCreateGuard(cluster);
  });
  after(async () => {
    await guard?.stop();
    await cluster?.stop();
  });

  /** What a failed test leaves on the cluster says whether the engine, the plugin or the cluster was at fault. */
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    for (const path of ["/apis/apps/v1/deployments", "/apis/apps/v1/replicasets", "/api/v1/pods"]) {
      for (const { metadata, status } of await list<Named & { status?: unknown }>(path))
        console.error(`${path} ${metadata.namespace}/${metadata.name}: ${JSON.stringify(status)}`);
    }
  });

  const list = async <T extends Named>(path: string): Promise<T[]> =>
    ((await cluster.request("GET", path)).body.items ?? []) as T[];
  const pods = (namespace = "default"): Promise<Pod[]> => list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
  const isReady = ({ status }: Pod): boolean =>
    status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;

  /** Everything of the kinds that the program makes, but what a cluster has by itself. */
  async function inventory(): Promise<string[]> {
    const found: string[] = [];
    for (const path of KINDS) {
      const kind = path.split("/").at(-1);
      for (const { metadata } of await list(path)) found.push(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
    }
    return found.filter((line) => !/(\/|^namespaces .*)kube-|serviceaccounts .*\/default$| kube-/.test(line)).sort();
  }

  it("the quickstart's pods run on nodes with its GPUs, and a destroy leaves nothing but the CRDs", () =>
    withFolder(async (folder) => {
      const before = await inventory();
      assert.match(await quickstart(folder, ["--cluster"], cluster.kubeconfig), /2 replicas/);
      const running = await pods();
      assert.equal(running.length, 2);
      assert.ok(running.every(isReady));
      assert.ok(running.every(({ spec }) => spec.nodeName?.startsWith("h100-")));
      assert.match(await quickstart(folder, ["--cluster"], cluster.kubeconfig), /Nothing changed/);

      await quickstart(folder, ["--cluster", "--destroy"], cluster.kubeconfig);
      await eventually("the pods to go", async () => ((await pods()).length === 0 ? true : undefined));
      assert.deepEqual(await inventory(), before);
      const crds = await list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
      assert.deepEqual(crds.map(({ metadata }) => metadata.name).sort(), CRDS);
    }));

  it("comes up again over the CRDs that a destroy left, although the API server refuses to create an existing object", () =>
    withFolder(async (folder) => {
      await cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "kserve" } }]);
      await cluster.apply([
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "of-others", namespace: "kserve" }, data: { a: "1" } },
      ]);
      await quickstart(folder, ["--cluster"], guard.kubeconfig);
      assert.deepEqual(guard.refused, []);
      assert.equal((await pods()).filter(isReady).length, 2);
      await quickstart(folder, ["--cluster", "--destroy"], guard.kubeconfig);
      const { status } = await cluster.request("GET", "/api/v1/namespaces/kserve/configmaps/of-others");
      assert.equal(status, 200, "what others put into the namespace must stay");
    }));

  it("continues after a run that was killed while pods were pending, and deletes the CRDs on request", () =>
    withFolder(async (folder) => {
      const cordon = async (unschedulable: boolean): Promise<void> => {
        for (const node of ["h100-0", "h100-1"]) {
          const patch = { spec: { unschedulable } };
          await cluster.request("PATCH", `/api/v1/nodes/${node}`, patch, "application/merge-patch+json");
        }
      };
      await cordon(true);
      const running = await startQuickstart(folder, ["--cluster"], guard.kubeconfig);
      await eventually("pending pods", async () => ((await pods()).length === 2 ? true : undefined));
      await running.kill();
      await cordon(false);
      await quickstart(folder, ["--cluster"], guard.kubeconfig);
      assert.deepEqual(guard.refused, []);
      await quickstart(folder, ["--cluster", "--destroy", "--crds"], guard.kubeconfig);
      assert.deepEqual(await list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions"), []);
    }));

  it("a change of one environment variable previews as one field of one Deployment, and nothing else as a change", () =>
    withFolder(async (folder) => {
      await namespace(cluster, "one-field");
      const config = { namespace: "one-field", product: H100, level: "INFO", patience: "8m" };
      const stack = await openStack(folder, "service.ts", { kubeconfig: cluster.kubeconfig, config });
      await stack.up();
      try {
        assert.deepEqual(changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))), []);
        await configure(stack, { level: "DEBUG" });
        const changes = changesOf(await eventsOf((onEvent) => stack.preview({ onEvent })));
        const workload = changes.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");
        assert.deepEqual(
          workload.map(({ op }) => op),
          ["update"],
        );
        assert.equal(workload[0]?.fields.length, 1, JSON.stringify(workload));
        assert.match(workload[0]?.fields[0] ?? "", /^spec\.template\.spec\.containers\[0\]\.env\[\d+\]\.value$/);
        const others = changes.filter((change) => !workload.includes(change));
        assert.deepEqual(
          others.map(({ type, fields }) => [type, fields.length]),
          [["kubernetes:serving.kserve.io/v1alpha2:LLMInferenceService", 1]],
        );
      } finally {
        await stack.destroy();
      }
    }));

  it("a wrong node label leaves the pods pending, and the error names the reason", () =>
    withFolder(async (folder) => {
      await namespace(cluster, "wrong-label");
      const config = { namespace: "wrong-label", product: "NVIDIA-H1000", level: "INFO", patience: "15s" };
      const stack = await openStack(folder, "service.ts", { kubeconfig: cluster.kubeconfig, config });
      try {
        const failure = await stack.up().then(
          () => assert.fail("up must not succeed"),
          (error: Error) => error.message,
        );
        assert.match(failure, /didn't match Pod's node affinity\/selector/);
        const pending = await pods("wrong-label");
        assert.deepEqual(
          pending.map(({ status }) => status.phase),
          ["Pending"],
        );
      } finally {
        await stack.destroy();
      }
    }));

  it("bad input is refused as a whole, each problem with its path, before anything is made", () =>
    withFolder(async (folder) => {
      const stack = await openStack(folder, "invalid.ts");
      const failure = await stack.up().then(
        () => assert.fail("up must not succeed"),
        (error: Error) => error.message,
      );
      // No model is missing: the misspelt field has it.
      const paths = ["spec.modle", "spec.parallelism.tensor", "spec.accelerator", "spec.replicas"];
      for (const path of paths) assert.ok(failure.includes(`${path} `), `${path} is missing in:\n${failure}`);
      assert.doesNotMatch(failure, /\n\s+at .*\.[jt]s:\d+/, "no stack trace");
      const { deployment } = await stack.exportStack();
      const made = ((deployment as { resources?: { type: string }[] }).resources ?? []).map(({ type }) => type);
      assert.deepEqual(
        made.filter((type) => type.startsWith("kubernetes:")),
        [],
      );
    }));
});

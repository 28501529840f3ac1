import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { DESTROY, openFaults, PREVIEW, type Project, UP } from "../faults/project.ts";
import { namespace } from "./changes.ts";
import { sharedFolder, UNDISTURBED } from "./engine.ts";

const NAMESPACE = "edits";
const SERVICE = `/api/v1/namespaces/${NAMESPACE}/services/chat-0-kserve-workload-svc`;
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/chat-0-kserve`;
const CRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/llminferenceservices.serving.kserve.io";
const BY_HAND = "application/merge-patch+json";

describe("a stack whose objects others change", () => {
  let cluster: Cluster;
  let project: Project;
  /** Whether the service in state and cluster is that of the program without further settings. */
  let isPlain = false;
  const folder = sharedFolder(() => ({ cluster }));
  before(async () => {
    cluster = await startCluster({ crds: ["kserve"], nodes: [{ name: "node-0" }] });
    await namespace(cluster, NAMESPACE);
    const values = { FAULTS_NAMESPACE: NAMESPACE, FAULTS_CRDS: "skip", ...UNDISTURBED };
    project = await openFaults(folder(), cluster.kubeconfig, values);
  });

  /** The stack is up when the work starts; the work itself reports the state in which it leaves the stack. */
  async function withStack(work: () => Promise<"plain" | "changed">): Promise<void> {
    if (!isPlain) await project.run([...UP, "--refresh"]);
    isPlain = false;
    isPlain = (await work()) === "plain";
  }
  const edit = async (path: string, patch: object): Promise<void> => {
    const { status, body } = await cluster.request("PATCH", `${path}?fieldManager=kubectl-edit`, patch, BY_HAND);
    assert.equal(status, 200, body.message);
  };
  const portOf = async (): Promise<unknown> => {
    const { ports } = (await cluster.request("GET", SERVICE)).body.spec as { ports: { targetPort: unknown }[] };
    return ports[0]?.targetPort;
  };

  it("shows a manually edited Service, reverts it with `up --refresh`, and creates deleted objects again", () =>
    withStack(async () => {
      const before = await portOf();
      const { ports } = (await cluster.request("GET", SERVICE)).body.spec as { ports: object[] };
      await edit(SERVICE, { spec: { ports: ports.map((port) => ({ ...port, targetPort: 1234 })) } });
      assert.equal(await portOf(), 1234);
      const { code, output } = await project.start(PREVIEW).ended;
      assert.notEqual(code, 0, "a preview that reads the cluster finds the edit");
      assert.match(output, /targetPort/);
      await project.run([...UP, "--refresh"]);
      assert.equal(await portOf(), before);

      for (const path of [SERVICE, DEPLOYMENT]) await cluster.request("DELETE", path);
      await eventually("the Deployment to go", async () =>
        (await cluster.request("GET", DEPLOYMENT)).status === 404 ? true : undefined,
      );
      await project.run([...UP, "--refresh"]);
      for (const path of [SERVICE, DEPLOYMENT]) assert.equal((await cluster.request("GET", path)).status, 200);
      await project.run(PREVIEW);
      return "plain";
    }));

  it("takes back a field of another manager by an update, without a conflict", () =>
    withStack(async () => {
      const containers = [{ name: "main", env: [{ name: "VLLM_LOGGING_LEVEL", value: "ERROR" }] }];
      const theirs = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "chat-0-kserve", namespace: NAMESPACE },
        spec: { template: { spec: { containers } } },
      };
      const path = `${DEPLOYMENT}?fieldManager=another&force=true`;
      const { status } = await cluster.request("PATCH", path, theirs, "application/apply-patch+yaml");
      assert.equal(status, 200);
      await edit(SERVICE, { metadata: { labels: { "app.kubernetes.io/part-of": "by-hand" } } });
      await project.run([...UP, "--refresh"], { FAULTS_LEVEL: "DEBUG" });
      const { body } = await cluster.request("GET", DEPLOYMENT);
      assert.match(JSON.stringify(body.spec), /"VLLM_LOGGING_LEVEL","value":"DEBUG"/);
      const labels = (await cluster.request("GET", SERVICE)).body.metadata?.labels;
      assert.equal(labels?.["app.kubernetes.io/part-of"], "llminferenceservice");
      return "changed";
    }));

  it("keeps the old pods serving when a new version cannot start, and rolls out the next working version", () =>
    withStack(async () => {
      const patience = { FAULTS_PATIENCE: "15s" };
      const { code, output } = await project.start(UP, { ...patience, FAULTS_NODE: "nowhere" }).ended;
      assert.notEqual(code, 0);
      assert.match(output, /chat-0-kserve/);
      const { body } = await cluster.request("GET", DEPLOYMENT);
      assert.equal(body.status?.["availableReplicas"], 1, "the old pod serves");
      await project.run(UP);
      await project.run(PREVIEW);
      return "plain";
    }));

  it("keeps the CRDs when it is destroyed, so that the services of other stacks keep running, and takes over existing CRDs", () =>
    withStack(async () => {
      const installing = { FAULTS_CRDS: "install" };
      const uid = (await cluster.request("GET", CRD)).body.metadata?.uid;
      await project.run(UP, installing);
      assert.equal((await cluster.request("GET", CRD)).body.metadata?.uid, uid);
      const theirs = {
        apiVersion: "serving.kserve.io/v1alpha2",
        kind: "LLMInferenceService",
        metadata: { name: "theirs", namespace: NAMESPACE },
        spec: { model: { uri: "hf://a/b" } },
      };
      await cluster.apply([theirs]);
      await project.run(DESTROY);
      const path = `/apis/serving.kserve.io/v1alpha2/namespaces/${NAMESPACE}/llminferenceservices/theirs`;
      assert.equal((await cluster.request("GET", path)).status, 200);
      await project.run(UP, installing);
      assert.equal((await cluster.request("GET", CRD)).body.metadata?.uid, uid);
      await cluster.request("DELETE", path);
      return "plain";
    }));

  it("keeps its service and the pods when only the platform leaves the program", () =>
    withStack(async () => {
      const before = (await cluster.request("GET", DEPLOYMENT)).body.metadata;
      await project.run(UP, { FAULTS_PLATFORM: "none" });
      const after = (await cluster.request("GET", DEPLOYMENT)).body.metadata;
      assert.deepEqual([after?.uid, after?.generation], [before?.uid, before?.generation]);
      await project.run(DESTROY);
      return "changed";
    }));
});

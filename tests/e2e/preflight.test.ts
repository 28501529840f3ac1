import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { installCrds } from "../../tools/cluster/crds.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { COMMAND } from "../repository.ts";
import { openStack, withFolder } from "./engine.ts";
import { configure } from "./stack.ts";

const PRODUCT = "nvidia.com/gpu.product";
const H100 = "NVIDIA-H100-80GB-HBM3";

interface Ended {
  code: number;
  output: string;
}

/** Runs `kserve-llm preflight`, or another command, for one service; the output is all that it printed. */
function preflight(folder: string, spec: object, options: readonly string[], command = "preflight"): Promise<Ended> {
  const file = join(folder, "service.yaml");
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "default" },
    spec: { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" }, ...spec },
  };
  writeFileSync(file, stringify(service));
  const env = { ...process.env, KUBECONFIG: join(folder, "none") };
  const args = [COMMAND, command, "-f", file, ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: `${out}${err}` }),
    );
  });
}

describe("preflight on a cluster", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ nodes: [gpuNode("h100-0", { gpus: 8, product: H100 })] });
  });
  after(() => cluster?.stop());

  const judged = (folder: string, spec: object): Promise<Ended> =>
    preflight(folder, { parallelism: { tensor: 2 }, ...spec }, ["--kubeconfig", cluster.kubeconfig]);
  const onNodes = (product: string) => ({ template: { nodeSelector: { [PRODUCT]: product } } });

  it("reports that a service fits, and what was read", () =>
    withFolder(async (folder) => {
      const { code, output } = await judged(folder, { replicas: 4, ...onNodes(H100) });
      assert.match(output, /read https:.*: 1 nodes, \d+ pods/);
      assert.match(output, /chat: the cluster meets all requirements/);
      assert.equal(code, 0, output);
    }));

  it("reports a node selector that no node of the cluster matches, with the existing label", () =>
    withFolder(async (folder) => {
      const { code, output } = await judged(folder, onNodes("NVIDIA-H100-80GB-HBM4"));
      assert.equal(code, 1, output);
      assert.match(output, /error NoMatchingNode spec\.template\.nodeSelector\[nvidia\.com\/gpu\.product\]/);
      assert.match(output, /did you mean NVIDIA-H100-80GB-HBM3\?/);
    }));

  it("reports the same with `validate --preflight`", () =>
    withFolder(async (folder) => {
      const validate = (spec: object, ...options: string[]): Promise<Ended> =>
        preflight(folder, { parallelism: { tensor: 2 }, ...spec }, options, "validate");
      const look = ["--preflight", "--kubeconfig", cluster.kubeconfig];
      const wrong = await validate(onNodes("NVIDIA-H100-80GB-HBM4"), ...look);
      assert.equal(wrong.code, 1, wrong.output);
      assert.match(wrong.output, /error NoMatchingNode .*did you mean NVIDIA-H100-80GB-HBM3\?/);
      assert.match(wrong.output, /LLMInferenceService chat: refused: 1 error/);
      assert.equal((await validate(onNodes(H100), ...look)).code, 0);
      assert.equal((await validate(onNodes("NVIDIA-H100-80GB-HBM4"))).code, 0, "without a look nobody knows the nodes");
      const groups = await validate({ worker: {}, parallelism: { tensor: 2, data: 2 }, ...onNodes(H100) }, ...look);
      assert.match(groups.output, /error MissingApi .*LeaderWorkerSet \(LWS\)/);
    }));

  it("reports more pods than free GPUs", () =>
    withFolder(async (folder) => {
      const { code, output } = await judged(folder, { replicas: 5, ...onNodes(H100) });
      assert.equal(code, 1, output);
      assert.match(output, /error NoRoom .*needs 5 more pods of 2 nvidia\.com\/gpu each, but there is room for 4/);
    }));

  it("reports the missing CRD of LeaderWorkerSets, and nothing once it is installed", () =>
    withFolder(async (folder) => {
      const groups = { worker: {}, parallelism: { tensor: 2, data: 2 }, ...onNodes(H100) };
      const { code, output } = await judged(folder, groups);
      assert.equal(code, 1, output);
      assert.match(output, /error MissingApi .*needs LeaderWorkerSet of leaderworkerset\.x-k8s\.io\/v1/);
      await installCrds(cluster, "lws");
      const after = await judged(folder, groups);
      assert.equal(after.code, 0, after.output);
    }));

  it("reports a missing StorageClass and PriorityClass, and nothing once they exist", () =>
    withFolder(async (folder) => {
      const operations = { modelCache: { storageClassName: "shared" }, priorityClassName: "serving" };
      const named = { ...onNodes(H100), operations };
      const { code, output } = await judged(folder, named);
      assert.equal(code, 0, output);
      assert.match(output, /warning MissingObject .*needs StorageClass shared, but the cluster has none/);
      assert.match(output, /warning MissingObject .*needs PriorityClass serving, but the cluster has only system-/);
      await cluster.apply([
        {
          apiVersion: "storage.k8s.io/v1",
          kind: "StorageClass",
          metadata: { name: "shared" },
          provisioner: "example.com/files",
        },
        { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "serving" }, value: 1000 },
      ]);
      const after = await judged(folder, named);
      assert.doesNotMatch(after.output, /MissingObject/);
    }));

  it("an unreachable cluster is reported without a stack trace", () =>
    withFolder(async (folder) => {
      const { code, output } = await preflight(folder, onNodes(H100), []);
      assert.equal(code, 2);
      assert.match(output, /The kubeconfig .* does not exist/);
      assert.doesNotMatch(output, /^ {4}at /m);
    }));

  it("refuses the component in a preview, before anything is created", () =>
    withFolder(async (folder) => {
      await cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "ahead" } }]);
      await eventually("the namespace", async () => {
        const { status } = await cluster.request("GET", "/api/v1/namespaces/ahead/serviceaccounts/default");
        return status === 200 ? true : undefined;
      });
      const config = { namespace: "ahead", product: "NVIDIA-H1000", level: "INFO", patience: "15s", preflight: "true" };
      const stack = await openStack(folder, "service.ts", { kubeconfig: cluster.kubeconfig, config });
      const failure = await stack.preview().then(
        () => assert.fail("preview must not succeed"),
        (error: Error) => error.message,
      );
      assert.match(failure, /error NoMatchingNode spec\.template\.nodeSelector\[nvidia\.com\/gpu\.product\]/);
      assert.match(failure, /preflight: read https:/);
      await configure(stack, { product: H100 });
      await stack.preview();
    }));
});

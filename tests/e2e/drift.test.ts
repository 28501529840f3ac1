import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";

const PRODUCT = "NVIDIA-H100-80GB-HBM3";
const DEPLOYMENT = "/apis/apps/v1/namespaces/drift/deployments/tested-kserve";
const LEVEL = "VLLM_LOGGING_LEVEL";

interface Container {
  name: string;
  image: string;
  env: { name: string; value?: string }[];
}

describe("a Deployment with a manual change", () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await startCluster({ crds: ["kserve"], nodes: [gpuNode("h100-0", { gpus: 8, product: PRODUCT })] });
    await namespace(cluster, "drift");
  });
  after(() => cluster?.stop());

  const main = async (): Promise<Container> => {
    const { body } = await cluster.request("GET", DEPLOYMENT);
    const { template } = body.spec as { template: { spec: { containers: Container[] } } };
    return template.spec.containers.find(({ name }) => name === "main") ?? assert.fail("no container main");
  };
  const levelOf = ({ env }: Container): string | undefined => env.find(({ name }) => name === LEVEL)?.value;
  const edit = async (changed: object): Promise<void> => {
    const patch = { spec: { template: { spec: { containers: [{ name: "main", ...changed }] } } } };
    const { status } = await cluster.request("PATCH", DEPLOYMENT, patch, "application/strategic-merge-patch+json");
    assert.equal(status, 200);
  };
  const previewed = async (stack: Stack): Promise<string[]> =>
    changesOf(await eventsOf((onEvent) => stack.preview({ onEvent, refresh: true })))
      .filter(({ op }) => op !== "refresh")
      .flatMap(({ type, op, fields }) => fields.map((field) => `${op} ${type.split(":").at(-1)} ${field}`));

  it("shows it in a preview with refresh, field by field, and `up` reverts it", () =>
    withFolder(async (folder) => {
      const config = { namespace: "drift", product: PRODUCT, level: "INFO", patience: "8m", crds: "skip" };
      const stack = await openStack(folder, "service.ts", { kubeconfig: cluster.kubeconfig, config });
      await stack.up();
      const { image } = await main();
      assert.deepEqual(await previewed(stack), []);

      await edit({ image: "registry.example/by-hand:1", env: [{ name: LEVEL, value: "DEBUG" }] });
      const drift = await previewed(stack);
      const container = "update Deployment spec.template.spec.containers[0]";
      assert.ok(drift.includes(`${container}.image`), drift.join("\n"));
      assert.ok(
        drift.some((line) => line.startsWith(`${container}.env[`) && line.endsWith("].value")),
        drift.join("\n"),
      );
      assert.ok(
        drift.every((line) => line.startsWith("update Deployment ")),
        drift.join("\n"),
      );

      await stack.up({ refresh: true });
      const repaired = await main();
      assert.deepEqual([repaired.image, levelOf(repaired)], [image, "INFO"]);
      assert.deepEqual(await previewed(stack), []);
    }));
});

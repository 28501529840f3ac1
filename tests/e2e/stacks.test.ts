import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { plan, planInput, type Releases } from "../../components/index.ts";
import { STACKS } from "../../core/knowledge/stacks/stacks.ts";
import { diffObjects } from "../../core/views/diff/diff.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";
import { pinned } from "./programs/pinned.ts";

const NAMESPACE = "stacks";
/** A service with two roles and a router, by the paths of its lists. */
const LISTS = [
  "/apis/apps/v1/namespaces/stacks/deployments",
  "/api/v1/namespaces/stacks/services",
  "/apis/gateway.networking.k8s.io/v1/namespaces/stacks/httproutes",
  "/apis/inference.networking.k8s.io/v1/namespaces/stacks/inferencepools",
  "/apis/rbac.authorization.k8s.io/v1/namespaces/stacks/roles",
];

interface Listed {
  metadata: { name: string; labels?: object; annotations?: object };
  spec?: object;
  rules?: object;
}

/** `KIND path`, list positions and keys left out: the engine counts items, the diff names them. */
const fieldsOf = (changed: readonly string[]): string[] =>
  [...new Set(changed.map((path) => path.replaceAll(/\[[^\]]*\]/g, "")))].sort();

/** The diff of the service between two releases, before any engine has seen it. */
async function foretold(releases: Releases, from: string, to: string): Promise<string[]> {
  const objectsOf = async (release: string) => {
    const { input } = await planInput("chat", { ...pinned(release), platform: releases });
    return plan(input).objects;
  };
  const [before, after] = [await objectsOf(from), await objectsOf(to)];
  return fieldsOf(
    diffObjects(before, after).flatMap(({ object, fields }) => fields.map(({ path }) => `${object.kind} ${path}`)),
  );
}

describe("a service that moves from one release of the serving stack to another", () => {
  let cluster: Cluster;
  before(async () => {
    const product = "NVIDIA-H100-80GB-HBM3";
    const nodes = [gpuNode("h100-0", { gpus: 8, product })];
    cluster = await startCluster({ crds: ["gateway", "inference"], nodes });
    await namespace(cluster, NAMESPACE);
  });
  after(() => cluster?.stop());

  /** The objects of the service as people write them: without what the API server and controllers add. */
  async function written(): Promise<string> {
    const lists = await Promise.all(LISTS.map((path) => cluster.request("GET", path)));
    const items = lists.flatMap(({ body }) => (body as unknown as { items: Listed[] }).items);
    const shown = items.map(({ metadata: { name, labels, annotations = {} }, spec, rules }) => {
      const own = Object.entries(annotations).filter(([key]) => !key.startsWith("deployment.kubernetes.io/"));
      return { name, labels, annotations: Object.fromEntries(own), spec, rules };
    });
    return JSON.stringify(shown, null, 1);
  }
  const previewed = async (stack: Stack): Promise<string[]> =>
    fieldsOf(
      changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))).flatMap(({ type, fields }) =>
        fields.map((field) => `${type.split(":").at(-1)} ${field}`),
      ),
    );

  it("changes exactly the fields that the preview names, from the oldest to the newest release, and returns byte for byte", () =>
    withFolder(async (folder) => {
      const [oldest = "", newest = ""] = [STACKS.at(0)?.name, STACKS.at(-1)?.name];
      const open = (release: string): Promise<Stack> =>
        openStack(folder, "stacks.ts", { kubeconfig: cluster.kubeconfig, config: { release } });
      const stack = await open(oldest);
      const { outputs } = await stack.up();
      const releases = outputs["releases"]?.value as Releases;
      const before = await written();
      assert.ok(before.includes(STACKS.at(0)?.scheduler.image ?? "-"));

      await open(newest);
      const expected = await foretold(releases, oldest, newest);
      assert.ok(expected.includes("Deployment spec.template.spec.containers.image"), expected.join("\n"));
      assert.deepEqual(await previewed(stack), expected);
      await stack.up();
      const moved = await written();
      assert.ok(moved.includes(STACKS.at(-1)?.scheduler.image ?? "-"));
      assert.deepEqual(await previewed(stack), []);

      await open(oldest);
      assert.deepEqual(await previewed(stack), await foretold(releases, newest, oldest));
      await stack.up();
      assert.equal(await written(), before);
      await stack.destroy();
    }));
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { connect } from "../../cluster/client.ts";
import { unrecorded } from "../../cluster/recovery.ts";
import type { ExportedState } from "../../core/views/recovery/state.ts";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { writeKubeconfig } from "../../tools/cluster/kubeconfig.ts";
import { gpuNode, type TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { call, service } from "../cli/cli.ts";
import { namespace } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";

const NAMESPACE = "team";
const SYSTEM = `${NAMESPACE}-system`;
const SPEC = {
  model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
  accelerator: "nvidia-h100-80gb",
  router: { route: {}, gateway: {}, scheduler: {} },
};

interface Role extends TestObject {
  rules?: { resources: string[]; verbs: string[] }[];
}

/** The roles without the rules about a resource. */
function without(roles: readonly Role[], resource: string): Role[] {
  return roles.map((role) => ({
    ...role,
    ...(role.rules && { rules: role.rules.filter(({ resources }) => !resources.includes(resource)) }),
  }));
}

describe("an identity with the permissions that kserve-llm permissions prints", () => {
  let cluster: Cluster;
  let roles: Role[];

  before(async () => {
    const product = "NVIDIA-H100-80GB-HBM3";
    cluster = await startCluster({ crds: ["gateway", "inference"], nodes: [gpuNode("h100-0", { gpus: 8, product })] });
    await namespace(cluster, "ci");
    await cluster.apply([
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: "ci" } },
    ]);
    const files = { "chat.yaml": service(SPEC) };
    const who = ["--subject", "serviceaccount:ci/deployer", "--with-platform", SYSTEM, "-n", NAMESPACE];
    const { code, out, err } = await call(["permissions", "-f", "chat.yaml", ...who, "-o", "json"], files);
    assert.equal(code, 0, err);
    roles = JSON.parse(out);
  });
  after(() => cluster?.stop());

  /** The namespaces, which an administrator creates, and the roles in them. */
  async function grant(granted: readonly Role[]): Promise<void> {
    for (const name of [NAMESPACE, SYSTEM]) await namespace(cluster, name);
    await cluster.apply(granted);
  }

  /** A kubeconfig whose user only has the rights of the ServiceAccount. */
  async function deployer(folder: string): Promise<string> {
    const path = "/api/v1/namespaces/ci/serviceaccounts/deployer/token";
    const { body } = await cluster.request<{ status?: { token: string } }>("POST", path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 7200 },
    });
    return writeKubeconfig(join(folder, "kubeconfig"), { ...cluster.target, token: body.status?.token ?? "" });
  }

  /**
   * `recover` as an identity that lost the rights to read Services and the other resources of that rule: it finds what
   * else was deleted, and names them.
   */
  async function looksAtTheRest({ deployment }: ExportedState, kubeconfig: string): Promise<void> {
    await grant(without(roles, "services"));
    await cluster.request(
      "DELETE",
      `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes/chat-kserve-route`,
    );
    const recovery = { connect: async () => connect({ kubeconfig }) };
    const { found, unsure, unread } = await eventually("the rights to be withdrawn", async () => {
      const seen = await unrecorded({ version: 3, deployment }, recovery);
      return seen.unread.length > 0 ? seen : undefined;
    });
    assert.deepEqual(
      found.map(({ subject, action }) => `${subject}: ${action}`),
      [`HTTPRoute ${NAMESPACE}/chat-kserve-route: forget`],
    );
    assert.deepEqual(unsure, []);
    const services = unread.filter(({ subject }) => subject.startsWith(`Service ${NAMESPACE}/chat-`));
    assert.ok(services.length > 0, JSON.stringify(unread));
    for (const { why } of unread) assert.match(why, /403 .* is forbidden: User .*use an identity that may read it/);
    await grant(roles);
  }

  const config = { namespace: NAMESPACE, crds: "install", services: JSON.stringify({ chat: SPEC }) };

  it("deploys a service with router and scheduler, changes nothing the second time, and destroys it", () =>
    withFolder(async (folder) => {
      await grant(roles);
      const kubeconfig = await deployer(folder);
      const stack = await openStack(folder, "given.ts", { kubeconfig, config });
      await stack.up();
      const again = await stack.up();
      assert.deepEqual(Object.keys(again.summary.resourceChanges ?? {}), ["same"]);
      await looksAtTheRest((await stack.exportStack()) as ExportedState, kubeconfig);
      await stack.destroy();
      const { status } = await cluster.request("GET", `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/chat-kserve`);
      assert.equal(status, 404);
    }));

  it("gets the name of the missing right when it may not create Deployments", () =>
    withFolder(async (folder) => {
      await grant(without(roles, "deployments"));
      const stack = await openStack(folder, "given.ts", { kubeconfig: await deployer(folder), config });
      try {
        const refusal = /deployments\.apps .*is forbidden: User "system:serviceaccount:ci:deployer" cannot/;
        await assert.rejects(stack.up(), refusal);
      } finally {
        await grant(roles);
        await stack.destroy();
      }
    }));
});

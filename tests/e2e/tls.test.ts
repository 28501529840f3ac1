import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { openStack, withFolder } from "./engine.ts";
import { configure } from "./stack.ts";

const SECRET = "/api/v1/namespaces/default/secrets/sealed-kserve-self-signed-certs";
const DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/sealed-kserve";

describe("a self-signed certificate on a cluster", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster?.stop());

  const secret = async (): Promise<Record<string, string>> => {
    const { status, body } = await cluster.request("GET", SECRET);
    assert.equal(status, 200);
    return body.data ?? {};
  };
  const certificate = (data: Record<string, string>, key: string): X509Certificate =>
    new X509Certificate(Buffer.from(data[key] ?? "", "base64"));

  it("is kept in later updates, is a secret in the state, and is replaced on request", () =>
    withFolder(async (folder) => {
      const stack = await openStack(folder, "tls.ts", {
        kubeconfig: cluster.kubeconfig,
        config: { renewal: "first", level: "INFO" },
      });
      const changes = async (): Promise<Record<string, number>> => {
        const { same: _same, ...changed } = (await stack.up()).summary.resourceChanges ?? {};
        return changed as Record<string, number>;
      };
      await stack.up();
      const first = await secret();
      assert.ok(certificate(first, "tls.crt").checkIssued(certificate(first, "ca.crt")));
      const state = readFileSync(join(folder, "backend/.pulumi/stacks/e2e/test.json"), "utf8");
      assert.ok(state.includes("sealed-kserve-self-signed-certs"));
      for (const value of Object.values(first))
        assert.ok(!state.includes(value), "the Secret is readable in the state");

      assert.deepEqual(await changes(), {});
      await configure(stack, { level: "DEBUG" });
      assert.deepEqual(await changes(), { update: 1 });
      assert.deepEqual(await secret(), first);

      await configure(stack, { renewal: "second" });
      assert.deepEqual(await changes(), { replace: 1 });
      const second = await secret();
      assert.notEqual(second["tls.key"], first["tls.key"]);
      assert.ok(certificate(second, "tls.crt").checkIssued(certificate(second, "ca.crt")));
      const { body } = await cluster.request("GET", DEPLOYMENT);
      assert.match(JSON.stringify(body.spec), /"secretName":"sealed-kserve-self-signed-certs"/);
      assert.doesNotMatch(JSON.stringify(body.spec), /"optional":true/);
    }));
});

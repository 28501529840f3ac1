import assert from "node:assert/strict";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";
import { openPluginWorkshop, openProgram } from "./languages.ts";
import { configure } from "./stack.ts";

const BINDING = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/team-chat-epp-auth-rb";
const KINDS = [
  "/api/v1/namespaces/team/persistentvolumeclaims",
  "/apis/apps/v1/namespaces/team/deployments",
  "/apis/batch/v1/namespaces/team/jobs",
  "/apis/rbac.authorization.k8s.io/v1/namespaces/team/rolebindings",
];

interface Resource {
  urn: string;
  type: string;
  dependencies?: string[];
}

async function resourcesOf(stack: Stack): Promise<Resource[]> {
  const { deployment } = await stack.exportStack();
  return (deployment as { resources?: Resource[] }).resources ?? [];
}

/** The children of the service, each with those of them that it depends on. */
async function orderIn(stack: Stack): Promise<Record<string, string[]>> {
  const children = (await resourcesOf(stack)).filter(({ urn }) => urn.includes("LLMInferenceService$kubernetes:"));
  const nameOf = (urn: string): string => urn.split("$").at(-1) ?? "";
  const entries = children.map(({ urn, dependencies = [] }) => {
    const among = dependencies.filter((one) => children.some((child) => child.urn === one));
    return [nameOf(urn), among.map(nameOf).sort()] as const;
  });
  return Object.fromEntries(entries);
}

describe("names that come from other resources", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ crds: ["gateway", "inference"] });
  });
  after(() => cluster?.stop());

  it("make the same resources in the same order as literal names, and depend on the resource", () =>
    withFolder(async (folder) => {
      const made = async (literal: boolean): Promise<{ order: Record<string, string[]>; url: unknown }> => {
        const config = { renderTo: join(folder, `rendered-${literal}`), literal: String(literal) };
        const stack = await openStack(join(folder, String(literal)), "names.ts", { config });
        const { outputs } = await stack.up();
        return { order: await orderIn(stack), url: outputs["url"]?.value };
      };
      const [fromResource, literal] = [await made(false), await made(true)];
      assert.deepEqual(fromResource, literal);
      const job = Object.keys(literal.order).find((name) => name.includes(":Job::")) ?? assert.fail("there is a Job");
      const deployment = Object.entries(literal.order).find(([name]) => name.endsWith("Deployment::chat/chat-kserve"));
      assert.ok(deployment?.[1].includes(job), "pods wait for the cache");
    }));

  it("are also used for the service itself", () =>
    withFolder(async (folder) => {
      const config = { renderTo: join(folder, "rendered"), named: "true" };
      const stack = await openStack(folder, "names.ts", { config });
      await stack.up();
      const names = Object.keys(await orderIn(stack));
      assert.ok(names.includes("kubernetes:apps/v1:Deployment::chat/chat-named-kserve"), names.join("\n"));
      assert.ok(
        names.every((name) => !name.includes("Calling")),
        names.join("\n"),
      );
    }));

  it("are used in the same way in Pulumi YAML", () =>
    withFolder(async (folder) => {
      const stack = await openProgram(folder, "tests/e2e/programs/names/yaml", "yaml", await openPluginWorkshop());
      await stack.up();
      const names = Object.keys(await orderIn(stack));
      const binding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding::chat/team-chat-epp-auth-rb";
      assert.ok(names.includes(binding), names.join("\n"));
    }));

  const uids = async (): Promise<Record<string, string>> => {
    const lists = await Promise.all(KINDS.map(async (path) => (await cluster.request("GET", path)).body.items ?? []));
    const { body } = await cluster.request("GET", BINDING);
    const objects = [...lists.flat(), body] as { metadata: { name: string; uid: string } }[];
    return Object.fromEntries(objects.map(({ metadata: { name, uid } }) => [name, uid]));
  };

  for (const literal of [false, true]) {
    it(`of a stack that has an error text as a name are corrected, and nothing is deleted${literal ? ", also with a literal name" : ""}`, () =>
      withFolder(async (folder) => {
        const stack = await openStack(folder, "names.ts", {
          kubeconfig: cluster.kubeconfig,
          config: { literal: "false" },
        });
        try {
          await stack.up();
          const before = await uids();
          assert.ok(Object.keys(before).length > KINDS.length, Object.keys(before).join(", "));
          // The state of a release with the fault: the text of an Output in the place of the name.
          const wrong = JSON.stringify(String(pulumi.output(""))).slice(1, -1);
          const state = JSON.stringify(await stack.exportStack());
          const spoilt = state.replaceAll(
            "ClusterRoleBinding::chat/team-chat-epp-auth-rb",
            `ClusterRoleBinding::chat/${wrong}`,
          );
          assert.notEqual(spoilt, state);
          await stack.importStack(JSON.parse(spoilt));

          await configure(stack, { literal: String(literal) });
          const events = await eventsOf(async (onEvent) => void (await stack.up({ onEvent })));
          const operations = changesOf(events).map(({ op }) => op);
          assert.ok(!operations.some((op) => /delete|replace|create/.test(op)), operations.join(", "));
          assert.deepEqual(await uids(), before);
          const names = Object.keys(await orderIn(stack));
          assert.ok(
            names.every((name) => !name.includes("Calling")),
            names.join("\n"),
          );
          assert.deepEqual(changesOf(await eventsOf(async (onEvent) => void (await stack.preview({ onEvent })))), []);
        } finally {
          await stack.destroy();
        }
      }));
  }
});

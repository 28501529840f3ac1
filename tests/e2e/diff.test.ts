import assert from "node:assert/strict";
import { join } from "node:path";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { config, kserveLlm, service } from "../cli/cli.ts";
import { openStack, withFolder } from "./engine.ts";

type Objects = Parameters<Cluster["apply"]>[0];

const SPEC = { accelerator: "nvidia-l4", replicas: 2, tuning: { maxModelLen: 4096 } };

describe("kserve-llm diff cluster", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ lws: true });
  });
  after(() => cluster?.stop());

  function run(args: string[], files: Record<string, object>) {
    return kserveLlm(args, files, { KUBECONFIG: cluster.kubeconfig });
  }

  function changes(spec: object, name = "chat", configs: object[] = []) {
    const args = ["diff", "cluster", "s.yaml", "-o", "json", ...(configs.length > 0 ? ["--configs", "c.yaml"] : [])];
    const { code, out, err } = run(args, { "s.yaml": service(spec, { name }), "c.yaml": configs });
    assert.equal(err, "");
    const { services, impact } = JSON.parse(out);
    const objects = services[0].objects as {
      object: { kind: string };
      change: string;
      effect: string;
      fields: { path: string }[];
    }[];
    return { code, objects, impact, change: services[0].change };
  }

  async function apply(spec: object, name = "chat"): Promise<void> {
    const { out } = run(["render", "-f", "s.yaml", "-o", "json"], { "s.yaml": service(spec, { name }) });
    await cluster.apply(JSON.parse(out) as Objects);
  }

  it("reports that a service does not exist yet", () => {
    const { code, change, impact } = changes(SPEC);
    assert.deepEqual([code, change, impact.gpus.delta], [1, "create", 2]);
  });

  it("finds no difference if the cluster has the planned objects, with all of the API server's defaults", async () => {
    await apply(SPEC);
    assert.deepEqual(changes(SPEC).objects, []);
    assert.equal(changes(SPEC).code, 0);
  });

  it("names the field that causes a restart", () => {
    const { objects, impact } = changes({ ...SPEC, tuning: { maxModelLen: 8192 } });
    assert.deepEqual(
      objects.map(({ object, effect, fields }) => [object.kind, effect, fields.map(({ path }) => path)]),
      [["Deployment", "restart", ["spec.template.spec.containers[name=main].args[--max-model-len]"]]],
    );
    assert.equal(impact.podsRestarted, 2);
  });

  it("shows a manual change", async () => {
    const scale = { spec: { replicas: 5 } };
    const path = "/apis/apps/v1/namespaces/default/deployments/chat-kserve";
    assert.equal((await cluster.request("PATCH", path, scale, "application/merge-patch+json")).status, 200);
    const { objects } = changes(SPEC);
    assert.deepEqual(objects[0]?.fields, [{ path: "spec.replicas", before: 5, after: 2, effect: "resize" }]);
  });

  it("shows a field that the API server would refuse to change as a replacement", async () => {
    await apply({ ...SPEC, parallelism: { data: 2 }, worker: {} }, "grouped");
    const { objects, impact } = changes({ ...SPEC, parallelism: { data: 4 }, worker: {} }, "grouped");
    const [set] = objects.filter(({ object }) => object.kind === "LeaderWorkerSet");
    assert.equal(set?.effect, "replace");
    assert.ok(set?.fields.some(({ path }) => path === "spec.leaderWorkerTemplate.size"));
    assert.ok(impact.gpus.lost > 0);
  });

  it("names objects that exist and are no longer planned", () => {
    const { objects } = changes(SPEC, "grouped");
    assert.deepEqual(
      objects.filter(({ change }) => change === "delete").map(({ object }) => object.kind),
      ["LeaderWorkerSet", "ServiceAccount"],
    );
  });

  it("writes nothing", async () => {
    const { body } = await cluster.request("GET", "/apis/apps/v1/namespaces/default/deployments/chat-kserve");
    assert.equal(body.spec?.["replicas"], 5);
    assert.ok(!JSON.stringify(body.metadata?.managedFields).includes("kserve-llm"));
  });

  it("accepts configs like every command", () => {
    const { objects } = changes({ ...SPEC, baseRefs: [{ name: "base" }] }, "chat", [
      config("base", { annotations: { a: "b" } }),
    ]);
    assert.ok(objects[0]?.fields.some(({ path }) => path.startsWith("spec.template.metadata.annotations")));
  });
});

describe("kserve-llm diff state:", () => {
  it("compares with the last applied objects of a stack, without secret values", () =>
    withFolder(async (folder) => {
      const stack = await openStack(folder, "rendered.ts", { config: { folder: join(folder, "rendered") } });
      await stack.up();
      const state = JSON.stringify(await stack.exportStack());
      const gpus = { accelerator: "nvidia-l4", parallelism: { tensor: 2 } } as const;
      const env = [{ name: "TOKEN", value: "whatever" }];
      const written = (replicas: number) =>
        service(
          {
            replicas,
            ...gpus,
            router: { route: {}, gateway: {}, scheduler: {} },
            template: { containers: [{ name: "main", env }] },
          },
          { namespace: "team" },
        );
      const diff = (replicas: number) =>
        kserveLlm(["diff", "state:state.json", "s.yaml"], { "state.json": state, "s.yaml": written(replicas) });
      assert.deepEqual(diff(2), { code: 0, out: "1 service is unchanged\n", err: "" });
      const { code, out } = diff(3);
      assert.equal(code, 1);
      assert.ok(!out.includes("hidden"));
      assert.match(out, /spec\.replicas +2 +3 +resize\n\npods: 0 restart\n/);
    }));
});

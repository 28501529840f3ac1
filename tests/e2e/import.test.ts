import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { crds } from "../../core/api/crd/crd.ts";
import { API_VERSION } from "../../core/api/service.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { type Body, eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { crdEstablished } from "../../tools/cluster/crds.ts";
import type { TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { kserveLlm } from "../cli/cli.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openProgram, ROOT, withFolder } from "./engine.ts";

const TEAM = "team";
const SYSTEM = DEFAULT_SETTINGS.systemNamespace;
const FINALIZER = "serving.kserve.io/llmisvc-finalizer";

/** A handwritten pod in the manner of KServe's presets: a shell starts the engine. */
const POD = {
  containers: [
    {
      name: "main",
      image: "registry.example/vllm:v0.11.0",
      command: ["/bin/sh", "-c"],
      args: ["exec vllm serve /mnt/models --served-model-name {{ .Spec.Model.Name }} $VLLM_ADDITIONAL_ARGS"],
      ports: [{ containerPort: 8000 }],
      resources: { limits: { cpu: "1000m" } },
      startupProbe: { httpGet: { path: "/health", port: 8000 }, failureThreshold: 60 },
    },
  ],
};
const ours = (name: string): unknown =>
  presets({ namespace: SYSTEM }).find(({ metadata }) => metadata.name === name)?.spec ?? assert.fail(name);
/** KServe's scheduler has the same words by both rules: no template leaves empty ones. */
const scheduler = (): unknown =>
  JSON.parse(JSON.stringify(ours("kserve-config-llm-scheduler")), (_key, value) =>
    Array.isArray(value) ? value.filter((item) => typeof item !== "string" || !item.startsWith("{{")) : value,
  );
/** A status pins presets of a version, except for the route's. */
const VERSION = "v0-20-0-";
const PRESETS = Object.entries({
  [`${VERSION}kserve-config-llm-template`]: { template: POD },
  [`${VERSION}kserve-config-llm-worker-data-parallel`]: { template: POD, worker: POD },
  [`${VERSION}kserve-config-llm-scheduler`]: scheduler(),
  "kserve-config-llm-router-route": ours("kserve-config-llm-router-route"),
}).map(([name, spec]) => ({
  apiVersion: API_VERSION,
  kind: "LLMInferenceServiceConfig",
  metadata: { name, namespace: SYSTEM },
  spec,
}));
const PINNED = {
  annotations: Object.fromEntries(
    PRESETS.map(({ metadata: { name } }) => [name.replace(`${VERSION}kserve-`, "serving.kserve.io/"), name]).filter(
      ([key]) => key?.includes("/"),
    ),
  ),
};
const GATEWAY = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: DEFAULT_SETTINGS.ingressGatewayName, namespace: DEFAULT_SETTINGS.ingressGatewayNamespace },
  spec: { gatewayClassName: "none", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
};
const service = (name: string, spec: object) => ({
  apiVersion: API_VERSION,
  kind: "LLMInferenceService",
  metadata: { name, namespace: TEAM, finalizers: [FINALIZER] },
  spec: { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" }, labels: { tier: "gold" }, ...spec },
});
const ROUTER = { route: {}, gateway: {}, scheduler: {} };
/**
 * With the default rules `chat` and `routed` are as they run; `draft` would be two pods, where KServe makes one, and
 * groups have their sizes as flags.
 */
const SERVICES = [
  service("chat", { replicas: 2 }),
  service("draft", { parallelism: { data: 2, dataLocal: 1 }, router: ROUTER }),
  service("routed", { router: ROUTER }),
  service("grouped", { parallelism: { data: 4, dataLocal: 2 }, worker: {} }),
];
/** With a router, one pod is the scheduler's; a group has a leader and a follower. */
const PODS = 2 + 2 + 2 + 2;
/**
 * A route whose Gateway supports InferencePools of the stable API: KServe has moved it there, and has recorded that.
 */
const routeOf = (name: string) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: {
    name: `${name}-kserve-route`,
    namespace: TEAM,
    annotations: { "serving.kserve.io/inference-pool-migrated": "v1" },
  },
});

describe("kserve-llm import", () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await startCluster({ nodes: [{ name: "node-0" }], lws: true, crds: ["gateway", "inference"] });
    for (const name of [TEAM, SYSTEM]) await namespace(cluster, name);
    await cluster.apply(crds() as unknown as TestObject[]);
    for (const { metadata } of crds()) await crdEstablished(cluster, metadata.name);
    await makeAsKServeDoes();
  });
  after(() => cluster?.stop());

  /** The objects of KServe's controller, with its owner references and finalizers. */
  async function makeAsKServeDoes(): Promise<void> {
    await cluster.apply([...PRESETS, GATEWAY, ...SERVICES] as unknown as TestObject[]);
    for (const written of SERVICES) {
      const path = `/apis/${API_VERSION}/namespaces/${TEAM}/llminferenceservices/${written.metadata.name}`;
      const status = { status: PINNED };
      await cluster.request("PATCH", `${path}/status`, status, "application/merge-patch+json");
      const { body } = await cluster.request("GET", path);
      const { objects, issues } = plan({
        service: { ...written, status: PINNED },
        configs: PRESETS,
        known: [GATEWAY, routeOf(written.metadata.name)],
        settings: DEFAULT_SETTINGS,
        compat: "kserve-0.20",
      });
      assert.ok(objects.length > 1, JSON.stringify(issues));
      const owner = {
        apiVersion: API_VERSION,
        kind: written.kind,
        name: written.metadata.name,
        uid: body.metadata?.uid,
      };
      const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
      // A namespaced object cannot own a cluster-wide one.
      const served = objects.filter(({ apiVersion }) => !apiVersion.startsWith("inference.networking.x-k8s.io/"));
      const owned = served.map((object) =>
        object.metadata.namespace === undefined
          ? object
          : { ...object, metadata: { ...object.metadata, ownerReferences } },
      );
      await cluster.apply(owned as unknown as TestObject[]);
    }
    await eventually("the pods", async () => ((await pods()).filter(isReady).length === PODS ? true : undefined));
  }

  const list = async (path: string): Promise<Body[]> => (await cluster.request("GET", path)).body.items ?? [];
  const pods = (): Promise<Body[]> => list(`/api/v1/namespaces/${TEAM}/pods`);
  const isReady = ({ status }: Body): boolean =>
    status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
  const uids = async (): Promise<unknown[]> => (await pods()).map(({ metadata }) => metadata?.uid).sort();
  const secret = async (): Promise<unknown> => {
    const path = `/api/v1/namespaces/${TEAM}/secrets/chat-kserve-self-signed-certs`;
    return (await cluster.request("GET", path)).body.metadata?.["uid"];
  };
  const run = (...args: string[]) => kserveLlm(["import", "-n", TEAM, ...args], {}, { KUBECONFIG: cluster.kubeconfig });

  /** The program as it is written, with the package of this repository. */
  function open(folder: string, out: string): Promise<Stack> {
    const file = join(out, "index.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll('"pulumi-kserve-llm"', JSON.stringify(join(ROOT, "components/index.ts"))));
    symlinkSync(join(ROOT, "node_modules"), join(out, "node_modules"));
    return openProgram(folder, file, { project: "team-llm", kubeconfig: cluster.kubeconfig });
  }
  function pulumiImport({ workspace, name }: Stack, out: string): void {
    const options = ["--protect=false", "--generate-code=false", "--yes", "--skip-preview", "--non-interactive"];
    execFileSync("pulumi", ["import", "--stack", name, "--file", join(out, "import.json"), ...options], {
      cwd: workspace.workDir,
      env: { ...process.env, ...workspace.envVars },
      stdio: "pipe",
    });
  }

  it("takes over a namespace without replacing a pod", () =>
    withFolder(async (folder) => {
      const [before, certificate] = [await uids(), await secret()];
      const out = join(folder, "program");
      const written = run("--out", out);
      assert.equal(written.code, 0, written.out + written.err);
      const ours = "planned without compat, with KServe's presets";
      const theirs = "planned with compat: kserve-0.20";
      const outcomes = { chat: ours, draft: theirs, grouped: ours, routed: ours };
      for (const [name, how] of Object.entries(outcomes)) {
        assert.match(written.out, new RegExp(`team/${name}: \\d+ objects, ${how}\n {2}identical to what runs\n`));
      }
      const early = run("--execute");
      assert.equal(early.code, 1);
      assert.match(early.err, /Deployment chat-kserve is not managed by Pulumi yet/);

      const stack = await open(folder, out);
      pulumiImport(stack, out);
      const changes = changesOf(await eventsOf((onEvent) => stack.preview({ onEvent })));
      assert.deepEqual(
        changes.filter(({ op }) => op !== "update").map(({ type, op }) => `${op} ${type}`),
        [],
      );
      await stack.up();
      assert.deepEqual(await uids(), before, "the program says what runs");
      assert.deepEqual(changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))), []);

      const gone = run("--execute");
      assert.equal(gone.code, 0, gone.err);
      const kinds = gone.out.trim().split("\n");
      assert.match(kinds.at(-2) ?? "", /finalizer .* removed$/);
      assert.match(kinds.at(-1) ?? "", /LLMInferenceService routed: deleted/);
      await eventually("the LLMInferenceService to go", async () => {
        const services = await list(`/apis/${API_VERSION}/namespaces/${TEAM}/llminferenceservices`);
        return services.length === 0 ? true : undefined;
      });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      assert.deepEqual(await uids(), before, "pods must outlive the LLMInferenceService");
      assert.equal(await secret(), certificate);
      assert.deepEqual(changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))), []);
      await stack.destroy();
    }));
});

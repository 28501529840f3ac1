import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import type { Releases } from "../../core/platform/history.ts";
import { promote } from "../../examples/promotion/promote.ts";
import { openProgram, ROOT, withFolder } from "./engine.ts";

type Rendered = KubernetesObject & { spec: { replicas?: number; template: { spec: { nodeSelector?: object } } } };

function renderedIn(folder: string): Rendered[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => objectsOf(readFileSync(file, "utf8"))[0] ?? assert.fail(file));
}
function objectsOf(text: string): Rendered[] {
  return [...parseAllDocuments(text)].map((document) => document.toJS() as Rendered);
}
const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;

/** The objects of an example that renders YAML. */
const render = (folder: string, example: string, sources = false): Promise<Rendered[]> =>
  withFolder(async (state) => {
    const renderTo = join(folder, "rendered");
    const file = join(ROOT, `examples/${example}/index.ts`);
    const stack = await openProgram(state, file, { config: { renderTo }, sources });
    await stack.up();
    return renderedIn(renderTo);
  });

describe("examples", () => {
  it("prefill-decode: each role on its own accelerators, behind one pool", () =>
    withFolder(async (folder) => {
      const objects = await render(folder, "prefill-decode");
      const shapes = objects
        .filter(({ kind, metadata }) => kind === "Deployment" && !metadata.name.includes("scheduler"))
        .map(({ metadata, spec }) => [
          metadata.name,
          spec.replicas,
          Object.values(spec.template.spec.nodeSelector ?? {}),
        ]);
      assert.deepEqual(shapes.sort(), [
        ["llama-kserve", 2, ["NVIDIA-H200"]],
        ["llama-kserve-prefill", 3, ["NVIDIA-H100-80GB-HBM3"]],
      ]);
      for (const kind of ["InferencePool", "HTTPRoute"]) {
        assert.equal(objects.filter((object) => object.kind === kind).length, 1, kind);
      }
    }));

  it("production: the requirements of the platform, and the additions of the service", () =>
    withFolder(async (folder) => {
      const objects = await render(folder, "production");
      const engines = objects.filter(({ kind, metadata }) => kind === "Deployment" && metadata.name === "chat-kserve");
      assert.deepEqual(
        engines.map(({ spec }) => spec.replicas),
        [4],
      );
      for (const kind of ["PodDisruptionBudget", "PodMonitor", "NetworkPolicy", "Job"]) {
        assert.equal(objects.filter((object) => object.kind === kind).length, 1, kind);
      }
      assert.equal(objects.filter(({ kind }) => kind === "PersistentVolumeClaim").length, 2);
    }));

  it("bring-your-own-kserve: the component makes what the command line prints, each loaded from its sources", () =>
    withFolder(async (folder) => {
      const objects = await render(folder, "bring-your-own-kserve", true);
      const args = ["cli/main.ts", "render", "-f", "examples/bring-your-own-kserve/service.yaml"];
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
      assert.equal(status, 0);
      const printed = objectsOf(stdout);
      assert.deepEqual(objects.map(nameOf).sort(), printed.map(nameOf).sort());
      for (const object of printed) {
        const twin = objects.find((other) => nameOf(other) === nameOf(object));
        assert.deepEqual(twin?.spec, object.spec, nameOf(object));
      }
    }));

  describe("promotion", () => {
    const open = (folder: string, stack: string, config: Record<string, string>): Promise<Stack> =>
      openProgram(folder, join(ROOT, "examples/promotion/service/index.ts"), { project: "chat", stack, config });

    it("moves a pin if the check passes, and keeps it if the gates of the other stack refuse", () =>
      withFolder(async (folder) => {
        const file = join(ROOT, "examples/promotion/platform/index.ts");
        const renderTo = join(folder, "rendered");
        const of = { project: "serving-platform", stack: "prod", config: { renderTo } };
        const { outputs } = await (await openProgram(folder, file, of)).up();
        const releases = outputs["releases"]?.value as Releases;
        const pin = (release: string) => ({ release, digest: releases[release]?.digest ?? "" });
        const common = { platform: "organization/serving-platform/prod", renderTo };
        const staging = await open(folder, "staging", { ...common, ...pin("2026-11"), namespace: "staging" });
        const old = { ...common, ...pin("2026-10"), namespace: "prod" };

        // The model does not fit into the accelerators of this stack.
        const small = await open(folder, "prod", { ...old, accelerator: "nvidia-t4" });
        const refused = await promote(staging, small, async () => releases);
        assert.equal(refused.verdict, "refused");
        assert.ok(refused.issues.some(({ side, issue }) => side === "to" && issue.code === "MemoryFit"));
        assert.equal((await small.getConfig("release")).value, "2026-10");

        // Other content under the tested name.
        const prod = await open(folder, "prod", { ...old, replicas: "2" });
        const swapped = { ...releases, "2026-11": releases["2026-10"] ?? assert.fail() };
        const other = await promote(staging, prod, async () => swapped);
        assert.deepEqual([other.verdict, other.issues[0]?.issue.code], ["refused", "DigestMismatch"]);

        const fine = await promote(staging, prod, async () => releases);
        assert.deepEqual([fine.verdict, fine.issues], ["fine", []]);
        assert.deepEqual(
          [(await prod.getConfig("release")).value, (await prod.getConfig("digest")).value],
          Object.values(pin("2026-11")),
        );
        await prod.up();
        assert.equal(
          renderedIn(renderTo).find(({ kind, metadata }) => kind === "Deployment" && metadata.namespace === "prod")
            ?.spec.replicas,
          2,
        );
      }));
  });

  it("are all listed in examples/README.md with what they show", () => {
    const listed = readFileSync(join(ROOT, "examples/README.md"), "utf8");
    for (const name of readdirSync(join(ROOT, "examples"))) {
      if (!name.endsWith(".md")) assert.ok(listed.includes(`](${name})`), name);
    }
  });
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { plan, planInput, type Releases } from "../../components/index.ts";
import { diffObjects } from "../../core/views/diff/diff.ts";
import { chat } from "../../examples/promotion/service/chat.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf, namespace } from "./changes.ts";
import { openProgram, openStack, ROOT, withFolder } from "./engine.ts";

const EXAMPLE = join(ROOT, "examples/promotion");
const PLATFORM = "organization/serving-platform/prod";
const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
type Environment = (typeof ENVIRONMENTS)[number];

/** `KIND path`, list positions and keys left out: the engine counts items, the diff names them. */
const withoutItems = (path: string): string => path.replaceAll(/\[[^\]]*\]/g, "");
const objectFields = (changed: readonly string[]): string[] => [...new Set(changed.map(withoutItems))].sort();

/** The diff of the service between two releases, before any engine has seen it. */
async function foretold(releases: Releases): Promise<string[]> {
  const objectsOf = async (release: string) => {
    const args = chat((key) => ({ release, namespace: "staging", replicas: "1" })[key]);
    const { input } = await planInput("chat", { ...args, platform: releases });
    return plan(input).objects;
  };
  const [before, after] = [await objectsOf("2026-10"), await objectsOf("2026-11")];
  return objectFields(
    diffObjects(before, after).flatMap(({ object, fields }) => fields.map(({ path }) => `${object.kind} ${path}`)),
  );
}

describe("releases of a platform, and services that pin them", () => {
  let cluster: Cluster;

  before(async () => {
    const product = "NVIDIA-H100-80GB-HBM3";
    cluster = await startCluster({ nodes: [gpuNode("h100-0", { gpus: 8, product })] });
    for (const name of ENVIRONMENTS) await namespace(cluster, name);
  });
  after(() => cluster?.stop());

  const openPlatform = (folder: string, config: Record<string, string> = {}): Promise<Stack> =>
    openProgram(folder, join(EXAMPLE, "platform/index.ts"), {
      project: "serving-platform",
      stack: "prod",
      kubeconfig: cluster.kubeconfig,
      config: { namespaceMode: "own", ...config },
    });
  const openService = (
    folder: string,
    stack: Environment,
    pin: { release: string; digest: string },
    more: Record<string, string> = {},
  ): Promise<Stack> =>
    openProgram(folder, join(EXAMPLE, "service/index.ts"), {
      project: "chat",
      stack,
      kubeconfig: cluster.kubeconfig,
      config: { platform: PLATFORM, namespace: stack, replicas: stack === "prod" ? "2" : "1", ...pin, ...more },
    });
  const changes = async (stack: Stack): Promise<string[]> =>
    changesOf(await eventsOf((onEvent) => stack.preview({ onEvent }))).flatMap(({ type, fields }) =>
      fields.map((field) => `${type.split(":").at(-1)} ${field}`),
    );
  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => assert.fail("it must be refused"),
      (error: Error) => error.message,
    );
  const deployment = async (of: Environment): Promise<unknown> => {
    const { body } = await cluster.request("GET", `/apis/apps/v1/namespaces/${of}/deployments/chat-kserve`);
    return (body as unknown as { spec: unknown }).spec;
  };

  it("moves a tested pin from stack to stack, and back", () =>
    withFolder(async (folder) => {
      const platform = await openPlatform(folder);
      const { outputs } = await platform.up();
      const releases = outputs["releases"]?.value as Releases;
      const pinOf = (release: string): { release: string; digest: string } => {
        const { digest } = releases[release] ?? assert.fail(`there is no release ${release}`);
        return { release, digest };
      };
      const services = new Map<Environment, Stack>();
      for (const name of ENVIRONMENTS) {
        const stack = await openService(folder, name, pinOf("2026-10"));
        const up = await stack.up();
        assert.deepEqual(up.outputs["pin"]?.value, pinOf("2026-10"));
        services.set(name, stack);
      }
      const stackOf = (name: Environment): Stack => services.get(name) ?? assert.fail(name);
      const before = await deployment("prod");

      // Another release changes exactly what the diff shows, in the stack that moves and in no other.
      await openService(folder, "staging", pinOf("2026-11"));
      const container = "spec.template.spec.containers[0]";
      const moved = await changes(stackOf("staging"));
      assert.deepEqual(
        moved.filter((one) => one.startsWith("Deployment ")),
        [`Deployment ${container}.args[5]`, `Deployment ${container}.args[6]`, `Deployment ${container}.env[1].value`],
      );
      assert.deepEqual(objectFields(moved), await foretold(releases));
      assert.deepEqual(await changes(stackOf("prod")), []);

      // A wrong digest is refused, and nothing is touched.
      await openService(folder, "prod", { release: "2026-11", digest: pinOf("2026-10").digest });
      assert.match(await refusal(stackOf("prod").up()), /DigestMismatch digest/);
      assert.deepEqual(await deployment("prod"), before);

      // The tested pin goes to prod, and back again: the objects are then what they were.
      await openService(folder, "prod", pinOf("2026-11"));
      await stackOf("prod").up();
      assert.notDeepEqual(await deployment("prod"), before);
      await openService(folder, "prod", pinOf("2026-10"));
      await stackOf("prod").up();
      assert.deepEqual(await deployment("prod"), before);

      await changesOfThePlatform(folder, stackOf("prod"));
      for (const name of ["dev", "staging"] as const) await stackOf(name).destroy();
      await withoutThePlatform(folder, { platform, releases, pin: pinOf("2026-10") });
      await stackOf("prod").destroy();
    }));

  /**
   * Destroying a platform destroys no service. A pinned one continues with the releases in a file; others report what
   * is missing.
   */
  async function withoutThePlatform(
    folder: string,
    { platform, releases, pin }: { platform: Stack; releases: Releases; pin: { release: string; digest: string } },
  ): Promise<void> {
    const unpinned = await openStack(folder, "unpinned.ts", {
      kubeconfig: cluster.kubeconfig,
      config: { platform: PLATFORM, namespace: "staging" },
    });
    await unpinned.up();
    const both = async (): Promise<unknown[]> => [await deployment("prod"), await deployment("staging")];
    const before = await both();
    await platform.destroy();
    assert.deepEqual(await both(), before);

    const prod = await openService(folder, "prod", pin);
    assert.match(await refusal(prod.up()), /Required output 'releases' does not exist on stack/);
    assert.match(await refusal(unpinned.up()), /platform has no value: it comes from an output that does not exist/);
    assert.deepEqual(await both(), before);

    const file = join(folder, "releases.json");
    writeFileSync(file, JSON.stringify(releases));
    await openService(folder, "prod", pin, { releasesFile: file });
    assert.deepEqual(await changes(prod), []);
    await prod.up();
    assert.deepEqual(await both(), before);
    await unpinned.destroy();
  }

  async function changesOfThePlatform(folder: string, prod: Stack): Promise<void> {
    const extra = (image: string): string =>
      JSON.stringify({ next: { defaults: { workerSpec: { template: { containers: [{ name: "main", image }] } } } } });
    const published = await openPlatform(folder, { moreReleases: extra("registry.example/vllm:1") });
    await published.up();
    assert.deepEqual(await changes(prod), [], "a new release changes no pinned service");

    const changed = await openPlatform(folder, { moreReleases: extra("registry.example/vllm:2") });
    assert.match(await refusal(changed.preview()), /ReleaseChanged releases\.next/);

    const outputs = await published.outputs();
    const { digest } = (outputs["releases"]?.value as Releases | undefined)?.["next"] ?? assert.fail("it is published");
    const dev = await openService(folder, "dev", { release: "next", digest });
    await dev.up();
    const dropped = await openPlatform(folder, { consumers: JSON.stringify(["organization/chat/dev"]) });
    const message = await refusal(dropped.preview());
    assert.match(message, /ReleasePinned releases\.next .*organization\/chat\/dev still pins it/);
  }
});

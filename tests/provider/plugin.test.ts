import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { bundle } from "../../tools/build/bundle.ts";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { BOUNDS } from "../bench/bounds.ts";
import { OF_USERS, type Started, startPlugin } from "./plugin.ts";

const MEGABYTE = 1e6;
const RUNS = 7;
/** What the launcher itself needs, apart from any Node next to it. */
const TOOLS = ["dirname", "readlink"];

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

describe("the plugin", () => {
  let folder: string;
  const plugin = (): string => join(folder, "plugin/pulumi-resource-kserve-llm");

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-plugin-"));
    await buildPlugin(join(folder, "plugin"));
    await bundle(join(import.meta.dirname, "bare.ts"), join(folder, "bare.cjs"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is one bundle of at most 3.5 MB", () => {
    assert.ok(statSync(join(folder, "plugin/main.cjs")).size <= 3.5 * MEGABYTE);
  });

  it("prints its port and nothing else, and serves the committed schema", async () => {
    const { output, schema } = await startPlugin(plugin());
    assert.match(output, /^\d+\n$/);
    const committed = readFileSync(join(import.meta.dirname, "../../provider/schema.json"), "utf8");
    assert.deepEqual(JSON.parse(schema), JSON.parse(committed));
  });

  it(`starts with at most ${BOUNDS.start} times the processor time of an empty bundle, and at most ${BOUNDS.startMegabytes} MB`, async () => {
    const [own, bare]: [Started[], Started[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      own.push(await startPlugin(process.execPath, [join(folder, "plugin/main.cjs")]));
      bare.push(await startPlugin(process.execPath, [join(folder, "bare.cjs")]));
    }
    const cpu = (runs: Started[]): number => median(runs.map(({ cpuSeconds }) => cpuSeconds));
    const measured = `${cpu(own)} s against ${cpu(bare)} s`;
    assert.ok(cpu(own) <= BOUNDS.start * cpu(bare), measured);
    const peak = median(own.map(({ peakMegabytes }) => peakMegabytes));
    assert.ok(peak <= BOUNDS.startMegabytes, `${peak} MB`);
  });

  it("keeps what Node compiled in the user's cache folder, although the engine kills it", async () => {
    const cache = join(folder, "cache");
    await startPlugin(plugin(), [], {
      env: { ...process.env, ...OF_USERS, XDG_CACHE_HOME: cache },
    });
    const kept = readdirSync(join(cache, "kserve-llm/compiled"), { recursive: true });
    assert.ok(kept.length > 1, `${kept.length} entries`);
  });

  it("is run by Pulumi's own entry for plugins from source, which PulumiPlugin.yaml selects", async () => {
    const root = join(folder, "plugin");
    assert.match(readFileSync(join(root, "PulumiPlugin.yaml"), "utf8"), /^runtime: nodejs$/m);
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    assert.ok(dependencies["@pulumi/pulumi"], "language hosts run the entry of the plugin's own @pulumi/pulumi");
    const entry = join(import.meta.dirname, "../../node_modules/@pulumi/pulumi/cmd/run-plugin/index.js");
    const { output, schema } = await startPlugin(process.execPath, [entry, root], { cwd: root });
    assert.match(output, /^\d+\n$/);
    assert.match(schema, /kserve-llm:index:Platform/);
  });

  it("is also a checkout of the repository, which Pulumi's own entry starts from its sources", async () => {
    const root = join(import.meta.dirname, "../..");
    const { runtime } = parse(readFileSync(join(root, "PulumiPlugin.yaml"), "utf8")) as { runtime: unknown };
    assert.deepEqual(runtime, { name: "nodejs", options: { typescript: false, production: true } });
    const entry = join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js");
    const { output, schema } = await startPlugin(process.execPath, [entry, root], { cwd: folder });
    assert.match(output, /^\d+\n$/);
    assert.match(schema, /kserve-llm:index:Platform/);
  });

  it("runs from its sources with only the dependencies of a production install", async () => {
    const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const { inputs } = await bundle(join(import.meta.dirname, "../../provider/main.ts"), join(folder, "inputs.cjs"), {
      whole: true,
    });
    const imported = Object.entries(inputs)
      .filter(([file]) => !file.includes("node_modules"))
      .flatMap(([, { imports }]) => imports.map(({ original = "" }) => original))
      .filter((name) => !/^(\.|node:|$)/.test(name))
      .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    assert.deepEqual(
      [...new Set(imported)].filter((name) => !(name in dependencies)),
      [],
    );
  });

  it("reads kubeconfigs, including credential plugins, with the part of Kubernetes' client that it contains", async () => {
    // In the folder of the plugin, next to the part that reads kubeconfigs.
    await bundle(join(import.meta.dirname, "kubeconfig.ts"), join(folder, "plugin/kubeconfig.cjs"));
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "t" },
    };
    const exec = { apiVersion: credential.apiVersion, command: "echo", args: [JSON.stringify(credential)] };
    const config = {
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443" } }],
      users: [{ name: "u", user: { exec } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    };
    const file = join(folder, "kubeconfig.json");
    writeFileSync(file, JSON.stringify(config));
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "plugin/kubeconfig.cjs"), file], {
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(stdout || stderr), {
      server: "https://127.0.0.1:6443",
      headers: { Authorization: "Bearer t" },
    });
  });

  it("finds a Node that is new enough, and reports when there is none", async () => {
    const old = join(folder, "old");
    mkdirSync(old);
    writeFileSync(join(old, "node"), "#!/bin/sh\necho v20.1.0\n", { mode: 0o755 });
    const recent = join(folder, "recent");
    mkdirSync(recent);
    symlinkSync(process.execPath, join(recent, "node"));
    const system = join(folder, "system");
    mkdirSync(system);
    for (const tool of TOOLS) {
      const { stdout } = spawnSync("/bin/sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
      symlinkSync(stdout.trim(), join(system, tool));
    }
    const start = (env: NodeJS.ProcessEnv): Promise<Started> => startPlugin(plugin(), [], { env, cwd: folder });
    assert.match((await start({ PATH: `${old}:${recent}:${system}` })).output, /^\d+\n$/);
    assert.match((await start({ PATH: `${old}:${system}`, KSERVE_LLM_NODE: process.execPath })).output, /^\d+\n$/);
    await assert.rejects(start({ PATH: `${old}:${system}` }), /needs Node 22 or newer/);
    symlinkSync(process.execPath, join(folder, "plugin/node"));
    assert.match((await start({ PATH: `${old}:${system}` })).output, /^\d+\n$/, "an archive brings its own Node");
  });
});

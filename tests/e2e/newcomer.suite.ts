import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { ownTarget } from "../../tools/release/targets.ts";
import { mavenEnvironment, mavenRepository } from "../../tools/sdk/java.ts";
import { ensureToolchain, type Toolchain } from "../../tools/toolchain/ensure.ts";
import { run } from "../../tools/toolchain/processes/run.ts";
import { ROOT, settings, UNDISTURBED, withFolder } from "./engine.ts";
import { goFlags, problemOf } from "./languages.ts";
import { openRelease, type Release } from "./release.ts";
import { skipWhere } from "./skip.ts";

const START = join(ROOT, "examples/start");
/** The complete PATH of a user of YAML: no Node, and no language except for the shell. */
const PLAIN = ["sh", "cat", "pulumi", "pulumi-language-yaml", "pulumi-resource-kubernetes"];
/**
 * Variables that npm sets for the scripts of a package, including `npm test`: they would make `npm install` install
 * into this clone.
 */
const OF_NPM = /^(INIT_CWD|npm_(command|execpath|lifecycle_.*|node_execpath|package_.*|config_(local_)?prefix))$/i;

/** The ways, by the name of the script: the language whose tools it needs, and all its needs in words for a title. */
const WAYS = {
  yaml: { language: "yaml", needs: "nothing but the Pulumi CLI on the PATH" },
  typescript: { language: "library", needs: "Node and npm" },
  "typescript-sdk": { language: "typescript", needs: "Node and npm" },
  python: { language: "python", needs: "Python" },
  go: { language: "go", needs: "Go" },
  java: { language: "java", needs: "a JDK and Maven" },
} as const;
type Way = keyof typeof WAYS;

describe("a new user, with the files of a release and an empty folder", () => {
  let toolchain: Toolchain;
  let release: Release;
  let expected: Record<string, string> | undefined;

  before(async () => {
    toolchain = await ensureToolchain({ groups: ["engine", "languages"], log: () => undefined });
    release = await openRelease();
  });

  it("has a script for each way", () => {
    assert.deepEqual(
      globSync("*.sh", { cwd: START }).sort(),
      Object.keys(WAYS)
        .map((way) => `${way}.sh`)
        .sort(),
    );
  });

  for (const [way, { language, needs }] of Object.entries(WAYS) as [Way, (typeof WAYS)[Way]][]) {
    it(`renders a service by examples/start/${way}.sh, with ${needs}`, async function () {
      skipWhere(this, problemOf(language));
      const rendered = await withFolder((folder) => follow(way, folder));
      assert.ok(Object.keys(rendered).some((name) => name.includes("deployment-default-chat-kserve")));
      expected ??= rendered;
      assert.deepEqual(rendered, expected, "all ways render the same bytes");
    });
  }

  /** Runs the script in an empty folder and returns what its program rendered, by the name of the file. */
  async function follow(way: Way, folder: string): Promise<Record<string, string>> {
    const [project, home] = [join(folder, "project"), join(folder, "home")];
    for (const dir of [project, home, join(folder, "backend"), join(folder, "bin")]) mkdirSync(dir);
    const { os, arch } = ownTarget();
    const env = {
      ...(await userEnvironment(way, folder)),
      ...settings(folder),
      // One way runs as a new user's engine does, with the state written at each step.
      ...(way !== "yaml" && UNDISTURBED),
      PULUMI_HOME: home,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      RELEASE: release.folder,
      TARGET: `${os}-${arch}`,
    };
    await run("/bin/sh", [join(START, `${way}.sh`)], { cwd: project, env });
    const outputs = await run(toolchain.pulumi, ["stack", "output", "--json"], { cwd: project, env });
    assert.deepEqual(JSON.parse(outputs), { url: "http://chat-kserve-workload-svc.default.svc.cluster.local:8000" });
    const hasPlugin = existsSync(join(home, `plugins/resource-kserve-llm-v${release.version}`));
    assert.equal(hasPlugin, WAYS[way].language !== "library", "all but the library need the plugin");
    const root = join(project, "rendered");
    const files = globSync("**/*.yaml", { cwd: root }).sort();
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), "utf8")]));
  }

  /** The environment of a user with this machine's languages and download caches, but without the clone on the PATH. */
  async function userEnvironment(way: Way, folder: string): Promise<NodeJS.ProcessEnv> {
    const bin = join(folder, "bin");
    const path = toolchain.env.PATH.split(delimiter).filter((dir) => !dir.startsWith(ROOT));
    if (way === "yaml") {
      for (const name of PLAIN) await link(name, path.join(delimiter), bin);
      return { HOME: folder, PATH: bin };
    }
    symlinkSync(process.execPath, join(bin, "node"));
    const inherited = Object.entries(process.env).filter(([name]) => !OF_NPM.test(name));
    const env = { ...Object.fromEntries(inherited), PATH: [bin, ...path].join(delimiter) };
    // Python compiles what a program imports; pip would compile the thousands of modules of Pulumi's packages.
    if (way === "python") return { ...env, PIP_NO_COMPILE: "1" };
    if (way === "go") return { ...env, GOFLAGS: goFlags() };
    if (way !== "java") return env;
    return { ...env, MAVEN_OPTS: mavenEnvironment(mavenRepository(join(folder, "maven"))).MAVEN_OPTS };
  }
});

async function link(name: string, path: string, bin: string): Promise<void> {
  const found = await run("sh", ["-c", 'command -v "$0"', name], { env: { ...process.env, PATH: path } });
  symlinkSync(found.trim(), join(bin, basename(name)));
}

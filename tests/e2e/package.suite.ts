import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { archiveName, ownTarget } from "../../tools/release/targets.ts";
import { javaArchive, javaProblem } from "../../tools/sdk/java.ts";
import { run } from "../../tools/toolchain/processes/run.ts";
import { ROOT, withFolder } from "./engine.ts";
import { openRelease } from "./release.ts";

/** What the package may contain, apart from the compiled library. */
const FILES =
  /^(package\.json|main\.cjs|schemas\/kserve-llm\.json|README\.md|LICENSE|dist\/(package\.json|(core|cluster|components)\/.+\.(js|d\.ts)|components\/(library\.cjs|THIRD_PARTY_NOTICES\.txt)|(plugin|cli|policy)\/[^/]+))$/;

describe("the npm package", () => {
  let archive: string;

  // `npm pack` alone builds all that it packs.
  before(async () => {
    const { folder, version } = await openRelease();
    archive = join(folder, `pulumi-kserve-llm-${version}.tgz`);
  });

  /** The package as npm would install it, in a separate project, with all its dependencies. */
  const install = async (folder: string): Promise<string> => {
    await run("tar", ["-xzf", archive], { cwd: folder });
    const modules = join(folder, "project/node_modules");
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync(join(ROOT, "node_modules"))) {
      if (name.startsWith(".")) continue;
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    }
    await run("mv", [join(folder, "package"), join(modules, "pulumi-kserve-llm")]);
    return join(folder, "project");
  };

  /** The package installed by npm itself, without a network: an empty package replaces each of its dependencies. */
  const installAlone = async (folder: string): Promise<void> => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { dependencies: object };
    mkdirSync(join(folder, "nothing"));
    writeFileSync(join(folder, "nothing/package.json"), JSON.stringify({ name: "nothing", version: "0.0.0" }));
    const overrides = Object.fromEntries(Object.keys(dependencies).map((name) => [name, "file:./nothing"]));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, overrides }));
    await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", archive], { cwd: folder });
  };

  it("contains only the files that a user needs", () =>
    withFolder(async (folder) => {
      const root = join(await install(folder), "node_modules/pulumi-kserve-llm");
      const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
        statSync(join(root, name)).isFile(),
      );
      assert.deepEqual(
        files.filter((name) => !FILES.test(name)),
        [],
      );
      const executables = ["dist/plugin/pulumi-resource-kserve-llm", "dist/cli/kserve-llm.cjs"];
      for (const needed of ["dist/components/index.d.ts", ...executables, "LICENSE"]) {
        assert.ok(files.includes(needed), needed);
      }
      for (const [folder, bundled] of [
        ["cli", ["commander", "yaml", "zod"]],
        ["plugin", ["@pulumi/pulumi", "yaml", "zod"]],
        ["components", ["yaml", "zod"]],
      ] as const) {
        const notices = readFileSync(join(root, `dist/${folder}/THIRD_PARTY_NOTICES.txt`), "utf8");
        for (const name of bundled) {
          const escaped = name.replace("/", "\\/");
          assert.match(
            notices,
            new RegExp(`^${escaped} \\d\\S+ \\([^)]+\\)\\n\\n[^]+?(copyright|license)`, "im"),
            name,
          );
        }
      }
    }));

  it("is a library for programs of both kinds of modules, with types", () =>
    withFolder(async (folder) => {
      const cwd = await install(folder);
      const names = ["Platform", "LLMInferenceService", "LLMInferenceServiceConfig", "planInput", "checkPromotion"];
      const imported = `{ ${names.join(", ")} }`;
      const shown = `console.log([${names.join(", ")}].map((one) => typeof one).join())`;
      writeFileSync(join(cwd, "a.mjs"), `import ${imported} from "pulumi-kserve-llm"; ${shown};`);
      writeFileSync(join(cwd, "b.cjs"), `const ${imported} = require("pulumi-kserve-llm"); ${shown};`);
      // The result for tools that read `main` and not `exports`.
      writeFileSync(join(cwd, "d.cjs"), `const ${imported} = require("./node_modules/pulumi-kserve-llm"); ${shown};`);
      for (const file of ["a.mjs", "b.cjs", "d.cjs"]) {
        assert.equal(await run(process.execPath, [file], { cwd }), `${names.map(() => "function").join()}\n`, file);
      }
      const program = `import { checkPromotion, LLMInferenceService, NOTHING_EXPECTED, planInput } from "pulumi-kserve-llm";
        const { input } = await planInput("a", { model: { uri: "hf://a/b" } });
        const verdict: "fine" | "refused" = checkPromotion({ from: input, to: input, expected: NOTHING_EXPECTED }).verdict;
        console.log(verdict);
        new LLMInferenceService("a", { model: { uri: "hf://a/b" }, parallelism: { tensor: 2 } });
        // @ts-expect-error: a number
        new LLMInferenceService("a", { model: { uri: "hf://a/b" }, parallelism: { tensor: "two" } });`;
      writeFileSync(join(cwd, "c.mts"), program);
      const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
      assert.match(example, /new LLMInferenceService/);
      writeFileSync(join(cwd, "readme.mts"), example);
      const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
      const strict = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
      await run(process.execPath, [tsc, ...strict, "--types", "node", "c.mts", "readme.mts"], { cwd });
    }));

  it("contains the command line, which needs no other file and has the same output as the command of a clone", () =>
    withFolder(async (folder) => {
      await installAlone(folder);
      cpSync(join(ROOT, "examples/cli/chat.yaml"), join(folder, "chat.yaml"));
      // A plain Node on PATH, as users have it.
      const path = [dirname(process.execPath), process.env["PATH"]].join(":");
      const outcomeOf = (command: string, args: string[]) => {
        const where = { cwd: folder, encoding: "utf8", env: { PATH: path } } as const;
        const { status, stdout, stderr } = spawnSync(command, args, where);
        return { status, stdout, stderr };
      };
      const calls: [string[], number][] = [
        [["validate", "-f", "chat.yaml"], 0],
        [["render", "-f", "chat.yaml"], 0],
        [["fit", "-f", "chat.yaml"], 0],
        [["validate", "-f", "absent.yaml"], 2],
        // Reads a kubeconfig with the part that is loaded on use.
        [["preflight", "-f", "chat.yaml", "--kubeconfig", "package.json"], 2],
      ];
      for (const [call, status] of calls) {
        const outcome = outcomeOf(join(folder, "node_modules/.bin/kserve-llm"), call);
        assert.deepEqual(outcome, outcomeOf(process.execPath, [join(ROOT, "cli/main.ts"), ...call]), call.join(" "));
        assert.equal(outcome.status, status, outcome.stderr);
        if (call.includes("--kubeconfig")) assert.match(outcome.stderr, /package\.json has no current context/);
      }
    }));
});

describe("npm run release -- --dry-run", () => {
  it("builds every file of a release, with correct checksums", async () => {
    const { folder: out, version } = await openRelease();
    const expected = [
      ...["NOTES.md", "SHA256SUMS", "sbom.cdx.json", "schema.json", archiveName(version, ownTarget())],
      ...[`pulumi-kserve-llm-${version}.tgz`, `pulumi-kserve-llm-sdk-${version}.tgz`],
      ...[`pulumi_kserve_llm-${version}-py3-none-any.whl`, `kserve-llm-sdk-go-v${version}.tar.gz`],
      ...[`kserve-llm-sdk-dotnet-v${version}.tar.gz`, ...(javaProblem() === undefined ? [javaArchive(version)] : [])],
    ];
    assert.deepEqual(readdirSync(out).sort(), expected.sort());
    const sums = readFileSync(join(out, "SHA256SUMS"), "utf8").trimEnd().split("\n");
    assert.equal(sums.length, expected.length - 1);
    for (const line of sums) {
      const [digest, name = ""] = line.split("  ");
      assert.equal(
        createHash("sha256")
          .update(readFileSync(join(out, name)))
          .digest("hex"),
        digest,
        name,
      );
    }
    const members = await run("tar", ["-tzf", join(out, `kserve-llm-sdk-go-v${version}.tar.gz`)]);
    assert.match(members, /^\.\/go\.mod$/m);
    assert.match(members, /^\.\/kservellm\/platform\.go$/m);
  });

  it("refuses to build without --dry-run if the tag of the version is missing", () =>
    withFolder(async (folder) => {
      const out = join(folder, "release");
      const { status, stderr } = spawnSync(process.execPath, ["tools/release/main.ts", "--out", out], {
        cwd: ROOT,
        encoding: "utf8",
        // Without a repository above, git has no tags to show.
        env: { ...process.env, GIT_DIR: await emptyRepository(folder) },
      });
      assert.equal(status, 1);
      assert.match(stderr, /^this is not a release:\nHEAD does not have the tag v\d/m);
      assert.ok(!existsSync(out));
    }));
});

async function emptyRepository(folder: string): Promise<string> {
  const as = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  await run("git", ["init", "--quiet", "repository"], { cwd: folder });
  const cwd = join(folder, "repository");
  await run("git", [...as, "commit", "--quiet", "--allow-empty", "--message=First"], { cwd });
  return join(cwd, ".git");
}

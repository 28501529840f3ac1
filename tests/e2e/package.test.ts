import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
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
import { dirname, join } from "node:path";
import { run } from "../../tools/toolchain/run.ts";
import { ROOT, withFolder } from "./engine.ts";

/** What the package may hold, apart from the compiled library. */
const FILES =
  /^(package\.json|main\.cjs|schemas\/kserve-llm\.json|README\.md|LICENSE|dist\/(package\.json|(core|cluster|components)\/.+\.(js|d\.ts)|(plugin|cli|policy)\/[^/]+))$/;

describe("the npm package", () => {
  let packed: string;
  let archive: string;

  // `npm pack` alone builds all that it packs.
  before(async () => {
    rmSync(join(ROOT, "dist/cli"), { recursive: true, force: true });
    packed = mkdtempSync(join(tmpdir(), "kserve-llm-package-"));
    await run("npm", ["pack", "--silent", "--pack-destination", packed], { cwd: ROOT });
    const [name, ...others] = readdirSync(packed);
    assert.deepEqual(others, []);
    archive = join(packed, name ?? assert.fail("nothing was packed"));
  });
  after(() => rmSync(packed, { recursive: true, force: true }));

  /** The package as npm would install it, in a project of its own, with all that it depends on. */
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

  /** The package installed by npm itself, without a network: an empty package stands for each that it depends on. */
  const installAlone = async (folder: string): Promise<void> => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { dependencies: object };
    mkdirSync(join(folder, "nothing"));
    writeFileSync(join(folder, "nothing/package.json"), JSON.stringify({ name: "nothing", version: "0.0.0" }));
    const overrides = Object.fromEntries(Object.keys(dependencies).map((name) => [name, "file:./nothing"]));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, overrides }));
    await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", archive], { cwd: folder });
  };

  it("holds what a user needs and no more", () =>
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
      // What tools get that read `main` and not `exports`.
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

  it("brings the command line, which needs nothing beside it and prints what that of a clone prints", () =>
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
        // Reads a kubeconfig, by the part that is loaded on use.
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

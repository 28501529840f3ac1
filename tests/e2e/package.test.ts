import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/toolchain/run.ts";
import { ROOT, withFolder } from "./engine.ts";

/** What the package may hold, apart from the compiled library. */
const FILES =
  /^(package\.json|README\.md|LICENSE|dist\/(package\.json|(core|cluster|components)\/.+\.(js|d\.ts)|plugin\/[^/]+))$/;

describe("the npm package", function () {
  this.timeout(300_000);

  before(() => run(process.execPath, [join(ROOT, "tools/build/main.ts")]));

  /** The package as npm would install it, in a project of its own. */
  const install = async (folder: string): Promise<string> => {
    await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: ROOT });
    const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    assert.ok(archive);
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
      for (const needed of ["dist/components/index.d.ts", "dist/plugin/pulumi-resource-kserve-llm", "LICENSE"]) {
        assert.ok(files.includes(needed), needed);
      }
    }));

  it("is a library for programs of both kinds of modules, with types", () =>
    withFolder(async (folder) => {
      const cwd = await install(folder);
      const names = "[typeof Platform, typeof LLMInferenceService, typeof LLMInferenceServiceConfig].join()";
      const imported = "{ Platform, LLMInferenceService, LLMInferenceServiceConfig }";
      writeFileSync(join(cwd, "a.mjs"), `import ${imported} from "pulumi-kserve-llm"; console.log(${names});`);
      writeFileSync(join(cwd, "b.cjs"), `const ${imported} = require("pulumi-kserve-llm"); console.log(${names});`);
      for (const file of ["a.mjs", "b.cjs"]) {
        assert.equal(await run(process.execPath, [file], { cwd }), "function,function,function\n", file);
      }
      const program = `import { LLMInferenceService } from "pulumi-kserve-llm";
        new LLMInferenceService("a", { model: { uri: "hf://a/b" }, parallelism: { tensor: 2 } });
        // @ts-expect-error: a number
        new LLMInferenceService("a", { model: { uri: "hf://a/b" }, parallelism: { tensor: "two" } });`;
      writeFileSync(join(cwd, "c.mts"), program);
      const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
      const strict = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
      await run(process.execPath, [tsc, ...strict, "--types", "node", "c.mts"], { cwd });
    }));
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { crc32 } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "../../../tools/build/bundle.ts";
import { buildLibraryCode } from "../../../tools/build/library.ts";
import { inputWith } from "../../core/worst.ts";

/** The programs only plan, and most of what they would load otherwise is not the library. */
const LEAN = join(ROOT, "tests/e2e/lean.cjs");

describe("the built library", () => {
  let folder: string;
  const main = (): string => join(folder, "dist/components/index.js");
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-library-"));
    await buildLibraryCode(join(folder, "dist"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const plans = `process.stdout.write(JSON.stringify(plan(${JSON.stringify(inputWith({}))})));`;
    writeFileSync(join(folder, "program.cjs"), `const { plan } = require("./dist/components/index.js");\n${plans}`);
    writeFileSync(join(folder, "program.mjs"), `import { plan } from "./dist/components/index.js";\n${plans}`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What a program prints with a folder for caches, the only variable that is set besides PATH. */
  const print = (program: string, cache: string, more: NodeJS.ProcessEnv = {}): string => {
    const { PATH } = process.env;
    const env = { PATH, XDG_CACHE_HOME: cache, ...more };
    const args = ["--require", LEAN, join(folder, program)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    assert.equal(stderr, "");
    assert.match(stdout, /"kind":"Deployment"/);
    return stdout;
  };
  const stored = (cache: string): string => {
    const compiled = join(cache, "kserve-llm/compiled");
    const files = readdirSync(compiled);
    assert.equal(files.length, 1);
    return join(compiled, files[0] ?? "");
  };

  it("keeps what Node compiled in the user's cache, and plans the same with it", () => {
    const cache = join(folder, "cache");
    const first = print("program.cjs", cache);
    const code = readFileSync(stored(cache));
    assert.equal(print("program.cjs", cache), first);
    assert.equal(print("program.mjs", cache), first);
    assert.ok(readFileSync(stored(cache)).equals(code));
  });

  it("replaces stored code that is damaged", () => {
    const cache = join(folder, "damaged");
    const first = print("program.cjs", cache);
    const code = readFileSync(stored(cache));
    const damaged = code.map((byte, at) => (at % 997 === 0 ? byte ^ 1 : byte));
    for (const bytes of [damaged, code.subarray(0, 3), code.subarray(0, code.length / 2)]) {
      writeFileSync(stored(cache), bytes);
      assert.equal(print("program.cjs", cache), first);
      const replaced = readFileSync(stored(cache));
      assert.equal(replaced.readUInt32LE(0), crc32(replaced.subarray(4)));
      print("program.cjs", cache);
      assert.ok(readFileSync(stored(cache)).equals(replaced));
    }
  });

  it("plans without a cache if the folder cannot be made, or if NODE_DISABLE_COMPILE_CACHE is set", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    print("program.cjs", file);
    const unused = join(folder, "unused");
    print("program.cjs", unused, { NODE_DISABLE_COMPILE_CACHE: "1" });
    assert.ok(!readdirSync(folder).includes("unused"));
  });

  it("leaves it to Node to keep the code if NODE_COMPILE_CACHE is set", () => {
    const [unused, own] = [join(folder, "unused"), join(folder, "of-node")];
    print("program.cjs", unused, { NODE_COMPILE_CACHE: own });
    assert.ok(!readdirSync(folder).includes("unused"));
    assert.ok(readdirSync(own).length > 0);
  });

  it("removes the oldest of ten stored files when it stores another", () => {
    const cache = join(folder, "old");
    const compiled = join(cache, "kserve-llm/compiled");
    mkdirSync(compiled, { recursive: true });
    const names = Array.from({ length: 12 }, (_, day) => `library-${day}`);
    for (const [day, name] of names.entries()) {
      writeFileSync(join(compiled, name), "");
      utimesSync(join(compiled, name), day * 86_400, day * 86_400);
    }
    writeFileSync(join(compiled, "other"), "");
    print("program.cjs", cache);
    const left = readdirSync(compiled);
    const former = names.filter((name) => left.includes(name));
    assert.deepEqual(former, names.slice(3));
    assert.equal(left.length, former.length + 2);
  });

  it("can be part of the file that a bundler makes of a program", async () => {
    const outfile = join(folder, "bundled/program.cjs");
    const external = ["@pulumi/*", "@kubernetes/*", "node-forge"];
    await build({ entryPoints: [join(folder, "program.cjs")], outfile, external, bundle: true, platform: "node" });
    const cache = join(folder, "bundled-cache");
    assert.equal(print("bundled/program.cjs", cache), print("program.cjs", join(folder, "other-cache")));
    assert.ok(!readdirSync(folder).includes("bundled-cache"));
  });

  it("leaves nothing in a cache that it cannot write", () => {
    const cache = join(folder, "full");
    mkdirSync(join(cache, "kserve-llm/compiled"), { recursive: true });
    const limited = `ulimit -f 100; exec "${process.execPath}" "${join(folder, "program.cjs")}"`;
    const { stdout } = spawnSync("bash", ["-c", limited], {
      env: { PATH: process.env["PATH"], XDG_CACHE_HOME: cache },
      encoding: "utf8",
    });
    assert.match(stdout, /"kind":"Deployment"/);
    assert.deepEqual(readdirSync(join(cache, "kserve-llm/compiled")), []);
  });

  it("stays in the context of a test runner", () => {
    const required: string[] = [];
    const given = (name: string): unknown => {
      required.push(name);
      return name.startsWith("node:") ? process.getBuiltinModule(name) : "the library";
    };
    const module = { exports: {} };
    const loaded = runInNewContext(Module.wrap(readFileSync(main(), "utf8")), { process }) as (
      ...args: unknown[]
    ) => void;
    loaded(module.exports, given, module, main(), join(main(), ".."));
    assert.ok(required.includes("./library.cjs"));
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../../cli/version.ts";
import { ROOT } from "../../../tools/build/bundle.ts";
import { buildCommand } from "../../../tools/build/command.ts";

describe("the built command line", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-command-"));
    await buildCommand(join(folder, "dist/cli"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "pulumi-kserve-llm", version: VERSION }));
    chmodSync(join(folder, "dist/cli"), 0o555);
  });
  after(() => {
    chmodSync(join(folder, "dist/cli"), 0o755);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Its output with a folder for caches, the only variable that is set besides PATH. */
  const print = (cache: string, ...args: string[]) => {
    const { PATH } = process.env;
    const env = { PATH, XDG_CACHE_HOME: cache };
    return spawnSync(process.execPath, [join(folder, "dist/cli/kserve-llm.cjs"), ...args], { env, encoding: "utf8" });
  };

  it("keeps what Node compiled in the user's cache, and prints the same with it", () => {
    const cache = join(folder, "cache");
    const chat = ["render", "--file", join(ROOT, "examples/cli/chat.yaml")];
    const [first, second] = [print(cache, ...chat), print(cache, ...chat)];
    assert.match(first.stdout, /^kind: Deployment$/m);
    assert.deepEqual([second.stdout, second.stderr], [first.stdout, first.stderr]);
    const kept = readdirSync(join(cache, "kserve-llm/compiled"), { recursive: true, withFileTypes: true });
    assert.ok(kept.some((entry) => entry.isFile()));
  });

  it("runs without a cache if its folder cannot be made", () => {
    const cache = join(folder, "file");
    writeFileSync(cache, "");
    const { stdout, stderr } = print(cache, "--version");
    assert.deepEqual([stdout, stderr], [`${VERSION}\n`, ""]);
    assert.ok(!existsSync(join(cache, "kserve-llm")));
  });
});

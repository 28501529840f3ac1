import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isCached } from "../../tools/toolchain/cache.ts";
import type { Tool } from "../../tools/toolchain/pins.ts";
import { buildTools } from "../../tools/toolchain/sources/build.ts";

/** A replacement for Go: it records its calls, makes the binaries, and fails or never ends if a package requests it. */
const GO = `#!/bin/sh
echo "$1 $(basename "$PWD")" >> "$CALLS"
[ "$1" = build ] || exit 0
while [ "$1" != -o ]; do shift; done
case $3 in
  fails) echo "no such package" >&2; exit 1 ;;
  endless) exec sleep 600 ;;
esac
echo binary > "$2"
`;

const toolOf = (name: string, minutes: number, pkg = "example"): Tool => ({
  name,
  group: "engine",
  version: "1",
  binaries: { [`${name}-binary`]: pkg },
  minutes,
});

describe("the build of the toolchain", () => {
  let folder: string;
  const former = { ...process.env };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-build-"));
    mkdirSync(join(folder, "pulumi-kserve-llm"));
    writeFileSync(join(folder, "go"), GO);
    chmodSync(join(folder, "go"), 0o755);
    const path = [folder, process.env["PATH"]].join(delimiter);
    Object.assign(process.env, { PATH: path, XDG_CACHE_HOME: folder, CALLS: join(folder, "calls") });
  });
  afterEach(() => {
    for (const name of ["PATH", "XDG_CACHE_HOME", "CALLS"]) {
      if (former[name] === undefined) delete process.env[name];
      else process.env[name] = former[name];
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("puts every tool into the cache, starts with the one that takes longest, and removes Go's caches", async () => {
    const tools = [toolOf("etcd", 1), toolOf("kwok", 9), toolOf("lws", 2)];
    const lines: string[] = [];
    await buildTools(tools, (line) => lines.push(line));
    for (const tool of tools) assert.ok(isCached(tool), tool.name);
    const started = lines.filter((line) => /: 0 s of about/.test(line)).map((line) => line.trim().split(" ")[1]);
    assert.deepEqual(started, ["kwok", "lws", "etcd"]);
    assert.deepEqual(
      readdirSync(join(folder, "pulumi-kserve-llm")).filter((name) => /\.building-\d+$/.test(name)),
      [],
    );
  });

  it("downloads the modules of every tool while the first are compiled", async () => {
    await buildTools([toolOf("etcd", 1), toolOf("kwok", 2), toolOf("lws", 3)], () => undefined);
    const calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
    for (const name of ["etcd", "kwok", "lws"]) assert.ok(calls.includes(`list ${name}`), name);
  });

  it("ends with the error of the build that failed, and stops the parallel build", async () => {
    const tools = [toolOf("etcd", 3, "endless"), toolOf("kwok", 2, "fails"), toolOf("lws", 1)];
    await assert.rejects(
      buildTools(tools, () => undefined),
      /no such package/,
    );
    for (const tool of tools) assert.ok(!isCached(tool), tool.name);
  });

  it("ends when the lock on the cache is lost, with the reason", async () => {
    const lost = new AbortController();
    const log = (line: string): void => void (line.includes(": 0 s of") && lost.abort(new Error("lost")));
    await assert.rejects(buildTools([toolOf("etcd", 1, "endless")], log, lost.signal), /lost/);
  });
});

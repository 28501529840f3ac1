import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { stateOf } from "../core/views/recovery/states.ts";
import { kserveLlm, type Outcome } from "./cli.ts";

/**
 * A replacement for the Pulumi CLI on a file backend: `export` reads the state file, compressed or not, as Pulumi does.
 */
const PULUMI = `#!${process.execPath}
const { existsSync, readFileSync } = require("node:fs");
const { gunzipSync, zstdDecompressSync } = require("node:zlib");
const args = process.argv.slice(2);
const file = __dirname + "/backend/.pulumi/stacks/shop/prod.json";
if (args[0] === "whoami") process.stdout.write(JSON.stringify({ user: "me", url: "file://" + __dirname + "/backend" }));
else if (args.includes("--show-name")) process.stdout.write("organization/shop/prod\\n");
else if (args[0] === "preview") process.stdout.write('{"steps": []}');
else if (args[1] === "import") readFileSync(0);
else {
  const packed = [["", (bytes) => bytes], [".gz", gunzipSync], [".zst", zstdDecompressSync]].find(([end]) => existsSync(file + end));
  if (packed === undefined) {
    process.stderr.write("error: no stack named 'prod' found");
    process.exit(255);
  }
  try {
    const [end, unpack] = packed;
    process.stdout.write(JSON.stringify(JSON.parse(unpack(readFileSync(file + end))).checkpoint));
  } catch (error) {
    process.stderr.write("error: failed to load checkpoint: " + error.message);
    process.exitCode = 255;
  }
}
`;

describe("kserve-llm recover of a stack whose state file is damaged", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-damaged-"));
    writeFileSync(join(folder, "pulumi"), PULUMI);
    chmodSync(join(folder, "pulumi"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const whole = JSON.stringify({ version: 3, checkpoint: stateOf([]) });
  const half = whole.slice(0, 30);
  const path = (name: string): string => join(folder, "backend/.pulumi", name);
  /** A file of the backend, written this many minutes ago. */
  const put = (name: string, content: string | Uint8Array, minutes: number): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
    const time = Date.now() / 1000 - minutes * 60;
    utimesSync(path(name), time, time);
  };
  const recover = (...args: string[]): Outcome =>
    kserveLlm(["recover", ...args], {}, { PATH: `${folder}${delimiter}${process.env["PATH"]}` });

  it("names the newest copy that can be read, and changes nothing without --yes", () => {
    put("stacks/shop/prod.json", half, 0);
    put("stacks/shop/prod.json.bak", half, 1);
    put("history/shop/prod/prod-1.checkpoint.json", whole, 30);
    put("history/shop/prod/prod-1.history.json", whole, 2);
    put("backups/shop/prod/prod.2.json", whole, 10);
    put("backups/shop/prod/prod.2.json.attrs", "{}", 3);
    const { code, out, err } = recover();
    assert.equal(code, 1);
    assert.match(out, /prod\.json is damaged\. The newest copy .*backups\/shop\/prod\/prod\.2\.json/s);
    assert.match(err, /Nothing was changed\. Run the command again with --yes/);
    assert.equal(readFileSync(path("stacks/shop/prod.json"), "utf8"), half);
  });

  it("replaces the damaged file with the copy when --yes is given, keeps the damaged file, and prints the next command", () => {
    put("stacks/shop/prod.json", half, 0);
    put("backups/shop/prod/prod.2.json", whole, 10);
    const { code, err } = recover("--yes");
    assert.equal(code, 0, err);
    assert.equal(readFileSync(path("stacks/shop/prod.json"), "utf8"), whole);
    assert.equal(readFileSync(path("stacks/shop/prod.json.damaged"), "utf8"), half);
    assert.match(err, /run `pulumi up --refresh` next/);
  });

  it("reads packed copies, and copies of the other form than the damaged file", () => {
    put("stacks/shop/prod.json", half, 0);
    put("backups/shop/prod/prod.2.json.gz", gzipSync(whole), 10);
    const { code, err } = recover("--yes");
    assert.equal(code, 0, err);
    assert.equal(existsSync(path("stacks/shop/prod.json")), false);
    assert.deepEqual(readFileSync(path("stacks/shop/prod.json.gz")), gzipSync(whole));
  });

  it("replaces a damaged file that was packed by zstd with a copy of the same form", () => {
    const packed = zstdCompressSync(whole);
    put("stacks/shop/prod.json.zst", packed.subarray(0, 20), 0);
    put("stacks/shop/prod.json.zst.bak", packed, 1);
    const { code, err } = recover("--yes");
    assert.equal(code, 0, err);
    assert.deepEqual(readFileSync(path("stacks/shop/prod.json.zst")), packed);
  });

  it("names the next command when the state file of the stack is gone", () => {
    const { code, err } = recover("--yes");
    assert.equal(code, 2);
    assert.match(
      err,
      /no stack named 'prod' found.*run `pulumi stack init` with the name of the stack, and run `kserve-llm recover` again/s,
    );
  });

  it("fails with the file's name when no copy can be read either, and changes nothing", () => {
    put("stacks/shop/prod.json", half, 0);
    put("stacks/shop/prod.json.bak", half, 0);
    const { code, err } = recover("--yes");
    assert.equal(code, 2);
    assert.match(err, /prod\.json is damaged, and no copy of it can be read\..*run `pulumi stack init`/s);
    assert.equal(readFileSync(path("stacks/shop/prod.json"), "utf8"), half);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/run.ts";
import { VERSION } from "../../cli/version.ts";
import { call, kserveLlm, service } from "./cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(ROOT, "cli/main.ts");
const CHAT = join(ROOT, "examples/cli/chat.yaml");
const shell = (command: string) =>
  spawnSync("bash", ["-c", `set -o pipefail; ${command}`], {
    encoding: "utf8",
    env: { ...process.env, KSERVE_LLM: `${process.execPath} ${MAIN}` },
  });

describe("the process of the command line", () => {
  it("prints the output of the command and exits with its code", async () => {
    const files = { "chat.yaml": service({ replicas: -1 }) };
    assert.deepEqual(
      kserveLlm(["validate", "-f", "chat.yaml"], files),
      await call(["validate", "-f", "chat.yaml"], files),
    );
  });

  it("exits quietly with 0 when the reader of its output closes the pipe", () => {
    const { status, stderr } = shell(`$KSERVE_LLM render -f ${CHAT} | true`);
    assert.deepEqual([status, stderr], [0, ""]);
  });

  it("prints one sentence when its output cannot be written", function () {
    if (!existsSync("/dev/full")) this.skip();
    const { status, stderr } = shell(`$KSERVE_LLM render -f ${CHAT} > /dev/full`);
    assert.deepEqual([status, stderr.split("\n").length], [2, 2]);
    assert.match(stderr, /^kserve-llm: standard output cannot be written: ENOSPC/);
  });
});

/** Unexpected bytes. */
const broken = (): Uint8Array =>
  Object.assign(new Uint8Array(), {
    [Symbol.iterator]: () => {
      throw new TypeError("a defect\u001b[2J");
    },
  });

describe("the result of a kserve-llm command", () => {
  it("exits with 0 for help and the version, and with 2 for an unknown command or option", async () => {
    assert.deepEqual(await call(["--version"]), { code: 0, out: `${VERSION}\n`, err: "" });
    assert.match((await call(["render", "--help"])).out, /^Usage: kserve-llm render/);
    assert.equal((await call(["render", "--help"])).code, 0);
    const unknown = await call(["rendr"]);
    assert.deepEqual([unknown.code, unknown.out], [2, ""]);
    assert.match(unknown.err, /unknown command 'rendr'/);
    assert.equal((await call(["render"])).code, 2);
    assert.equal((await call([])).code, 2);
  });

  it("exits with 70 and reports a defect for an unexpected exception, after what was already printed", async () => {
    const { code, stderr, stdout } = await run(["validate", "-f", "-"], { stdin: broken });
    assert.deepEqual([code, stdout], [70, ""]);
    const [first, command, version, report] = stderr.split("\n");
    assert.equal(first, "kserve-llm: this is a bug in kserve-llm, not in your input: TypeError: a defect\\x1b[2J");
    assert.equal(command, "The command was: kserve-llm validate -f -");
    assert.match(version ?? "", new RegExp(`^The version is ${VERSION}, with Node\\.js `));
    assert.match(report ?? "", /^Please report these lines/);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });

  it("shows where a defect happened when KSERVE_LLM_DEBUG is set", async () => {
    process.env["KSERVE_LLM_DEBUG"] = "1";
    try {
      assert.match((await run(["validate", "-f", "-"], { stdin: broken })).stderr, /^ {4}at /m);
    } finally {
      delete process.env["KSERVE_LLM_DEBUG"];
    }
  });

  it("exits with 2 and one sentence for a file that cannot be written", async () => {
    const files = { "chat.yaml": service({}) };
    const { code, err } = await call(["graph", "-f", "chat.yaml", "--html", "no/folder/x.html"], files);
    assert.equal(code, 2);
    assert.match(err, /^kserve-llm: no\/folder\/x\.html cannot be written: ENOENT/);
  });
});

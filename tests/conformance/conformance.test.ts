import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const CASES = join(ROOT, "../shared/conformance");

/** KServe's own recorded outcomes; they are not part of the repository, so a bare clone has only the tests of our own. */
describe("conformance with KServe v0.20.0", () => {
  const out = mkdtempSync(join(tmpdir(), "kserve-llm-conformance-"));
  after(() => rmSync(out, { recursive: true, force: true }));

  it("emits a result for every case, and the judge passes each", function () {
    if (!existsSync(join(CASES, "judge.py"))) this.skip();
    const emitted = run(process.execPath, [join(ROOT, "cli/main.ts"), "conformance", CASES, "--emit", out]);
    assert.equal(emitted.status, 0, emitted.text);
    const judged = run("python3", [join(CASES, "judge.py"), CASES, out]);
    assert.equal(judged.status, 0, judged.text);
    assert.match(judged.text, /^[1-9]\d* passed, 0 failed$/m);
  });
});

function run(command: string, args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return { status, text: `${error ?? ""}${stdout}${stderr}` };
}

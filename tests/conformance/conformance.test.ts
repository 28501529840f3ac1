import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JUDGE, RECORDED } from "./recorded.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Judged {
  suite: string;
  case: string;
  why: string | null;
}

describe("conformance with recorded outcomes of KServe", () => {
  const out = mkdtempSync(join(tmpdir(), "kserve-llm-conformance-"));
  after(() => rmSync(out, { recursive: true, force: true }));

  for (const [compat, { folder, results, flawed }] of Object.entries(RECORDED)) {
    it(`${compat}: the judge passes every result but those of flawed records`, function () {
      if (!existsSync(JUDGE) || !existsSync(join(folder, "index.json"))) this.skip();
      const emitted = join(out, compat);
      const command = ["conformance", folder, "--compat", compat, "--emit", emitted];
      const planned = run(process.execPath, [join(ROOT, "cli/main.ts"), ...command]);
      assert.equal(planned.status, 0, planned.text);
      const report = join(out, `${compat}.json`);
      const judged = run("python3", [JUDGE, folder, emitted, `--json=${report}`]);
      const counted = (JSON.parse(readFileSync(report, "utf8")) as Judged[]).filter(({ why }) => why !== "not counted");
      const failed = counted.filter(({ why }) => why !== null);
      assert.deepEqual(
        failed.map((one) => one.case).filter((name) => !Object.hasOwn(flawed, name)),
        [],
        judged.text,
      );
      assert.equal(counted.length, results);
    });
  }
});

function run(command: string, args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return { status, text: `${error ?? ""}${stdout}${stderr}` };
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { judgeCombined } from "../../../../../core/knowledge/engine/rules/combined.ts";

interface Case {
  name: string;
  release: string;
  args: string[];
  finds?: { flag: string; message: string; fix: string; severity?: string }[];
}

const CASES = parse(readFileSync(new URL("combined.yaml", import.meta.url), "utf8")) as Case[];

describe("judgeCombined", () => {
  for (const { name, release, args, finds = [] } of CASES) {
    it(name, () => {
      const found = judgeCombined(args, { text: release, number: releaseNumber(release) ?? 0 });
      assert.deepEqual(
        found.map(({ code, flag }) => [code, flag]),
        finds.map(({ flag }) => ["InvalidFlagValue", flag]),
      );
      for (const [i, { message, fix, severity }] of finds.entries()) {
        assert.ok(found[i]?.message.includes(message), found[i]?.message);
        assert.ok(found[i]?.fix.includes(fix), found[i]?.fix);
        if (severity !== undefined) assert.equal(found[i]?.severity, severity);
      }
    });
  }
});

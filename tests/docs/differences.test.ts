import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Behaviour, KSERVE_0_20, OWN } from "../../core/contract/behaviour.ts";

const docs = readFileSync(new URL("../../docs/kserve-differences.md", import.meta.url), "utf8");

describe("docs/kserve-differences.md", () => {
  it("lists every rule in which the default behaviour and KServe's differ", () => {
    const rules = (Object.keys(OWN) as (keyof Behaviour)[]).filter(
      (rule) => JSON.stringify(OWN[rule]) !== JSON.stringify(KSERVE_0_20[rule]),
    );
    const table = docs.slice(docs.indexOf("## Rules that differ"), docs.indexOf("## Why"));
    const missing = rules.filter((rule) => !table.includes(`| \`${rule}\` |`));
    assert.deepEqual(missing, []);
  });
});

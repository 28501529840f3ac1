import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ruleGroups } from "../../core/platform/observability/rules.ts";
import { RULES } from "../../policy/rules.ts";
import { pagesWithTables } from "../../tools/generate/tables.ts";

/** Tables of alerts, recorded series, exporters, policies, scenes and options of a plan, in pages that are written by hand otherwise. */
describe("tables of the docs that are generated", () => {
  const pages = Object.entries(pagesWithTables());

  for (const [file, text] of pages) {
    it(`docs/${basename(file)} is what a fresh generation writes`, () => {
      assert.equal(readFileSync(file, "utf8"), text, "run npm run generate, and look at what changed");
    });
  }

  it("have a row for every alert, every recorded series and every policy", () => {
    const text = pages.map(([, page]) => page).join("\n");
    const rules = ruleGroups({}).flatMap((group) => group.rules.map(({ alert, record }) => alert ?? record));
    assert.ok(rules.length > 20);
    for (const name of [...rules, ...RULES.map((rule) => rule.name)])
      assert.ok(text.includes(`\n| \`${name}\` |`), name);
  });
});

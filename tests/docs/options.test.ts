import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { operations } from "../../core/api/shorthands/operations.ts";
import { OPTIONS_PAGE, optionsPage } from "../../tools/generate/options.ts";

describe("docs/options.md", () => {
  it("equals the page that is generated from the schemas", () => {
    assert.equal(readFileSync(OPTIONS_PAGE, "utf8"), optionsPage(), "run npm run generate, and look at what changed");
  });
});

describe("docs/operations.md", () => {
  it("has a section for every operation", () => {
    const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    for (const name of Object.keys(operations.shape)) assert.ok(page.includes(`\n## ${name}\n`), name);
  });
});

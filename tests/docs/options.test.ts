import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { OPTIONS_PAGE, optionsPage } from "../../tools/generate/options.ts";

describe("docs/options.md", () => {
  it("equals the page that is generated from the schemas", () => {
    assert.equal(readFileSync(OPTIONS_PAGE, "utf8"), optionsPage(), "run npm run generate, and look at what changed");
  });
});

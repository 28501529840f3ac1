import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { STACKS_PAGE, stacksPage } from "../../tools/generate/stacks.ts";

describe("docs/stacks.md", () => {
  it("is the generated page", () => {
    assert.equal(readFileSync(STACKS_PAGE, "utf8"), stacksPage(), "run npm run generate, and look at what changed");
  });
});

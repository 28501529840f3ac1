import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMAND, ROOT } from "../repository.ts";

const PICTURES = {
  "docs/pictures/service.svg": "examples/cli/chat.yaml",
  "docs/pictures/disaggregated.svg": "docs/pictures/disaggregated.yaml",
};

describe("the pictures in docs/concepts.md", () => {
  for (const [picture, source] of Object.entries(PICTURES)) {
    it(`${picture} is what kserve-llm graph -f ${source} -o svg prints`, () => {
      const args = [COMMAND, "graph", "-f", join(ROOT, source), "-o", "svg"];
      const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
      assert.equal(readFileSync(join(ROOT, picture), "utf8"), stdout);
    });
  }
});

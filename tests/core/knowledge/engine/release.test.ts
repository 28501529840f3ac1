import assert from "node:assert/strict";
import { positionIn, releaseNumber } from "../../../../core/knowledge/engine/release.ts";

describe("releases", () => {
  it("compare as versions do", () => {
    const sorted = ["0.8.0", "0.8.5", "0.8.5.post1", "0.9.0", "0.10.0", "0.10.1", "0.10.1.1", "0.33.0", "1.0.0"];
    const numbers = sorted.map((one) => releaseNumber(one) as number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });

  it("are in a span from its first release to before its last", () => {
    const at = (release: string) => positionIn({ from: "0.9", until: "0.11" }, releaseNumber(release) as number);
    assert.deepEqual(["0.8.5", "0.9.0", "0.10.2", "0.11.0"].map(at), ["before", "inside", "inside", "after"]);
  });
});

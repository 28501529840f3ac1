import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SCENES } from "../../../tools/serving/scenes.ts";

describe("the scenes of the demonstration", () => {
  it("are each played once by tests/e2e/serving.test.ts, which asserts what they show", () => {
    const text = readFileSync(new URL("../../e2e/serving.test.ts", import.meta.url), "utf8");
    const played = [...text.matchAll(/\bplay\("([a-z]+)"\)/g)].map(([, name]) => name);
    assert.deepEqual(played.sort(), SCENES.map(({ name }) => name).sort());
  });
});

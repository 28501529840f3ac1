import assert from "node:assert/strict";
import { isSameJson } from "../../../core/kubernetes/json.ts";

describe("two values", () => {
  it("are the same JSON with fields in any order", () => {
    assert.ok(isSameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }));
  });

  const DIFFERENT: readonly [string, unknown, unknown][] = [
    ["another value", { a: 1 }, { a: 2 }],
    ["another type", { a: 1 }, { a: "1" }],
    ["a field more", { a: 1 }, { a: 1, b: 2 }],
    ["a field that only one has, and that the other inherits", { constructor: undefined }, { a: undefined }],
    ["a list and a map", [], {}],
    ["null and a map", {}, null],
    ["items in another order", [1, 2], [2, 1]],
    ["a map of another class", {}, new Map()],
    ["a date", {}, new Date(0)],
    ["a function", assert, assert],
  ];
  for (const [what, one, other] of DIFFERENT)
    it(`differ by ${what}`, () => {
      assert.equal(isSameJson(one, other), false);
      assert.equal(isSameJson(other, one), false);
    });
});

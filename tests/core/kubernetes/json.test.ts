import assert from "node:assert/strict";
import { isSameJson, withoutNulls } from "../../../core/kubernetes/json.ts";

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

describe("a value without nulls", () => {
  it("has no field that is null or not set, at any depth, and keeps null items of lists", () =>
    assert.deepEqual(withoutNulls({ a: null, b: [null, { c: null, d: 0 }], e: undefined, f: {} }), {
      b: [null, { d: 0 }],
      f: {},
    }));

  it("is the same value if nothing in it is null, and its parts without nulls are the same parts", () => {
    const whole = { kept: { list: [1, null, { text: "" }] }, other: { field: null } };
    assert.equal(withoutNulls(whole.kept), whole.kept);
    assert.equal(withoutNulls(whole).kept, whole.kept);
  });
});

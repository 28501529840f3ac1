import assert from "node:assert/strict";
import { declareUnchanging, isUnchanging, rememberingUnchanging } from "../../../core/kubernetes/unchanging.ts";

describe("values that come with every plan", () => {
  it("are unchanging with everything in them, even if they contain themselves", () => {
    const ring: Record<string, unknown> = { list: [{ inner: 1 }] };
    ring["self"] = ring;
    declareUnchanging(ring);
    const [item] = ring["list"] as object[];
    assert.ok(item && isUnchanging(ring) && isUnchanging(ring["list"] as object) && isUnchanging(item));
    assert.equal(isUnchanging({ list: [] }), false);
  });

  it("are processed once, while other values are processed each time", () => {
    let asked = 0;
    const count = rememberingUnchanging((_value: object) => ++asked);
    const [kept, other] = [{}, {}];
    declareUnchanging(kept);
    assert.deepEqual([count(kept), count(kept), count(other), count(other)], [1, 1, 2, 3]);
  });
});

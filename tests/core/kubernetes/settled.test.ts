import assert from "node:assert/strict";
import { isSettled, rememberingSettled, settle } from "../../../core/kubernetes/settled.ts";

describe("values that come with every plan", () => {
  it("are settled with everything in them, even if they contain themselves", () => {
    const ring: Record<string, unknown> = { list: [{ inner: 1 }] };
    ring["self"] = ring;
    settle(ring);
    const [item] = ring["list"] as object[];
    assert.ok(item && isSettled(ring) && isSettled(ring["list"] as object) && isSettled(item));
    assert.equal(isSettled({ list: [] }), false);
  });

  it("are processed once, while other values are processed each time", () => {
    let asked = 0;
    const count = rememberingSettled((_value: object) => ++asked);
    const [kept, other] = [{}, {}];
    settle(kept);
    assert.deepEqual([count(kept), count(kept), count(other), count(other)], [1, 1, 2, 3]);
  });
});

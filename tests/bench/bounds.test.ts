import assert from "node:assert/strict";
import { ROOT } from "../e2e/engine.ts";
import { BOUNDS } from "./bounds.ts";
import { type Planned, planned } from "./planning.ts";

const COUNT = 100;
/** Fewer than for the benchmarks: the bounds are wide enough for a plan that is not quite warm. */
const ROUNDS = 20;

describe("the time of a plan, compared with a reference computation in the same process", () => {
  let found: Planned;
  before(async () => {
    found = await planned(ROOT, COUNT, ROUNDS);
  });

  const within = (what: string, cost: number, beside: number, bound: number): void =>
    assert.ok(cost <= bound * beside, `${what}: ${cost} beside ${beside}, at most ${bound} times it`);

  it("is within the committed bound for a single-node service", () =>
    within("milliseconds of a plan", found.single, found.reference, BOUNDS.single));

  it("is within the committed bound for prefill and decode with route, pool and scheduler", () =>
    within("milliseconds of a plan", found.disaggregated, found.reference, BOUNDS.disaggregated));

  it("grows no more than linearly with the number of different services", () =>
    within(`seconds of ${COUNT} plans`, found.many, found.half, BOUNDS.doubled));

  it("plans ten objects for each of these services", () => assert.equal(found.objects, COUNT * 10));
});

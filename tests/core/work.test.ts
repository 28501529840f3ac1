import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Counted } from "./work.ts";
import { WORST } from "./worst.ts";

/** Counts instead of times: the executed code of a plan does not depend on the machine or its load. */
describe("the work of a plan, counted", () => {
  let counted: Counted = { worst: {}, services: [] };
  before(() => {
    const flags = ["--no-opt", "--no-maglev", "--no-sparkplug"];
    const printed = execFileSync(process.execPath, [...flags, join(import.meta.dirname, "work.ts")], {
      encoding: "utf8",
    });
    counted = JSON.parse(printed) as Counted;
  });

  for (const { what } of WORST) {
    it(`grows with the number of ${what}, and not with its square`, () => {
      const [small = 0, middle = 0, large = 0] = counted.worst[what] ?? [];
      // Costs of every plan cancel out. Twice the difference of sizes costs twice as much; quadratic work would cost
      // four times.
      const [first, second] = [middle - small, large - middle];
      assert.ok(small > 1000, `${small} is no plan`);
      assert.ok(second <= 2.2 * first + SLACK, `${first} more for the first step, ${second} more for the second`);
    });
  }

  it("is less for the second service over the same presets, because results that depend only on the presets are kept", () => {
    const [first = 0, second = 0] = counted.services;
    assert.ok(second > 1000 && second < 0.8 * first, `${first} for the first service, ${second} for the second`);
  });

  it("is the same for the hundredth service as for the second", () => {
    const [, second = 0, hundredth = 0] = counted.services;
    assert.ok(hundredth <= 1.02 * second, `${second} for the second service, ${hundredth} for the hundredth`);
  });
});

/** The one-time cost of tables that are read on first use. */
const SLACK = 500;

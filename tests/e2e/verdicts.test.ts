import assert from "node:assert/strict";
import { compareVerdicts, confusionTable, examplesOf, WRONG } from "../../tools/fuzz/objects/run.ts";

const SEED = 36;
const OBJECTS = 60;

describe("the plan and a real API server", () => {
  it("refuse the same services with one or two faults (`npm run fuzz -- --api-server --objects N` tries more)", async () => {
    const all = await compareVerdicts({ seed: SEED, objects: OBJECTS }, () => {});
    const disagreements = WRONG.flatMap((cell) => examplesOf(all, cell, OBJECTS).map((one) => `${cell}: ${one}`));
    assert.deepEqual(disagreements, []);
    for (const cell of ["both take it", "both refuse it"] as const)
      assert.ok(all.filter((one) => one.cell === cell).length >= 10, confusionTable(all));
  });
});

import assert from "node:assert/strict";
import { KINDS } from "../../tools/fuzz/kinds.ts";
import { runTasks } from "../../tools/fuzz/pool.ts";
import type { Failure } from "../../tools/fuzz/run.ts";
import { tasksOf } from "../../tools/fuzz/tasks.ts";

const SEED = 20;
const INPUTS = 1_500;

describe("random inputs", () => {
  it("cause no exception, no hang and no forbidden result (`npm run fuzz` runs more of them)", async () => {
    const failures: Failure[] = [];
    await runTasks(tasksOf(KINDS, INPUTS, SEED, []), 1, (found) => void failures.push(...found));
    const lines = failures.map(
      ({ kind, input, fault, detail }) => `${kind} ${input} (seed ${SEED}): ${fault}: ${detail}`,
    );
    assert.deepEqual(lines, []);
  });
});

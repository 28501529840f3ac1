import { parentPort, workerData } from "node:worker_threads";
import { runTask, type Task } from "./run.ts";

/** Runs tasks in a thread of its own: its cells say which input is under way, and since when, should it never come back. */
const cells = new Int32Array((workerData as { cells: SharedArrayBuffer }).cells);
const seen = new Set<string>();

parentPort?.on("message", async (task: Task) => {
  const failures = await runTask(
    task,
    (index) => {
      Atomics.store(cells, 0, index);
      Atomics.add(cells, 1, 1);
    },
    seen,
  );
  Atomics.store(cells, 0, -1);
  parentPort?.postMessage(failures);
});
parentPort?.postMessage([]);

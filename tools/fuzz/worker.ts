import { parentPort, workerData } from "node:worker_threads";
import { runTask, type Task } from "./run.ts";

/** Runs tasks in a separate thread: its cells contain the current input and its start, in case it hangs. */
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

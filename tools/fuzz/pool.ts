import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type Failure, inputOf, shown, type Task } from "./run.ts";

/** How long an input may take before it counts as a hang. Shrinking takes up to eight seconds of it. */
const HANG_MILLISECONDS = 25_000;
const LOOK_MILLISECONDS = 500;

/** Runs tasks in threads. A thread that hangs is ended and named, and its task continues after the input that hung. */
export async function runTasks(
  tasks: readonly Task[],
  threads: number,
  done: (failures: Failure[]) => void,
): Promise<void> {
  const open = [...tasks];
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, () => work(open, done)));
}

async function work(open: Task[], done: (failures: Failure[]) => void): Promise<void> {
  let thread: Thread | undefined;
  for (let task = open.shift(); task !== undefined; task = open.shift()) {
    thread ??= await Thread.start();
    const outcome = await thread.run(task);
    if ("failures" in outcome) {
      done(outcome.failures);
      continue;
    }
    await thread.end();
    thread = undefined;
    const { hung } = outcome;
    done([hangOf(task, hung)]);
    open.unshift({ ...task, first: hung + 1, count: task.first + task.count - hung - 1 });
  }
  await thread?.end();
}

function hangOf(task: Task, input: number): Failure {
  const detail = `no answer after ${HANG_MILLISECONDS / 1000} s`;
  return { kind: task.kind, input, fault: "hang", key: "hang", detail, minimal: shown(inputOf(task, input)) };
}

type Outcome = { failures: Failure[] } | { hung: number };

class Thread {
  readonly #worker: Worker;
  readonly #cells: Int32Array;

  private constructor(worker: Worker, cells: Int32Array) {
    this.#worker = worker;
    this.#cells = cells;
  }

  static async start(): Promise<Thread> {
    const cells = new SharedArrayBuffer(8);
    const worker = new Worker(join(import.meta.dirname, "worker.ts"), { workerData: { cells } });
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    return new Thread(worker, new Int32Array(cells));
  }

  run(task: Task): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearInterval(watch);
        this.#worker.off("message", finished).off("error", failed);
        then();
      };
      const finished = (failures: Failure[]): void => settle(() => resolve({ failures }));
      const failed = (error: Error): void => settle(() => reject(error));
      let [last, since] = [-1, performance.now()];
      const watch = setInterval(() => {
        const count = Atomics.load(this.#cells, 1);
        const hung = Atomics.load(this.#cells, 0);
        if (count !== last) [last, since] = [count, performance.now()];
        else if (performance.now() - since > HANG_MILLISECONDS) settle(() => resolve({ hung }));
      }, LOOK_MILLISECONDS);
      this.#worker.on("message", finished).on("error", failed);
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

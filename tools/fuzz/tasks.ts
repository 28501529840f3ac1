import type { Kind } from "./planned.ts";
import type { Task } from "./run.ts";

const BATCH = 250;

/** Every kind's share of the inputs, in batches that the threads process in turn. */
export function tasksOf(kinds: readonly Kind[], inputs: number, seed: number, without: readonly string[]): Task[] {
  const all = kinds.reduce((sum, { share }) => sum + share, 0);
  return kinds.flatMap(({ name, share }) => {
    const count = Math.max(1, Math.round((inputs * share) / all));
    const starts = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => batch * BATCH);
    return starts.map((first) => ({ seed, kind: name, first, count: Math.min(BATCH, count - first), without }));
  });
}

import { join } from "node:path";
import { run } from "../../tools/toolchain/processes/run.ts";
import { ROOT } from "../e2e/engine.ts";
import type { Row } from "./row.ts";

/** What a process that only plans found; see planner.ts. */
export interface Planned {
  /** Milliseconds of processor time of a warm plan. */
  single: number;
  disaggregated: number;
  /** Milliseconds of the reference work in the same process: see reference.ts. */
  reference: number;
  /** Seconds of so many different services in one process, and of half of them. */
  many: number;
  half: number;
  count: number;
  objects: number;
  /** What the process held at most. */
  peakMegabytes: number;
}

/** Plans services of a checkout in a process of its own; `more` is the number of rounds before it measures. */
export async function planned(checkout: string, count: number, ...more: number[]): Promise<Planned> {
  const args = [join(import.meta.dirname, "planner.ts"), checkout, String(count), ...more.map(String)];
  const printed = await run(process.execPath, ["--expose-gc", ...args], { cwd: ROOT });
  return JSON.parse(printed) as Planned;
}

const COUNT = 1000;

/** Planning alone: one service again and again, and many different ones. */
export async function benchPlanning(_folder: string, checkout: string): Promise<Row[]> {
  const found = await planned(checkout, COUNT);
  return [
    {
      what: "plan of a single-node service, warm",
      measured: { value: found.single, unit: "ms" },
      goal: { value: 1 },
    },
    {
      what: "plan of prefill and decode with route, pool and scheduler, warm",
      measured: { value: found.disaggregated, unit: "ms" },
      beside: { what: "the reference work", value: found.reference, unit: "ms" },
      goal: { value: 2 },
    },
    {
      what: `plan of ${COUNT} different services (${found.objects} objects) in one process`,
      measured: { value: found.many, unit: "s" },
      beside: { what: "half of them", value: found.half, unit: "s" },
      goal: { value: 1.5 },
    },
    { what: "peak memory of that process", measured: { value: found.peakMegabytes, unit: "MB" } },
  ];
}

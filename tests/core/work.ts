import { Session } from "node:inspector/promises";
import { isFine } from "../../core/contract/issues/issue.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { inputWith, WORST } from "./worst.ts";

// node --no-opt --no-maglev --no-sparkplug tests/core/work.ts: counts the work of plans, and prints it as JSON.

/** What was counted. */
export interface Counted {
  /** By the repeated part: the work for a part of the worst input, for twice and for four times as much. */
  worst: Readonly<Record<string, readonly number[]>>;
  /** The work of the first, second and hundredth service over the same presets. */
  services: readonly number[];
}

/** A part of the worst input is enough to show how the work grows. */
function partOf(count: number): number {
  return Math.min(count / 20, 100);
}

/**
 * How much of the core runs during `work`: the executions of its functions and blocks, as V8 counts them. Without the
 * optimising compilers, which lose counts, the same work has the same count on every machine and under every load.
 */
async function countWork(session: Session, work: () => unknown): Promise<number> {
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  await session.post("Profiler.stopPreciseCoverage");
  const ofCore = result.filter(({ url }) => /\/core\/.*\.ts$/.test(url) && !url.includes("/tests/"));
  const ranges = ofCore.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

async function countWorst(session: Session): Promise<Counted["worst"]> {
  const counted: Record<string, number[]> = {};
  for (const { what, count, of } of WORST) {
    const size = partOf(count);
    plan(of(size));
    counted[what] = [];
    for (const input of [size, 2 * size, 4 * size].map(of))
      counted[what].push(await countWork(session, () => plan(input)));
  }
  return counted;
}

async function countServices(session: Session): Promise<number[]> {
  const scaled = { replicas: 2, router: { route: {}, gateway: {}, scheduler: {} }, prefill: { replicas: 1 } };
  // Presets that no plan has read before.
  const configs = structuredClone(inputWith({}).configs);
  const inputOf = (index: number): PlanInput => {
    const input = inputWith(scaled);
    const metadata = { name: `chat-${String(index).padStart(3, "0")}`, namespace: "team" };
    return { ...input, configs, service: { ...(input.service as object), metadata } };
  };
  const counts: number[] = [];
  for (let index = 0; index < 100; index++) {
    const work = (): void => {
      if (!isFine(plan(inputOf(index)).issues)) throw new Error("the service is refused");
    };
    if (index < 2 || index === 99) counts.push(await countWork(session, work));
    else work();
  }
  return counts;
}

const session = new Session();
session.connect();
await session.post("Profiler.enable");
const counted: Counted = { worst: await countWorst(session), services: await countServices(session) };
process.stdout.write(JSON.stringify(counted));
session.disconnect();

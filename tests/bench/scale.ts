import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/toolchain/processes/run.ts";
import { type Spent, spent } from "./measure.ts";
import { WITHOUT_CHECKPOINTS } from "./preview.ts";
import { type Built, built, programOf, project, type Way } from "./programs.ts";
import type { Row } from "./row.ts";
import { type Exported, weigh } from "./state.ts";

/** Services in one stack. The last is the goal; KSERVE_LLM_BENCH_SERVICES stops earlier. */
const SIZES = [10, 100, 300, 1000];
/** Of how many services the state is weighed. */
const WEIGHED = 10;

/** One stack of more and more services: time, memory and state a service. */
export async function benchScale(folder: string, checkout: string): Promise<Row[]> {
  const made = await built(join(folder, "scale"), checkout);
  const most = Number(process.env["KSERVE_LLM_BENCH_SERVICES"] ?? Number.POSITIVE_INFINITY);
  const rows = await states(join(folder, "scale-state"), made);
  let first: Spent | undefined;
  for (const count of SIZES.filter((size) => size <= most)) {
    const one = await projectIn(join(folder, `scale-${count}`), "library", count, made);
    const cost = await spent(WITHOUT_CHECKPOINTS, { ...one, watched: true });
    first ??= cost;
    rows.push(...previewRows(count, cost, first));
  }
  return rows;
}

function previewRows(count: number, cost: Spent, first: Spent): Row[] {
  const each = { value: (cost.cpuSeconds / count) * 1000, unit: "ms" as const };
  const beside = {
    what: `of ${SIZES[0]} services`,
    value: (first.cpuSeconds / (SIZES[0] ?? 1)) * 1000,
    unit: "ms" as const,
  };
  const peaks = Object.entries(cost.peakMegabytes).filter(([, megabytes]) => megabytes >= LEAST_MEGABYTES);
  return [
    {
      what: `preview of ${count} services in one stack`,
      measured: { value: cost.cpuSeconds, wall: cost.wallSeconds, unit: "s" },
    },
    { what: `preview of ${count} services in one stack: a service`, measured: each, beside },
    ...peaks.map(
      ([name, megabytes]): Row => ({
        what: `preview of ${count} services in one stack: peak memory of ${name}`,
        measured: { value: megabytes, unit: "MB" },
      }),
    ),
  ];
}
const LEAST_MEGABYTES = 50;

/** What the state holds of a service, beside that of the same objects by hand. */
async function states(folder: string, made: Built): Promise<Row[]> {
  const weights = [];
  for (const way of ["library", "hand", "shared"] as const) {
    const one = await projectIn(join(folder, way), way, WEIGHED, made);
    await run("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], one);
    weights.push(weigh(JSON.parse(await run("pulumi", ["stack", "export"], one)) as Exported));
  }
  const [library, hand, shared] = weights;
  if (library === undefined || hand === undefined || shared === undefined) return [];
  const kilobytes = (value: number) => ({ value: value / WEIGHED / 1000, unit: "kB" as const });
  const beside = { what: "by hand", ...kilobytes(hand.all) };
  const parts: [string, number][] = [
    ["what was sent to Kubernetes", library.sent],
    ["what Kubernetes answered", library.answered],
    ["what the engine keeps of each object", library.engine],
    ["the component", library.components],
    ...Object.entries(library.outputs).map(([key, size]): [string, number] => [`its output ${key}`, size]),
  ];
  return [
    { what: "state of a service", measured: kilobytes(library.all), beside },
    { what: "state of a service of a Platform in the same stack", measured: kilobytes(shared.all), beside },
    ...parts.map(([what, size]): Row => ({ what: `state of a service: ${what}`, measured: kilobytes(size) })),
  ];
}

async function projectIn(folder: string, way: Way, count: number, made: Built) {
  mkdirSync(folder, { recursive: true });
  return await project(folder, way, programOf(way, count, made), made);
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../e2e/engine.ts";
import { withCheckout } from "./checkout.ts";
import { benchCluster } from "./cluster.ts";
import { machineLoad } from "./measure.ts";
import { writePage } from "./page.ts";
import { benchPlanning } from "./planning.ts";
import { benchPlans } from "./plans.ts";
import { drawPlots } from "./plots.ts";
import { benchPreview, benchPython } from "./preview.ts";
import { commitOf, type Kept, machine, type PartRun, partRun, readRecord, writeRecord } from "./record.ts";
import { type Measured, tableOf } from "./row.ts";
import { benchScale } from "./scale.ts";
import { benchStart } from "./start.ts";

// npm run bench: what things cost, beside their goals. Prints a table and writes docs/benchmarks.json.
//   npm run bench -- PART...                  measures only these parts
//   npm run bench -- PART... --beside COMMIT  measures them of another commit (or folder of a checkout) too
//   npm run bench -- plots                    draws the plots of docs/benchmarks.md from the last record
//   npm run bench -- table COMMIT             writes docs/benchmarks-table.md from the last record, with the values of a commit

/** A part gets a folder to work in, and the checkout whose code is measured; those that measure only their own say so. */
interface Part {
  bench(folder: string, checkout: string): Promise<Measured>;
  beside: boolean;
}
const PARTS: Readonly<Record<string, Part>> = {
  plans: { bench: benchPlanning, beside: true },
  views: { bench: benchPlans, beside: false },
  start: { bench: benchStart, beside: false },
  preview: { bench: benchPreview, beside: true },
  python: { bench: benchPython, beside: false },
  scale: { bench: benchScale, beside: true },
  cluster: { bench: benchCluster, beside: true },
};
type Keep = (record: Kept, part: string, run: PartRun) => void;

// What is measured is as users have it: nothing that was compiled before.
process.env["NODE_DISABLE_COMPILE_CACHE"] = "1";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { beside: { type: "string" } } });
if (positionals[0] === "plots") {
  process.stdout.write(`${drawPlots(readRecord()).join("\n")}\n`);
  process.exit();
}
if (positionals[0] === "table") {
  try {
    writePage(readRecord(), positionals[1] ?? "");
  } catch (error) {
    refuse((error as Error).message);
  }
  process.exit();
}
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0)
  refuse(`no such part: ${unknown}; there are ${[...Object.keys(PARTS), "plots", "table"].join(", ")}`);
const wanted = Object.keys(PARTS).filter((name) => positionals.length === 0 || positionals.includes(name));

const folder = mkdtempSync(join(tmpdir(), "kserve-llm-bench-"));
process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n`);
try {
  const { beside } = values;
  await measure(ROOT, wanted, (record, part, run) => void Object.assign(record.parts, { [part]: run }));
  if (beside !== undefined) {
    const besides = wanted.filter((name) => PARTS[name]?.beside);
    await withCheckout(folder, beside, async (checkout) => {
      const commit = commitOf(checkout).replace("+", "");
      await measure(checkout, besides, (record, part, run) => {
        record.former[commit] = { ...record.former[commit], [part]: run };
      });
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// What generated the SDKs may hold the process.
process.exit();

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** Measures parts of a checkout, prints the table of each, and keeps it. */
async function measure(checkout: string, parts: readonly string[], keep: Keep): Promise<void> {
  for (const part of parts) {
    const below = mkdtempSync(join(folder, `${part}-`));
    const before = machineLoad().load;
    const measured = (await PARTS[part]?.bench(below, checkout)) ?? [];
    const run = partRun(checkout, [before, machineLoad().load], measured);
    const record = readRecord();
    keep(record, part, run);
    writeRecord(record);
    const load = run.load.map((one) => one.toFixed(1)).join(" → ");
    process.stdout.write(`\n${part} of ${run.commit}, load of the machine ${load}\n\n`);
    process.stdout.write(`${[...tableOf(run.rows), ...(run.notes ?? [])].join("\n")}\n`);
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchPlans } from "./plans.ts";
import { benchPreview } from "./preview.ts";
import { benchStart } from "./start.ts";

// npm run bench: what things cost, for information; docs/benchmarks.md keeps what was measured. No test reads these figures.
const BENCHES = { plans: benchPlans, start: benchStart, preview: benchPreview };

// What is measured is as users have it: nothing that was compiled before.
process.env["NODE_DISABLE_COMPILE_CACHE"] = "1";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) throw new Error(`no such benchmark: ${unknown}; there are ${Object.keys(BENCHES).join(", ")}`);

const memory = (totalmem() / 1024 ** 3).toFixed(0);
const date = new Date().toISOString().slice(0, 10);
process.stdout.write(`${date}, ${cpus().length} cores, ${memory} GiB, Node ${process.versions.node}\n\n`);
const folder = mkdtempSync(join(tmpdir(), "kserve-llm-bench-"));
try {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length === 0 || wanted.includes(name)) process.stdout.write(`${(await bench(folder)).join("\n")}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

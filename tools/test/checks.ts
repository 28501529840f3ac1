import { spawn } from "node:child_process";
import { join } from "node:path";
import { cacheRoot } from "../toolchain/cache.ts";
import { copyInto } from "./copy.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The compiler only checks again what a change can affect. */
const FOUND = "node_modules/.cache/types.tsbuildinfo";
const KEEPING = ["--incremental", "--tsBuildInfoFile", FOUND];
/** What the compiler found in the last clone, for new ones: it names files by their place in the clone and by their content. */
const KEPT = join(cacheRoot(), "types.tsbuildinfo");

/** Checks other than tests: each one passes or fails, and prints its own fix. */
const CHECKS: readonly { name: string; command: string[]; mend: string }[] = [
  { name: "types", command: ["tsc", "--noEmit", "-p", ".", ...KEEPING], mend: "correct the type errors above" },
  { name: "lint and format", command: ["biome", "check", "--error-on-warnings"], mend: "npm run format" },
  { name: "nothing unused", command: ["knip", "--no-progress"], mend: "remove what is listed above, or its `export`" },
];

/** Runs all checks at once and prints one after the other; returns how many passed and how many failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  copyInto(join(ROOT, FOUND), KEPT, { unlessThere: true });
  const running = CHECKS.map(async (check) => ({ ...check, ...(await ended(check.command)) }));
  let passed = 0;
  for (const check of running) {
    const { name, mend, status, output } = await check;
    process.stdout.write(status === 0 ? `${output}✔ ${name}\n` : `${output}✘ ${name}: ${mend}\n`);
    if (status === 0) passed++;
  }
  copyInto(KEPT, join(ROOT, FOUND));
  return { passed, failed: CHECKS.length - passed };
}

function ended([tool = "", ...args]: readonly string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, "node_modules/.bin", tool), args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    }
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}

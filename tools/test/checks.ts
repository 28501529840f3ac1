import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The compiler only checks again what a change can affect. */
const KEEPING = ["--incremental", "--tsBuildInfoFile", "node_modules/.cache/types.tsbuildinfo"];

/** Checks other than tests: each one passes or fails, and prints its own fix. */
const CHECKS: readonly { name: string; command: string[]; mend: string }[] = [
  { name: "types", command: ["tsc", "--noEmit", "-p", ".", ...KEEPING], mend: "correct the type errors above" },
  { name: "lint and format", command: ["biome", "check", "--error-on-warnings"], mend: "npm run format" },
  { name: "nothing unused", command: ["knip", "--no-progress"], mend: "remove what is listed above, or its `export`" },
];

/** Runs all checks at once and prints one after the other; returns how many passed and how many failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const running = CHECKS.map(async (check) => ({ ...check, ...(await ended(check.command)) }));
  let passed = 0;
  for (const check of running) {
    const { name, mend, status, output } = await check;
    process.stdout.write(status === 0 ? `${output}✔ ${name}\n` : `${output}✘ ${name}: ${mend}\n`);
    if (status === 0) passed++;
  }
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

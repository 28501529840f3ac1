import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { ensureToolchain, ToolchainError } from "./toolchain/ensure.ts";

const ROOT = join(import.meta.dirname, "..");

/** What stands before the tests: each is one check that passes or fails, and says by itself what to do. */
const CHECKS: readonly { name: string; command: string[]; mend: string }[] = [
  { name: "types", command: ["tsc", "--noEmit", "-p", "."], mend: "correct the type errors above" },
  { name: "lint and format", command: ["biome", "check", "--error-on-warnings"], mend: "npm run format" },
  { name: "nothing unused", command: ["knip", "--no-progress"], mend: "remove what is listed above, or its `export`" },
];

/** The one gate: types, lint, format, unused code, then every test. The last line counts all of them. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { unit: { type: "boolean", default: false }, grep: { type: "string" } },
  });
  const failedChecks = values.grep === undefined ? CHECKS.filter((check) => !passes(check)) : [];
  const checks = values.grep === undefined ? CHECKS.length : 0;
  if (!values.unit) await provideToolchain();
  const stats = [await runTests(testFiles("unit"), { grep: values.grep, timeout: UNIT_TIMEOUT_MS, jobs: 1 })];
  if (!values.unit) {
    stats.push(await runTests(testFiles("e2e"), { grep: values.grep, timeout: E2E_TIMEOUT_MS, jobs: E2E_JOBS }));
  }
  const sum = (count: (one: Mocha.Stats) => number): number => stats.reduce((all, one) => all + count(one), 0);
  const passed = sum(({ passes }) => passes) + checks - failedChecks.length;
  const failed = sum(({ failures }) => failures) + failedChecks.length;
  const pending = sum(({ pending }) => pending);
  process.stdout.write(`\n${passed} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ""}\n`);
  process.exit(failed === 0 && passed > checks ? 0 : 1);
}

function passes({ name, command, mend }: (typeof CHECKS)[number]): boolean {
  const [tool = "", ...args] = command;
  const { status } = spawnSync(join(ROOT, "node_modules/.bin", tool), args, { cwd: ROOT, stdio: "inherit" });
  process.stdout.write(status === 0 ? `✔ ${name}\n` : `✘ ${name}: ${mend}\n`);
  return status === 0;
}

/** Engine and test control plane, from cache or built; the tests find them by PATH and environment. */
async function provideToolchain(): Promise<void> {
  const { env } = await ensureToolchain({
    groups: ["engine", "cluster", "languages", "sdk"],
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  Object.assign(process.env, env);
}

/** End-to-end files wait much: three at a time, each with an engine and a cluster of its own, keep two cores busy. */
const E2E_JOBS = 3;
/** Only a hang meets this limit: a machine that is ten times slower than ours still passes. */
const E2E_TIMEOUT_MS = 20 * 60_000;
const UNIT_TIMEOUT_MS = 10 * 60_000;
const E2E = "tests/e2e/";

function testFiles(kind: "unit" | "e2e"): string[] {
  const files = globSync("tests/**/*.test.ts", { cwd: ROOT }).sort();
  return files.filter((file) => file.startsWith(E2E) === (kind === "e2e")).map((file) => join(ROOT, file));
}

interface Choice {
  grep: string | undefined;
  /** For each test and hook, in milliseconds, where a test names no other. */
  timeout: number;
  jobs: number;
}

async function runTests(files: readonly string[], { grep, timeout, jobs }: Choice): Promise<Mocha.Stats> {
  const mocha = new Mocha({ reporter: "spec", timeout, ...(grep !== undefined && { grep }) });
  for (const file of files) mocha.addFile(file);
  if (jobs > 1) mocha.parallelMode(true).options.jobs = jobs;
  else await mocha.loadFilesAsync();
  return await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
  });
}

await main().catch((error: Error) => {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

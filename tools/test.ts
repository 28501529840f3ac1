import { globSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { bundlesForTests } from "./test/bundles.ts";
import { runChecks } from "./test/checks.ts";
import { keepDurations, longestFirst } from "./test/durations.ts";
import { ensureToolchain, ToolchainError } from "./toolchain/ensure.ts";

const ROOT = join(import.meta.dirname, "..");

/** The one gate: types, lint, format, unused code, then every test. The last line counts all of them. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { unit: { type: "boolean", default: false }, grep: { type: "string" } },
  });
  const checks = values.grep === undefined ? await runChecks() : { passed: 0, failed: 0 };
  if (!values.unit) await provideToolchain();
  Object.assign(process.env, await bundlesForTests());
  const { passes, failures, pending } = await runTests(testFiles(values.unit), values.grep, jobsFor(values.unit));
  const [passed, failed] = [passes + checks.passed, failures + checks.failed];
  process.stdout.write(`\n${passed} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ""}\n`);
  process.exit(failed === 0 && passes > 0 ? 0 : 1);
}

/** Engine and test control plane, from cache or built; the tests find them by PATH and environment. */
async function provideToolchain(): Promise<void> {
  const { env } = await ensureToolchain({
    groups: ["engine", "cluster", "languages", "sdk"],
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  Object.assign(process.env, env, GO_MEMORY);
}

/**
 * Engines, plugins and API servers live for seconds, so they collect garbage only when they hold this much. An API server then
 * takes a sixth less processor time until it is ready.
 */
const GO_MEMORY = { GOGC: process.env["GOGC"] ?? "off", GOMEMLIMIT: process.env["GOMEMLIMIT"] ?? "1GiB" };

/**
 * End-to-end files, each with an engine and a cluster of its own, wait two thirds of their time: two for each core keep
 * these busy, and with three API servers miss the time limits of their clients. There are fewer if they would not fit
 * into the memory, but at least one for each core.
 */
function jobsFor(unit: boolean): number {
  const cores = availableParallelism();
  if (unit) return cores;
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.max(cores, Math.min(2 * cores, Math.floor(memory / JOB_BYTES)));
}

/** An API server, the engine and a plugin may hold a gigabyte each, and a program and the other parts of a cluster most of another one. */
const JOB_BYTES = 4 * 2 ** 30;

/** Only a hang meets this limit: a machine that is ten times slower than the one that it was measured on still passes. */
const TIMEOUT_MS = 20 * 60_000;
const E2E = "tests/e2e/";

/** All files, the end-to-end ones first: they wait, and the others fill the time. */
function testFiles(unit: boolean): string[] {
  const files = globSync("tests/**/*.test.ts", { cwd: ROOT }).sort();
  const of = (e2e: boolean): string[] =>
    longestFirst(files.filter((file) => file.startsWith(E2E) === e2e).map((file) => join(ROOT, file)));
  return unit ? of(false) : [...of(true), ...of(false)];
}

/** Runs each file in one of so many processes. */
async function runTests(files: readonly string[], grep: string | undefined, jobs: number): Promise<Mocha.Stats> {
  const mocha = new Mocha({ reporter: "spec", timeout: TIMEOUT_MS, ...(grep !== undefined && { grep }) });
  for (const file of files) mocha.addFile(file);
  mocha.parallelMode(true).options.jobs = jobs;
  return await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
    if (grep === undefined) keepDurations(runner);
  });
}

await main().catch((error: Error) => {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { ensureToolchain } from "./toolchain/ensure.ts";

const ROOT = join(import.meta.dirname, "..");

/** What stands before the tests: each is one check that passes or fails, and says by itself what to do. */
const CHECKS: readonly { name: string; command: string[]; mend: string }[] = [
  { name: "types", command: ["tsc", "--noEmit", "-p", "."], mend: "mend the types named above" },
  { name: "lint and format", command: ["biome", "check", "--error-on-warnings"], mend: "npm run format" },
];

/** The one gate: types, lint, format, then every test. The last line counts all of them. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { unit: { type: "boolean", default: false }, grep: { type: "string" } },
  });
  const failedChecks = values.grep === undefined ? CHECKS.filter((check) => !passes(check)) : [];
  const checks = values.grep === undefined ? CHECKS.length : 0;
  if (!values.unit) await provideToolchain();
  const { passes: passed, failures, pending } = await runTests(values.unit, values.grep);
  const failed = failures + failedChecks.length;
  const skipped = pending > 0 ? `, ${pending} skipped` : "";
  process.stdout.write(`\n${passed + checks - failedChecks.length} passed, ${failed} failed${skipped}\n`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
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

async function runTests(unit: boolean, grep: string | undefined): Promise<Mocha.Stats> {
  const mocha = new Mocha({ reporter: "spec", timeout: 20_000, ...(grep !== undefined && { grep }) });
  const { globSync } = await import("node:fs");
  const files = globSync("tests/**/*.test.ts", { cwd: ROOT }).sort();
  for (const file of files) if (!unit || !file.startsWith("tests/e2e/")) mocha.addFile(join(ROOT, file));
  await mocha.loadFilesAsync();
  return await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
  });
}

await main();

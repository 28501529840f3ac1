import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, readCases, readRecorded, SUITES } from "./cases.ts";
import { emit } from "./emit.ts";

/**
 * Plans every case of a folder and writes a file a result: `OUT/<suite>/<case>.json`. Whether a result is right is for the
 * judge alone. A case that cannot be planned for a defect of ours writes nothing and makes the exit code 1.
 */
export function conformance(dir: string, options: { emit?: string; only: string }): number {
  const cases = readCases(dir, options.only);
  const recorded = readRecorded(dir);
  if (options.emit !== undefined) for (const suite of SUITES) mkdirSync(join(options.emit, suite), { recursive: true });
  const broken = cases.filter((one) => !run(one));
  const cpu = process.cpuUsage();
  const seconds = ((cpu.user + cpu.system) / 1e6).toFixed(1);
  process.stdout.write(
    `${cases.length - broken.length} results emitted, ${broken.length} broken, ${seconds} s of CPU\n`,
  );
  return broken.length === 0 ? 0 : 1;

  function run(one: Case): boolean {
    try {
      const result = JSON.stringify(emit(one, recorded), null, 1);
      if (options.emit !== undefined) writeFileSync(join(options.emit, one.suite, `${one.name}.json`), result);
      return true;
    } catch (error) {
      process.stderr.write(`${one.suite}/${one.name}: ${(error as Error).stack}\n`);
      return false;
    }
  }
}

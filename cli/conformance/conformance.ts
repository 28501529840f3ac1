import { join } from "node:path";
import type { Compat } from "../../core/contract/behaviour.ts";
import { UnreadableInput } from "../input/input.ts";
import { makeFolder, writeFile } from "../input/write.ts";
import type { Result, Terminal } from "../text/terminal.ts";
import { type Case, readCases, readRecorded, SUITES } from "./cases.ts";
import { emit } from "./emit.ts";

export interface ConformanceOptions {
  emit?: string;
  only: string;
  /** The release that was recorded. */
  compat: Compat;
}

/**
 * Plans every case of a folder and writes a file a result: `OUT/<suite>/<case>.json`. Whether a result is right is for the
 * judge alone. A case that cannot be planned because of a defect of this package writes nothing and makes the exit code 1.
 */
export function conformance(dir: string, options: ConformanceOptions, terminal: Terminal): Result {
  const cases = readCases(dir, options.only);
  const recorded = readRecorded(dir, terminal);
  if (options.emit !== undefined) for (const suite of SUITES) makeFolder(join(options.emit, suite));
  const broken = cases.filter((one) => !run(one));
  const cpu = process.cpuUsage();
  const seconds = ((cpu.user + cpu.system) / 1e6).toFixed(1);
  const emitted = cases.length - broken.length;
  terminal.print([`${emitted} results emitted, ${broken.length} broken, ${seconds} s of CPU`]);
  return terminal.done(broken.length === 0 ? 0 : 1);

  function run(one: Case): boolean {
    try {
      const result = JSON.stringify(emit(one, recorded, options.compat), null, 1);
      if (options.emit !== undefined) writeFile(join(options.emit, one.suite, `${one.name}.json`), result);
      return true;
    } catch (error) {
      if (error instanceof UnreadableInput) throw error;
      terminal.tell(`${one.suite}/${one.name}: ${(error as Error).stack}`.split("\n"));
      return false;
    }
  }
}

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type Mocha from "mocha";
import { cacheRoot } from "../toolchain/cache.ts";

const ROOT = join(import.meta.dirname, "../..");
/** How long each file took on this machine, in any clone, in milliseconds, by its path; it is never committed. */
const KEPT = join(cacheRoot(), "test-durations.json");

type Durations = Readonly<Record<string, number>>;

function read(): Durations {
  try {
    return existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, "utf8")) as Durations) : {};
  } catch {
    // Another run was killed while it wrote the file; the next run writes it again.
    return {};
  }
}

/**
 * The files, slowest of the last run first, so that no long one runs alone at the end. A new file is placed by its
 * size.
 */
export function longestFirst(files: readonly string[]): string[] {
  const durations = read();
  const weight = (file: string): number => durations[relative(ROOT, file)] ?? sizeOf(file);
  const weighed = files.map((file) => ({ file, weight: weight(file) }));
  return weighed.sort((one, other) => other.weight - one.weight).map(({ file }) => file);
}

/** The size of a file with that of the suites that it only imports. */
function sizeOf(file: string): number {
  const text = readFileSync(file, "utf8");
  const suites = [...text.matchAll(/^import "(\S+\.suite\.ts)";$/gm)].map(([, name = ""]) => join(dirname(file), name));
  return suites.reduce((sum, suite) => sum + statSync(suite).size, text.length);
}

/** Records how long the files of a run take; the result is written when the run ends. */
export function keepDurations(runner: Mocha.Runner): void {
  const taken: Record<string, number> = {};
  const note = ({ file, duration = 0 }: Mocha.Runnable): void => {
    if (file !== undefined) taken[relative(ROOT, file)] = (taken[relative(ROOT, file)] ?? 0) + duration;
  };
  runner.on("test end", note);
  runner.on("hook end", note);
  runner.on("end", () => {
    mkdirSync(dirname(KEPT), { recursive: true });
    writeFileSync(KEPT, JSON.stringify({ ...read(), ...taken }, undefined, 1));
  });
}

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Measured, Row } from "./row.ts";

/** What docs/benchmarks.json keeps: of each part the last run, and beside it that of a former commit. */
export interface Kept {
  parts: { [part: string]: PartRun };
  /** By commit, the parts that were measured there. */
  former: { [commit: string]: { [part: string]: PartRun } };
}

export interface PartRun {
  date: string;
  commit: string;
  machine: string;
  /** The load of the machine before and after; a load above the number of cores makes the wall times worthless. */
  load: readonly [number, number];
  rows: readonly Row[];
  notes?: readonly string[];
}

/** The record, at its place. */
const RECORD = join(import.meta.dirname, "../../docs/benchmarks.json");

export function readRecord(): Kept {
  if (!existsSync(RECORD)) return { parts: {}, former: {} };
  return JSON.parse(readFileSync(RECORD, "utf8")) as Kept;
}

export function writeRecord(record: Kept): void {
  writeFileSync(RECORD, `${JSON.stringify(record, undefined, 2)}\n`);
}

export function machine(): string {
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  return `${cpus().length} cores, ${memory} GiB, Node ${process.versions.node}`;
}

/** The short commit of a checkout, with a plus sign where files are changed. */
export function commitOf(checkout: string): string {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", checkout, ...args], { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
  return `${git("rev-parse", "--short", "HEAD")}${changed ? "+" : ""}`;
}

/** The run of a part as it is kept. Figures keep four digits: the others are noise. */
export function partRun(checkout: string, load: readonly [number, number], measured: Measured): PartRun {
  const rows = measured.filter((one) => typeof one !== "string");
  const notes = measured.filter((one) => typeof one === "string");
  const [before, after] = load;
  return JSON.parse(
    JSON.stringify(
      {
        ...{ date: new Date().toISOString().slice(0, 16), commit: commitOf(checkout), machine: machine() },
        ...{ load: [before, after], rows, ...(notes.length > 0 && { notes }) },
      },
      (_key, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value),
    ),
  ) as PartRun;
}

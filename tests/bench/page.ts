import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Kept } from "./record.ts";
import { comparedTable } from "./row.ts";

const PAGE = join(import.meta.dirname, "../../docs/benchmarks-table.md");

/** All values of the record as a page: a table for each part, with what a former commit took. */
export function pageOf({ parts, former }: Kept, commit: string): string {
  const [name, before = {}] = Object.entries(former).find(([one]) => commit !== "" && one.startsWith(commit)) ?? [];
  if (name === undefined)
    throw new Error(
      `commit ${commit} was not measured; the record has ${Object.keys(former).join(", ") || "no commit"}`,
    );
  const sections = Object.entries(parts).flatMap(([part, run]) => {
    const beside = before[part];
    const load = (one: typeof run): string => one.load.map((value) => value.toFixed(1)).join(" and ");
    const other = beside && `, then ${name} on ${beside.date.replace("T", " at ")} (load ${load(beside)})`;
    const rows = comparedTable(run.rows, name, beside?.rows ?? []);
    const measured = `Commit ${run.commit} on ${run.date.replace("T", " at ")} (load ${load(run)})${other ?? ""}; ${run.machine}.`;
    return [`## ${part}`, "", measured, "", ...rows, ""];
  });
  return [...HEAD, ...sections].join("\n");
}

export function writePage(record: Kept, commit: string): void {
  writeFileSync(PAGE, pageOf(record, commit));
}

const HEAD = [
  "# Benchmarks: all values",
  "",
  "`npm run bench -- table COMMIT` writes this page from [benchmarks.json](benchmarks.json); [What things cost](benchmarks.md) says what the values",
  "mean. The load is that of the machine before and after a part. A goal of the form `≤ 1.1 ×` is one for the ratio.",
  "",
];

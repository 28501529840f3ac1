import { stringify } from "yaml";
import { formatIssue, type Issue } from "../core/contract/issue.ts";

export type Format = "yaml" | "json";

/** Several documents as YAML with separators, or as one JSON list; `json` of one value is that value. */
export function print(values: readonly unknown[], format: Format): void {
  const text =
    format === "json"
      ? `${JSON.stringify(values.length === 1 ? values[0] : values, null, 2)}\n`
      : values.map((value) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
  process.stdout.write(text);
}

/** Issues go to standard error, so that standard output stays what was asked for. */
export function printIssues(source: string, issues: readonly Issue[]): void {
  for (const issue of issues) process.stderr.write(`${source}: ${formatIssue(issue)}\n`);
}

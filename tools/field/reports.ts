import { join } from "node:path";
import { formatIssue } from "../../core/contract/issues/issue.ts";
import { headOf, judgeFile, readText } from "./cases.ts";
import { yamlFiles } from "./recipes.ts";

/** Files like those of real users: the verdict and the issues, next to what their heads expect. */
export function describeReports(folder: string): string[] {
  const reports = join(folder, "reports");
  return yamlFiles(reports).flatMap((file) => {
    const head = headOf(readText(reports, file));
    return [
      file,
      `    expect: ${head.get("expect") ?? "no issue is reported"}`,
      ...verdictOf(reports, file, head.get("run")),
    ];
  });
}

function verdictOf(folder: string, file: string, run: string | undefined): string[] {
  try {
    const { refused, issues } = judgeFile(folder, file, run);
    const lines = issues.map((issue) => `    ${formatIssue(issue).slice(0, 400)}`);
    return [`    verdict: ${refused ? "refused" : "valid"}`, ...lines];
  } catch (error) {
    return [`    verdict: unreadable: ${error instanceof Error ? error.message : String(error)}`];
  }
}

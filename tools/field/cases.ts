import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inputFor, readRequest } from "../../cli/input/request.ts";
import { Terminal } from "../../cli/text/terminal.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import { isFine } from "../../core/contract/issues/issue.ts";
import { plan } from "../../core/plan.ts";

/** The results of the plans of one file, as `kserve-llm validate` judges it. */
export interface Judged {
  refused: boolean;
  issues: readonly Issue[];
}

/** The lines of a comment at the head of a file: `# truth: …`, continued by lines that begin with `#  `. */
export function headOf(text: string): ReadonlyMap<string, string> {
  const head = new Map<string, string>();
  let current = "";
  for (const line of text.split("\n")) {
    if (!line.startsWith("#")) break;
    const [, key, value = ""] = /^# ([a-z ]+):(.*)$/.exec(line) ?? [];
    current = key ?? current;
    const more = key === undefined ? line.slice(1) : value;
    head.set(current, `${head.get(current) ?? ""} ${more.trim()}`.trim());
  }
  return head;
}

/** Plans every service of a file, in this process. `run` is the command line in its head. */
export function judgeFile(folder: string, file: string, run = ""): Judged {
  const terminal = new Terminal();
  const words = run.split(/\s+/);
  const settings = words[words.indexOf("--settings") + 1];
  const request = readRequest(
    {
      file: [join(folder, file)],
      namespace: "default",
      eachByItself: true,
      ...(words.includes("--settings") && settings !== undefined && { settings: join(folder, settings) }),
    },
    terminal,
  );
  const issues = request.services.flatMap((source) => plan(inputFor(request, source)).issues);
  const all = [...request.issues, ...issues];
  return { refused: !isFine(all), issues: all };
}

export function readText(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

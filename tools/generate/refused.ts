import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { formatIssue, ISSUE_CODES, type Issue, type IssueCode } from "../../core/contract/issues/issue.ts";
import { CHECK_SEVERITIES } from "../../core/contract/options/checks.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../core/contract/options/settings.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import { presets, stackOf } from "../../core/knowledge/stacks/stacks.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { plan } from "../../core/plan.ts";

/**
 * The page docs/refused.md: a section for each issue code, in the order of ISSUE_CODES. Cause and fix come from refused.yaml. The
 * example message is what a plan reports of the input in refused.yaml, or of the first case with this code in the table of the checks;
 * only codes that need a cluster, a stack or an earlier deployment have a message that is written by hand.
 */
export const REFUSED_PAGE = join(import.meta.dirname, "../../docs/refused.md");
const CASES = join(import.meta.dirname, "../../tests/core/stages/check/checks.yaml");

interface Example {
  spec: unknown;
  input?: Partial<PlanInput>;
  /** Over the default settings. */
  settings?: Partial<Settings>;
}
export interface Section {
  cause: string;
  fix: string;
  /** Why the finding is certain (an error) or not (a warning). */
  certain: string;
  example?: Example;
  /** A message by hand, and when it appears. */
  message?: string;
}
interface Case extends Example {
  issues?: readonly { code: string }[];
}

const read = (path: string): unknown => parse(readFileSync(path, "utf8"), { merge: true });
export const SECTIONS = read(join(import.meta.dirname, "refused.yaml")) as Readonly<Record<string, Section>>;

const INTRO = `# My service was refused: what now

This page is generated (\`npm run generate\`). It has a section for each issue code. An issue looks like this, on a terminal, in a preview and in CI:

\`\`\`text
SEVERITY CODE PATH (LAYER): MESSAGE — FIX
\`\`\`

1. Read the **path**: it is the field of your service, as Kubernetes writes it.
2. Read the **layer**: \`service\` is your spec, \`config NAMESPACE/NAME\` a config of \`baseRefs\`, \`preset NAME\` a preset of this package, \`settings\` and
   \`platform\` belong to the platform, and \`merged\` is the result of all layers. Correct the value there. \`kserve-llm explain -f FILE FIELD\` shows which layers set a field.
3. Apply the **fix** after the dash, and run \`kserve-llm validate -f FILE\` again. A run reports all issues at once.

An **error** refuses the service; nothing is created or changed. A **warning** does not. Codes of the [checks](checks.md) have a severity that you can change
with \`checks\` of the service or the platform, or with \`--check CODE=SEVERITY\`. All other codes keep their severity.`;

export function refusedPage(): string {
  const codes = Object.keys(ISSUE_CODES) as IssueCode[];
  const links = codes.map((code) => `[${code}](#${code.toLowerCase()})`).join(" · ");
  return [INTRO, links, ...codes.map(sectionOf), ""].join("\n\n").replace(/\n\n$/, "\n");
}

function sectionOf(code: IssueCode): string {
  const section = entryOf(SECTIONS, code);
  if (section === undefined) throw new Error(`add a section for ${code} to tools/generate/refused.yaml`);
  const message = messageOf(code, section);
  return [
    `## ${code}`,
    `**Cause.** ${section.cause}`,
    ...(message === undefined ? [] : [`\`\`\`text\n${message}\n\`\`\``]),
    `**Fix.** ${section.fix}`,
    `**Severity.** ${severityOf(code)} ${section.certain}`,
  ].join("\n\n");
}

function severityOf(code: IssueCode): string {
  const byDefault = entryOf(CHECK_SEVERITIES, code);
  return byDefault === undefined
    ? "It cannot be changed."
    : `The default is \`${byDefault}\`; change it with \`checks: { ${code}: "error" | "warning" | "off" }\`.`;
}

/** The message of the code; undefined if neither an input nor a message is given. */
function messageOf(code: IssueCode, { message, example = caseOf(code) }: Section): string | undefined {
  if (message !== undefined || example === undefined) return message?.trim();
  const found = issuesOf(example).find((issue) => issue.code === code);
  if (found === undefined) throw new Error(`the example of ${code} in tools/generate/refused.yaml does not report it`);
  return formatIssue(found);
}

let cases: readonly Case[] | undefined;

function caseOf(code: IssueCode): Example | undefined {
  cases ??= read(CASES) as readonly Case[];
  return cases.find(({ issues = [] }) => issues.some((issue) => issue.code === code));
}

function issuesOf({ spec, input = {}, settings }: Example): readonly Issue[] {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec,
  };
  const { stack } = input;
  const defaults = presets({ namespace: DEFAULT_SETTINGS.systemNamespace, stack: stackOf(stack) });
  const configs = [...defaults, ...(input.configs ?? [])];
  return plan({ settings: { ...DEFAULT_SETTINGS, ...settings }, service, ...input, configs }).issues;
}

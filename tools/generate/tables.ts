import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { documents } from "../../cli/input/options.ts";
import { EXPORTERS } from "../../core/knowledge/metrics/table.ts";
import { type RuleGroup, ruleGroups } from "../../core/platform/observability/rules.ts";
import type { ConfigField } from "../../policy/rule.ts";
import { RULES } from "../../policy/rules.ts";
import { SCENES } from "../serving/scenes.ts";
import { table } from "./table.ts";

/** A table in a page whose other text is written by hand. The table is inserted at its head. */
interface GeneratedTable {
  page: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

const DOCS = join(import.meta.dirname, "../../docs");

/**
 * The pages with generated tables, by their files, as a fresh generation writes them. Throws if a page lacks a table.
 */
export function pagesWithTables(): Record<string, string> {
  const pages: Record<string, string> = {};
  for (const one of tables()) {
    const file = join(DOCS, one.page);
    pages[file] = withTable(pages[file] ?? readFileSync(file, "utf8"), one);
  }
  return pages;
}

function withTable(text: string, { page, head, rows }: GeneratedTable): string {
  const lines = text.split("\n");
  const made = table(head, rows);
  const start = lines.indexOf(made[0] ?? "");
  if (start < 0) throw new Error(`docs/${page} lacks the table ${made[0]}`);
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  return [...lines.slice(0, start), ...made, ...lines.slice(length < 0 ? lines.length : start + length)].join("\n");
}

function tables(): GeneratedTable[] {
  const rules = ruleGroups({}).flatMap((group) => group.rules);
  return [
    {
      page: "observability.md",
      head: ["alert", "severity, after", "what is wrong", "what to do"],
      rows: rules.flatMap(alertRow),
    },
    {
      page: "observability.md",
      head: ["series", "expression"],
      rows: rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[code(record), code(expr)]])),
    },
    {
      page: "observability.md",
      head: ["exporter", "releases that were read", "source"],
      rows: Object.values(EXPORTERS).map(({ title, releases, source }) => [title, releases.join(", "), source]),
    },
    {
      page: "demo.md",
      head: ["scene", "what it shows"],
      rows: SCENES.map(({ name, says }) => [name, says]),
    },
    {
      page: "policies.md",
      head: ["rule", "level", "what it demands", "configuration"],
      rows: RULES.map(({ name, level, description, fields }) => [
        code(name),
        level,
        description,
        Object.entries(fields).map(configText).join(" "),
      ]),
    },
    {
      page: "cli.md",
      head: ["option of a plan", "description"],
      rows: documents(new Command()).options.map(({ flags, description, defaultValue, argChoices }) => [
        code(flags),
        [
          description,
          argChoices && `One of ${argChoices.join(", ")}.`,
          defaultValue && `Default: ${String(defaultValue)}.`,
        ]
          .filter(Boolean)
          .join(" "),
      ]),
    },
  ];
}

/** An alert with its value as N and each label as a word in capitals. */
function alertRow({ alert, labels, annotations, for: minutes }: RuleGroup["rules"][number]): string[][] {
  if (alert === undefined) return [];
  const summary = (annotations?.["summary"] ?? "")
    .replaceAll(/\{\{ \$value[^}]*\}\}/g, "N")
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_whole, label: string) => label.toUpperCase());
  return [[code(alert), `${labels?.["severity"]}, ${minutes}`, summary, annotations?.["description"] ?? ""]];
}

function configText([name, field]: [string, ConfigField]): string {
  const byDefault = typeof field.default === "object" ? JSON.stringify(field.default) : String(field.default);
  return `${code(name)} (default ${code(byDefault)}): ${field.description}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

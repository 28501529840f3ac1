import { join } from "node:path";
import { ISSUE_CODES } from "../../core/contract/issues/issue.ts";
import { CHECK_SEVERITIES } from "../../core/contract/options/checks.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { type FunctionSpec, packageSchema, type ResourceSpec } from "../../provider/schema/schema.ts";
import type { NamedTypeSpec, PropertySpec, TypeSpec } from "../../provider/schema/types.ts";
import { table } from "./table.ts";

/**
 * docs/reference: every component, function, type, field and issue code, from the schema that the provider serves. Each field has a row
 * on one page, and each type a heading that the fields of this type link to.
 */
export const REFERENCE = join(import.meta.dirname, "../../docs/reference");

const GENERATED = "This page is generated (`npm run generate`).";
const TOKEN = /^kserve-llm:index:/;

/** The pages by the names of their files. */
export function referencePages(): Record<string, string> {
  const schema = packageSchema("");
  return {
    "README.md": page("Reference", INDEX),
    "components.md": page("Components", [
      "What a program passes to a component, and what it gets back. Required arguments are marked with `*`.",
      ...Object.entries(schema.resources).flatMap(([token, resource]) => componentOf(token, resource)),
    ]),
    "functions.md": page("Functions", [
      "Functions plan a service without a cluster and without a stack. Required arguments are marked with `*`.",
      ...Object.entries(schema.functions).flatMap(([token, called]) => functionOf(token, called)),
    ]),
    "types.md": page("Types", [
      "The types of fields, by name. KServe's own fields and the shorthands of this package stand side by side; `PodSpec` and other types of Kubernetes are those of Pulumi's kubernetes package.",
      ...Object.entries(schema.types).flatMap(([token, type]) => typeOf(token, type)),
    ]),
    "codes.md": page("Issue codes", codes()),
  };
}

const INDEX = [
  "| page | what it lists |",
  "|---|---|",
  "| [Components](components.md) | arguments and outputs of `Platform`, `LLMInferenceServiceConfig` and `LLMInferenceService` |",
  "| [Functions](functions.md) | arguments and results of `render`, `validate`, `explain` and `fit` |",
  "| [Types](types.md) | every type of a field, with its fields |",
  "| [Issue codes](codes.md) | every code, with its default severity |",
  "| [Options and settings](../options.md) | the options outside of the spec, with units and defaults |",
  "| [Command line](../cli.md) | commands, options, exit codes |",
  "| [Policies](../policies.md) | rules of the policy pack |",
];

function page(title: string, lines: readonly string[]): string {
  return `${[`# ${title}`, "", GENERATED, "", ...lines].join("\n").trimEnd()}\n`;
}

function componentOf(token: string, resource: ResourceSpec): string[] {
  const { description, inputProperties, requiredInputs, properties } = resource;
  return [
    ...["", `## ${nameOf(token)}`, "", description],
    ...["", `### Arguments of ${nameOf(token)}`, "", ...fieldTable(inputProperties, requiredInputs)],
    ...["", `### Outputs of ${nameOf(token)}`, "", ...fieldTable(properties)],
  ];
}

function functionOf(token: string, { description, inputs, outputs }: FunctionSpec): string[] {
  return [
    ...["", `## ${nameOf(token)}`, "", description],
    ...["", `### Arguments of ${nameOf(token)}`, "", ...fieldTable(inputs.properties, inputs.required)],
    ...["", `### Results of ${nameOf(token)}`, "", ...fieldTable(outputs.properties)],
  ];
}

function typeOf(token: string, type: NamedTypeSpec): string[] {
  const described = type.description === undefined ? [] : ["", type.description];
  const content =
    "enum" in type
      ? [`One of ${type.enum.map(({ value }) => `\`${value}\``).join(", ")}.`]
      : fieldTable(type.properties, type.required);
  return ["", `## ${nameOf(token)}`, ...described, "", ...content];
}

function fieldTable(properties: Readonly<Record<string, PropertySpec>>, required: readonly string[] = []): string[] {
  const rows = Object.entries(properties).map(([name, property]) => {
    const field = `\`${name}\`${required.includes(name) ? " \\*" : ""}`;
    return [field, typeText(property), property.description ?? ""];
  });
  return rows.length === 0 ? ["It has no fields."] : table(["field", "type", "description"], rows);
}

const WORDS: Readonly<Record<string, string>> = { string: "text", integer: "whole number", boolean: "true or false" };

function typeText({ type, $ref, items, additionalProperties, oneOf }: TypeSpec): string {
  if (oneOf !== undefined) return oneOf.map(typeText).join(" or ");
  if ($ref !== undefined) return referenceText($ref);
  if (type === "array") return `list of ${typeText(items ?? {})}`;
  if (type === "object") return `map of ${typeText(additionalProperties ?? {})}`;
  return type === undefined ? "any value" : (entryOf(WORDS, type) ?? type);
}

function referenceText(ref: string): string {
  if (ref === "pulumi.json#/Any") return "any value";
  const own = /^#\/types\/(.+)$/.exec(ref)?.[1];
  if (own !== undefined) return `[${nameOf(own)}](types.md#${nameOf(own).toLowerCase()})`;
  return `\`${decodeURIComponent(ref.slice(ref.lastIndexOf("/") + 1))}\``;
}

function nameOf(token: string): string {
  return token.replace(TOKEN, "");
}

function codes(): string[] {
  const rows = Object.entries(ISSUE_CODES).map(([code, text]) => {
    const byDefault = entryOf(CHECK_SEVERITIES, code);
    const severity = byDefault === undefined ? "as found" : `${byDefault}, can be changed`;
    return [`[${code}](../refused.md#${code.toLowerCase()})`, severity, text];
  });
  return [
    "Codes are stable: a code keeps its meaning. Each links to its cause, an example and a fix.",
    "",
    ...table(["code", "severity", "meaning"], rows),
  ];
}

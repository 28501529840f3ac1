import { Document, type Scalar, visit } from "yaml";
import { readingsOf } from "./scalar.ts";
import { hasInvisible, withEscapes } from "./text.ts";

export type Format = "yaml" | "json";

/** Several documents as YAML with separators, or as one JSON list; JSON of one value is that value. */
export function documentsText(values: readonly unknown[], format: Format): string {
  return format === "json" ? jsonText(values.length === 1 ? values[0] : values) : values.map(yamlText).join("---\n");
}

/** JSON that is safe to print on a terminal. */
export function jsonText(value: unknown): string {
  return `${withEscapes(JSON.stringify(value, null, 2), "json")}\n`;
}

/** YAML with the same meaning for kubectl and for readers of YAML 1.2, safe to print on a terminal. */
function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, { Scalar: (_key, node) => void quoteWhereNeeded(node) });
  return withEscapes(document.toString({ lineWidth: 0 }), "yaml");
}

function quoteWhereNeeded(node: Scalar): void {
  if (typeof node.value !== "string") return;
  const { kubectl } = readingsOf(node.value);
  const isAmbiguous = kubectl !== node.value || node.value === "<<";
  if (isAmbiguous || hasInvisible(node.value.replaceAll("\n", ""))) node.type = "QUOTE_DOUBLE";
}

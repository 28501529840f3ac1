import { join } from "node:path";
import type { z } from "zod";
import { modelInfo } from "../../core/contract/options/modelinfo.ts";
import { factsOf } from "../../core/contract/options/option.ts";
import { configOptions, PLATFORM_OPTIONS, serviceOptions } from "../../core/contract/options/options.ts";
import { partialSettings } from "../../core/contract/options/settings.ts";
import { definitionOf } from "./definition.ts";
import { table } from "./table.ts";

/** The page of docs/ with a table of every option and setting, from the same schemas that judge them. */
export const OPTIONS_PAGE = join(import.meta.dirname, "../../docs/options.md");

type Shape = Readonly<Record<string, z.ZodType>>;
/** Options with a separate table. */
const APART: readonly string[] = ["settings", "modelInfo", "releases"];

export function optionsPage(): string {
  return [
    "# Options and settings",
    "",
    "This page is generated from the schemas of the arguments (`npm run generate`). The components, the provider and the command line",
    "judge every argument by these schemas: an unknown name, a value of another type or null is an error with the path of the argument.",
    "KServe's own fields of a service are described in the comments of the TypeScript types and in the SDKs.",
    ...section("Options of an LLMInferenceService", serviceOptions),
    ...section("Options of an LLMInferenceServiceConfig", configOptions),
    ...section("Options of a Platform", PLATFORM_OPTIONS),
    "",
    "A release takes `stack`, `presetVersion`, `defaults`, `settings`, `accelerators`, `nodeLabels` and `checks`.",
    ...section("Settings", partialSettings.shape),
    ...section("modelInfo", modelInfo.shape),
    "",
  ].join("\n");
}

function section(title: string, shape: Shape): string[] {
  return ["", `## ${title}`, "", ...table(["option", "type", "unit", "default", "description"], rowsOf(shape, ""))];
}

function rowsOf(shape: Shape, prefix: string): string[][] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const { text = factsOf(schema).description ?? "", unit = "", byDefault = "" } = factsOf(schema);
    const cells = [`\`${prefix}${name}\``, typeOf(schema), unit, String(byDefault), text];
    return [cells, ...(APART.includes(name) ? [] : rowsOf(fieldsOf(schema), `${prefix}${name}.`))];
  });
}

/** The fields of an object; of a map or a list those of its entries are left out. */
function fieldsOf(schema: z.ZodType): Shape {
  const { innerType, shape, options = [] } = definitionOf(schema);
  if (innerType !== undefined) return fieldsOf(innerType);
  return shape ?? Object.assign({}, ...options.map(fieldsOf));
}

function typeOf(schema: z.ZodType): string {
  const { type, innerType, element, valueType, options, entries } = definitionOf(schema);
  if (innerType !== undefined) return typeOf(innerType);
  switch (type) {
    case "enum":
      return Object.values(entries ?? {})
        .map((value) => `\`${JSON.stringify(value)}\``)
        .join(" or ");
    case "array":
      return element && typeOf(element) !== "value" ? `list of ${typeOf(element)}` : "list";
    case "record":
      return valueType ? `map of ${typeOf(valueType)}` : "map";
    case "union":
      return (options ?? []).map(typeOf).join(" or ");
    case "string":
      return "text";
    case "custom":
    case "object":
      return "object";
    default:
      return type;
  }
}

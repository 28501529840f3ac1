import { fromGoYaml } from "../go/readgoyaml.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { spokenQuantity } from "../quantity.ts";
import { commandWords } from "../shellwords.ts";
import { entryOf } from "../table.ts";
import { inOnlyRequired, OBJECT_NAME, pairsOf } from "./formfix.ts";
import type { StructuralSchema } from "./schema.ts";
import { resolved } from "./structural.ts";
import { meantSwitch } from "./switches.ts";
import { typeProblem } from "./typecheck.ts";

/** A value of another type, converted to the type of the named field, only if every reader would read it in the same way. */
export function coerced(value: Json, schema: StructuralSchema, name = ""): Json | undefined {
  const isLine = COMMAND_LINES.has(name) && schema.type === "array" && typeof value === "string";
  const meant = isLine ? commandWords(value) : convertedTo(value, schema, name);
  return meant === undefined || typeProblem(meant, schema, true) !== undefined ? undefined : meant;
}

/** Lists with an item for each word of a command line. */
const COMMAND_LINES: ReadonlySet<string> = new Set(["args", "command", "unsetArgs"]);

const NUMBER = /^-?\d{1,15}$/;

/** A time with its unit where a field counts seconds: `30s` and `5m`. */
function secondsIn(value: string, name: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,6})\s?(s|sec|seconds|m|min|minutes|h)$/.exec(value) ?? [];
  if (digits === undefined || !name.endsWith("Seconds")) return undefined;
  return Number(digits) * (unit.startsWith("s") ? 1 : unit.startsWith("m") ? 60 : 3600);
}

/** References to an object, by the fields that they have besides its name. */
const OF_REFERENCES: ReadonlySet<string> = new Set(["name", "namespace", "optional", "defaultMode", "items"]);

/** A reference to an object that was written as its name alone, as `NAMESPACE/NAME`, or as `NAME/KEY`. */
function reference(value: string, properties: StructuralSchema["properties"]): Json | undefined {
  const fields = Object.keys(properties ?? {});
  const [first = "", second = "", ...more] = value.split("/");
  const isPair = more.length === 0 && OBJECT_NAME.test(first) && second !== "";
  const has = (...names: string[]): boolean => names.every((name) => fields.includes(name));
  const isOnly = (...names: string[]): boolean => fields.every((name) => [...names, "optional"].includes(name));
  if (isPair && has("name", "key") && isOnly("name", "key")) return { name: first, key: second };
  if (isPair && has("name", "namespace") && isOnly("name", "namespace", "sectionName") && OBJECT_NAME.test(second))
    return { name: second, namespace: first };
  const isReference = fields.includes("name") && fields.every((field) => OF_REFERENCES.has(field));
  return isReference && OBJECT_NAME.test(value) ? { name: value } : undefined;
}

/** The items of the only list of an object, that were written in the place of the object. */
function inOnlyList(value: Json, properties: StructuralSchema["properties"]): Json | undefined {
  const forms = Object.entries(properties ?? {}).flatMap(([name, field]): JsonObject[] => {
    const { type, items } = resolved(field);
    if (type !== "array" || items === undefined) return [];
    const inner = resolved(items).properties;
    const isFit = Array.isArray(value) && value.every((one) => isObject(one) && hasOnly(one, inner));
    return isFit ? [{ [name]: value }] : [];
  });
  const [form, ...others] = forms;
  return others.length === 0 ? form : undefined;
}

/** A switch that was written in the place of the object that has it. */
function switched(value: boolean, properties: StructuralSchema["properties"] = {}): Json | undefined {
  return resolved(entryOf(properties, "enabled") ?? {}).type === "boolean" ? { enabled: value } : undefined;
}

/** A URI that was written in the place of the object that has it. */
function located(value: string, properties: StructuralSchema["properties"]): Json | undefined {
  const isUri = /^[a-z0-9]+:\/\/\S+$/.test(value) && entryOf(properties ?? {}, "uri") !== undefined;
  return isUri ? { uri: value } : undefined;
}

function hasOnly(value: JsonObject, properties: StructuralSchema["properties"]): boolean {
  return Object.keys(value).every((name) => entryOf(properties ?? {}, name) !== undefined);
}

/** A list with a single item, which was written alone: an item as it is, or a reference or a variable as a text. */
function onlyItem(value: string, item: StructuralSchema): Json | undefined {
  if (typeProblem(value, item, true) === undefined) return [value];
  const { type, properties } = item;
  const meant = type === "object" ? (pairIn(value, properties) ?? reference(value, properties)) : undefined;
  return meant === undefined ? undefined : [meant];
}

const PAIR = /^([A-Za-z_][\w./-]*)=(.*)$/s;

/** A variable that was written as `NAME=value`. */
function pairIn(value: string, properties: StructuralSchema["properties"] = {}): Json | undefined {
  const [, name, text] = PAIR.exec(value) ?? [];
  const isPair =
    entryOf(properties, "name") !== undefined && resolved(entryOf(properties, "value") ?? {}).type === "string";
  return isPair && name !== undefined && text !== undefined ? { name, value: text } : undefined;
}

/** A map of texts that was written as a list of `key=value`. */
function entriesOf(value: Json, { additionalProperties }: StructuralSchema): Json | undefined {
  const isOfTexts = isObject(additionalProperties) && resolved(additionalProperties).type === "string";
  if (!isOfTexts || !Array.isArray(value) || value.length === 0) return undefined;
  const pairs = value.map((item) => (typeof item === "string" ? PAIR.exec(item) : null));
  const names = new Set(pairs.map((pair) => pair?.[1]));
  const isWhole = pairs.every((pair) => pair !== null) && names.size === value.length;
  return isWhole ? Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""])) : undefined;
}

function convertedTo(value: Json, schema: StructuralSchema, name: string): Json | undefined {
  const { type, format, items, properties } = schema;
  if (format === "quantity") return typeof value === "string" ? spokenQuantity(value) : undefined;
  switch (type) {
    case "integer":
    case "number":
      if (typeof value !== "string") return undefined;
      return NUMBER.test(value) ? Number(value) : secondsIn(value, name);
    case "boolean":
      return meantSwitch(value);
    case "string":
      // The text of other numbers and of switches is not known here: it may be 1.10, 0x1F or OFF.
      return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
    case "object":
      if (typeof value === "boolean") return switched(value, properties);
      if (typeof value !== "string")
        return entriesOf(value, schema) ?? inOnlyList(value, properties) ?? inOnlyRequired(value, schema);
      return (
        pairIn(value, properties) ??
        reference(value, properties) ??
        located(value, properties) ??
        inOnlyRequired(value, schema) ??
        fromGoYaml(value)
      );
    case "array": {
      // A list with a single item that is written without its dash.
      if (Array.isArray(value) || value === null || items === undefined) return undefined;
      const pairs = pairsOf(value, schema);
      if (pairs !== undefined) return pairs;
      if (typeof value === "string") return onlyItem(value, resolved(items));
      const isWhole = !isObject(value) || hasOnly(value, resolved(items).properties);
      return isWhole && typeProblem(value, resolved(items), true) === undefined ? [value] : undefined;
    }
    default:
      return undefined;
  }
}

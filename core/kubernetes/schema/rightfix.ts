import { asText, isObject, type Json, type JsonObject } from "../json.ts";

/** How to write a value with the type of its field. */
export function rightFix(right: Json | undefined, value: Json): string | undefined {
  if (typeof right === "number" || typeof right === "boolean")
    return asText(right) === value ? `remove the quotes: ${right}` : `write ${right}`;
  if (typeof right === "string" && typeof value === "string") return `write ${right}`;
  if (isObject(right) && Object.keys(right).join() === "name")
    return `write a mapping: {name: ${asText(right["name"])}}`;
  if (isObject(right) && !isBlock(value)) return mappingFix(right);
  return Array.isArray(right) ? `write a list: ${JSON.stringify(right)}` : undefined;
}

const LONGEST_SHOWN = 120;

function mappingFix(right: JsonObject): string {
  const text = JSON.stringify(right);
  return text.length > LONGEST_SHOWN
    ? `write a mapping with this value in ${Object.keys(right).join(" and ")}`
    : `write a mapping: ${text}`;
}

/** A text that YAML itself would read as a mapping. */
export function isBlock(value: Json): boolean {
  return typeof value === "string" && /^[^/]*:\s/.test(value);
}

/** The choice that differs from a value only in capital letters. */
export function inOtherLetters(value: Json, choices: readonly Json[]): string | undefined {
  const isMeant = (one: Json): one is string =>
    typeof one === "string" && typeof value === "string" && one.toLowerCase() === value.toLowerCase();
  return choices.find(isMeant);
}

import type { Issue } from "../../contract/issues/issue.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../kubernetes/path.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { isTemplate } from "../../kubernetes/text.ts";

/**
 * Issues of values that templates produced, at the field that the templates read: a user who wrote `model.name` would
 * not look for the rules of a preset's route. `before` is the spec with its templates. Of the issues that one field
 * causes, the first stays.
 */
export function atOrigins(issues: readonly Issue[], before: object): Issue[] {
  const seen = new Set<string>();
  return issues.flatMap((issue): Issue[] => {
    const field = originOf(issue.path, before as JsonObject);
    if (field === undefined) return [issue];
    if (seen.has(field.path)) return [];
    seen.add(field.path);
    const message = `${JSON.stringify(field.value)} leads to an invalid value of ${withoutIndexes(issue.path)}: ${issue.message}`;
    return [{ ...issue, code: "InvalidValue", path: field.path, message, fix: `choose another ${field.path}` }];
  });
}

function withoutIndexes(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "");
}

interface Field {
  path: string;
  value: string;
}

function originOf(path: string, before: JsonObject): Field | undefined {
  const made = pathSteps(path).reduce<Json | undefined>(stepInto, { spec: before });
  const [origin] = templatesAt(made).flatMap((text) => readBy(text).flatMap((names) => fieldAt(names, before) ?? []));
  return origin;
}

function stepInto(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(bareStep(step))];
  return isObject(value) ? entryOf(value, bareStep(step)) : undefined;
}

/** The value itself, or its fields; deeper values have separate paths. */
function templatesAt(value: Json | undefined): string[] {
  const texts = isObject(value) ? Object.values(value) : [value];
  return texts.filter((text) => typeof text === "string").filter(isTemplate);
}

/** The fields of the spec that a template reads, by their names in Go. */
function readBy(template: string): string[][] {
  const [, ...parts] = template.split(".Spec.");
  return parts.map((part) => (/^[\w.]+/.exec(part)?.[0] ?? "").split("."));
}

/** A field that holds a text; in Go its name starts with a capital, or is an abbreviation. */
function fieldAt(names: readonly string[], spec: JsonObject): Field | undefined {
  const steps: string[] = [];
  let value: Json | undefined = spec;
  for (const name of names) {
    const fields: JsonObject = isObject(value) ? value : {};
    const key = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
    if (key === undefined) return undefined;
    steps.push(key);
    value = entryOf(fields, key);
  }
  return typeof value === "string" ? { path: ["spec", ...steps].join("."), value } : undefined;
}

import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../kubernetes/path.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Issue } from "./issue.ts";

/**
 * The issues with every item of a list by its index, as Kubernetes writes paths: some stages know an item by its name alone
 * (`containers[name=main]`). An item that the spec does not have keeps its name.
 */
export function asIndexed(issues: readonly Issue[], spec: object | undefined): Issue[] {
  if (spec === undefined) return [...issues];
  return issues.map((issue) =>
    issue.path.includes("[name=") ? { ...issue, path: indexed(issue.path, { spec: spec as JsonObject }) } : issue,
  );
}

function indexed(path: string, document: JsonObject): string {
  let value: Json | undefined = document;
  let written = "";
  for (const step of pathSteps(path)) {
    const name = step.startsWith("[name=") ? bareStep(step).slice("name=".length) : undefined;
    const index: number = name === undefined || !Array.isArray(value) ? -1 : value.findIndex(isNamed(name));
    const shown = index < 0 ? step : `[${index}]`;
    written += shown.startsWith("[") || written === "" ? shown : `.${shown}`;
    value = inside(value, bareStep(shown));
  }
  return written;
}

function isNamed(name: string): (item: Json) => boolean {
  return (item) => isObject(item) && item["name"] === name;
}

function inside(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) ? entryOf(value, step) : undefined;
}

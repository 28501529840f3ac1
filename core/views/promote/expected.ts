import type { Issue } from "../../contract/issues/issue.ts";
import { isObject, isTexts, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../kubernetes/path.ts";
import { entryOf } from "../../kubernetes/table.ts";

/** Expected differences between two environments. After templates are expanded, everything else must be equal. */
export interface Expected {
  /** Fields of the service that each environment sets itself: `namespace`, `replicas`, `template.nodeSelector` … */
  service: string[];
  /** Keys of the settings that each environment sets itself: `ingressGatewayName` … */
  settings: string[];
  /**
   * Fields of objects that may differ, of one kind or of all; without a path the whole object may be added, changed or
   * removed.
   */
  objects: ({ kind: string; path?: string } | { kind?: string; path: string })[];
}

export const NOTHING_EXPECTED: Expected = { service: [], settings: [], objects: [] };

/** Reads the declaration of expected differences, as a user writes it. */
export function readExpected(document: unknown): { expected?: Expected; issues: Issue[] } {
  if (!isObject(document)) return { issues: [wrong("", "a mapping with service, settings and objects was expected")] };
  const { service = [], settings = [], objects = [], ...others } = document;
  const issues = [
    ...Object.keys(others).map((key) => wrong(key, "unknown field; known fields: service, settings, objects")),
    ...(isTexts(service) ? [] : [wrong("service", "a list of field paths was expected")]),
    ...(isTexts(settings) ? [] : [wrong("settings", "a list of keys was expected")]),
    ...(isObjectList(objects) ? [] : [wrong("objects", "a list of {kind, path} was expected")]),
  ];
  return issues.length > 0 ? { issues } : { expected: { service, settings, objects } as Expected, issues };
}

function isObjectList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every(isObjectField);
}

function isObjectField(item: Json): boolean {
  if (!isObject(item)) return false;
  const { kind, path, ...others } = item;
  const given = [kind, path].filter((value) => value !== undefined);
  return Object.keys(others).length === 0 && given.length > 0 && given.every((value) => typeof value === "string");
}

function wrong(path: string, message: string): Issue {
  return {
    code: "InvalidValue",
    severity: "error",
    path,
    layer: "expected",
    message,
    fix: "see docs/cli.md, promote check",
  };
}

/**
 * The document with a field as the other document has it; without the field if the other has none. A step in brackets
 * names a list's item by its name: `template.containers[main].resources`. Neither document is changed.
 */
export function withFieldOf(document: JsonObject, other: JsonObject, path: string): JsonObject {
  const steps = pathSteps(path);
  return (taken(document, other, steps) ?? {}) as JsonObject;
}

function taken(value: Json | undefined, other: Json | undefined, steps: readonly string[]): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return other;
  if (step.startsWith("[")) return takenItem(value, other, bareStep(step), rest);
  const [holder, source] = [isObject(value) ? value : {}, isObject(other) ? other : {}];
  const field = taken(entryOf(holder, step), entryOf(source, step), rest);
  if (field !== undefined) return { ...holder, [step]: field };
  const others = Object.entries(holder).filter(([name]) => name !== step);
  return others.length === 0 && other === undefined ? undefined : Object.fromEntries(others);
}

function takenItem(value: Json | undefined, other: Json | undefined, name: string, rest: string[]): Json | undefined {
  const wanted = name.replace(/^name=/, "");
  const isWanted = (item: Json): boolean => isObject(item) && item["name"] === wanted;
  const [items, sources] = [Array.isArray(value) ? value : [], Array.isArray(other) ? other : []];
  const own = items.find(isWanted);
  const item = taken(own, sources.find(isWanted), rest);
  if (own === undefined) return item === undefined ? value : [...items, item];
  return items.flatMap((one) => (isWanted(one) ? (item === undefined ? [] : [item]) : [one]));
}

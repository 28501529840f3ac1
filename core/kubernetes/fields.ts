import { isObject, type JsonObject } from "./json.ts";
import type { KubernetesObject } from "./objects.ts";
import { entryOf } from "./table.ts";

/** Reads of objects whose types nobody promises. */

export function specOf({ spec }: KubernetesObject): JsonObject {
  return isObject(spec) ? spec : {};
}

export function labelsIn(value: unknown): Record<string, string> {
  return (isObject(value) ? value : {}) as Record<string, string>;
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function field(value: unknown, name: string): unknown {
  return isObject(value) ? (entryOf(value, name) ?? undefined) : undefined;
}

export function idOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

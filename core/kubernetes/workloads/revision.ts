import { createHash } from "node:crypto";
import { isObject, type Json } from "../json.ts";

/** A number of hex digits that identify a set of pod templates; the order of fields does not count. */
export function revisionOf(templates: unknown, length: number): string {
  const text = JSON.stringify(templates, (_key, value: Json) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

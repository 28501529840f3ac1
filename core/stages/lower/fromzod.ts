import type { z } from "zod";
import { type Place, zodIssues } from "../../contract/input/judge.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { formatPath, isObject, type PathStep } from "../../kubernetes/json.ts";
import type { Reading } from "./reading.ts";

/**
 * The value as a schema of the shorthands reads it; undefined if it is not valid, and then each problem is an issue.
 */
export function readBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place & { path: string },
): Reading<z.infer<Schema> | undefined> {
  const parsed = schema.safeParse(value, { reportInput: true });
  const issues = [
    ...(parsed.success ? [] : zodIssues(parsed.error, schema, place)),
    ...droppedKeys(value, []).map((steps) => droppedKey(`${place.path}.${formatPath(steps)}`, place.layer)),
  ];
  return { value: issues.length === 0 ? parsed.data : undefined, issues };
}

/** The path of a map that has the key `__proto__`, the one key that zod drops without an issue. */
function droppedKeys(value: unknown, path: readonly PathStep[]): PathStep[][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => droppedKeys(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "__proto__" ? [[...path, key]] : droppedKeys(item, [...path, key]),
  );
}

function droppedKey(path: string, layer: string): Issue {
  const message = '"__proto__" cannot be a key: a key begins and ends with a letter or digit';
  return { code: "InvalidValue", severity: "error", path, layer, message, fix: "remove it" };
}

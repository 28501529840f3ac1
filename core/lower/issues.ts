import type { z } from "zod";
import type { Issue } from "../errors.ts";
import { formatPath, isObject, type PathStep } from "../json.ts";

const SEE = "see the field list of `tuning` and `accelerator`";

interface Place {
  path: string;
  layer: string;
  /** Where the fields are listed. */
  see?: string;
}

/** The value as a schema of the conveniences reads it; undefined where it finds something wrong with it, which becomes issues. */
export function readBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { path, layer, see = SEE }: Place,
  issues: Issue[],
): z.infer<Schema> | undefined {
  const parsed = schema.safeParse(value);
  const found = [
    ...(parsed.success ? [] : zodIssues(parsed.error, path, layer, see)),
    ...droppedKeys(value, []).map((steps) => droppedKey(`${path}.${formatPath(steps)}`, layer)),
  ];
  issues.push(...found);
  return found.length === 0 ? parsed.data : undefined;
}

/** Where a map has the one key that zod leaves out without a word, for fear of what an assignment to it does. */
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

interface ZodIssueLike {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  /** Of a union: what each of its alternatives finds. */
  errors?: ZodIssueLike[][];
}

/** What a schema of the conveniences finds, as issues at a path. */
function zodIssues(error: { issues: readonly unknown[] }, path: string, layer: string, see: string): Issue[] {
  return (error.issues as ZodIssueLike[])
    .flatMap(atAlternative)
    .flatMap(({ code, path: inner, message, keys }): Issue[] => {
      const at = [path, formatPath(inner.map((step) => (typeof step === "number" ? step : String(step))))]
        .filter(Boolean)
        .join(".");
      const base = { severity: "error" as const, layer };
      if (code === "unrecognized_keys") {
        return (keys ?? []).map((key) => ({
          ...base,
          code: "UnknownField" as const,
          path: `${at}.${key}`,
          message: "there is no such field",
          fix: see,
        }));
      }
      return [
        {
          ...base,
          code: code === "invalid_type" ? ("WrongType" as const) : ("InvalidValue" as const),
          path: at,
          message,
          fix: "write a value of the field's type and range",
        },
      ];
    });
}

/** Of a union the alternative that is of the value's own type, where there is one: what it finds says more than "invalid". */
function atAlternative(issue: ZodIssueLike): ZodIssueLike[] {
  const { code, path, errors = [] } = issue;
  const isOfType = (found: ZodIssueLike): boolean => found.code !== "invalid_type" || found.path.length > 0;
  const meant =
    code === "invalid_union" ? errors.find((found) => found.length > 0 && found.every(isOfType)) : undefined;
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => atAlternative({ ...inner, path: [...path, ...inner.path] }));
}

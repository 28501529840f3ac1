import type { Issue } from "../../contract/issue.ts";
import { formatPath } from "../../kubernetes/json.ts";

interface ZodIssueLike {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  /** Of a union: what each of its alternatives finds. */
  errors?: ZodIssueLike[][];
}

/** What a schema of the conveniences finds, as issues at a path. */
export function zodIssues(
  error: { issues: readonly unknown[] },
  path: string,
  layer: string,
  see = "see the field list of `tuning` and `accelerator`",
): Issue[] {
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

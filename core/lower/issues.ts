import type { Issue } from "../errors.ts";
import { formatPath } from "../json.ts";

interface ZodIssueLike {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

/** What a schema of the conveniences finds, as issues at a path. */
export function zodIssues(error: { issues: readonly unknown[] }, path: string, layer: string): Issue[] {
  return (error.issues as ZodIssueLike[]).flatMap(({ code, path: inner, message, keys }): Issue[] => {
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
        fix: "see the field list of `tuning` and `accelerator`",
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

import type { Issue } from "../../core/contract/issues/issue.ts";
import { didYouMean, nearest } from "../../core/kubernetes/nearest.ts";

/**
 * In the arguments, options stand next to the fields of the spec. A name that is neither counts as a field of the spec,
 * which admission refuses. If the nearest name is an option's, the error suggests that option instead.
 */
export function withoutMisspelt(
  spec: object,
  options: object,
  fields: readonly string[],
): { spec: Record<string, unknown>; issues: Issue[] } {
  const names = Object.keys(options);
  const meant = ([name]: [string, unknown]): boolean =>
    !fields.includes(name) && names.includes(nearest(name, [...fields, ...names]) ?? "");
  const entries = Object.entries(spec);
  const misspelt = entries.filter(meant);
  return {
    spec: Object.fromEntries(entries.filter((entry) => !misspelt.includes(entry))),
    issues: misspelt.map(([name]) => ({
      code: "UnknownField",
      severity: "error",
      path: name,
      layer: "service",
      message: "unknown field or option",
      fix: didYouMean(name, names),
    })),
  };
}

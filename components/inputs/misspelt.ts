import type { Issue } from "../../core/contract/issues/issue.ts";
import { didYouMean, nearest } from "../../core/kubernetes/nearest.ts";

/**
 * Options stand among the fields of the spec in the arguments. A name that is neither is a field of the spec, whose admission refuses
 * it; but where an option has the nearest name, that option was meant, and the error names it.
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

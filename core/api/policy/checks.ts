import type { Dialect } from "../deviations.ts";

/**
 * One check of a ValidatingAdmissionPolicy: a rule of the rule table (core/stages/admit/rules) in the Common Expression
 * Language over `object` and `oldObject`.
 */
export interface PolicyCheck {
  /** The rule of the table; a test checks that it exists. */
  rule: string;
  /** The field it is about. */
  path: string;
  /** True if the rule is satisfied. */
  expression: string;
  message: string;
  /**
   * The dialects that have the check, if not all do: only KServe treats as missing what another layer may still
   * provide, and the same applies to the rules in which core/contract/behaviour.ts differs.
   */
  only?: readonly Dialect[];
}

export const KSERVE: readonly Dialect[] = ["kserve-0.20", "kserve-0.21"];
/** The dialects whose CRDs have the fields that were added in KServe v0.21. */
export const NEWER: readonly Dialect[] = ["own", "kserve-0.21"];

/** A check of the spec; it is satisfied without a spec. */
export function ofSpec(check: PolicyCheck): PolicyCheck {
  return { ...check, expression: `!has(object.spec) || (${check.expression})` };
}

/** Makes the checks of one workload: for the service itself, and for `prefill` if it has one. */
export function ofWorkloads(checks: (workload: string, path: string) => readonly PolicyCheck[]): PolicyCheck[] {
  const prefill = checks("object.spec.prefill", "spec.prefill").map((check) => ({
    ...check,
    expression: `!has(object.spec.prefill) || (${check.expression})`,
  }));
  return [...checks("object.spec", "spec"), ...prefill].map(ofSpec);
}

/** A text as a CEL literal; single quotes keep expressions readable inside of JSON. */
export function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Whether a text has a part that matches a regular expression of RE2. */
export function matches(value: string, pattern: RegExp | string): string {
  return `${value}.matches(${text(typeof pattern === "string" ? pattern : pattern.source)})`;
}

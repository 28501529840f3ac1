import type { Dialect } from "../deviations.ts";

/**
 * One check of a ValidatingAdmissionPolicy: what a rule of the rule table (core/stages/admit/rules) says, in the Common
 * Expression Language over `object` and `oldObject`.
 */
export interface PolicyCheck {
  /** The rule of the table; a test holds that there is one of this name. */
  rule: string;
  /** The field it is about. */
  path: string;
  /** True where the rule holds. */
  expression: string;
  message: string;
  /**
   * The dialects that have the check where not all do: what another layer may still give is missing for KServe alone, and so
   * with the rules in which core/contract/behaviour.ts differs.
   */
  only?: readonly Dialect[];
}

export const KSERVE: readonly Dialect[] = ["kserve-0.20", "kserve-0.21"];
/** Those whose CRDs have the fields that came with KServe v0.21. */
export const NEWER: readonly Dialect[] = ["own", "kserve-0.21"];

/** A check of the spec: holds where there is none. */
export function ofSpec(check: PolicyCheck): PolicyCheck {
  return { ...check, expression: `!has(object.spec) || (${check.expression})` };
}

/** Makes the checks of one workload: of the service itself, and of `prefill` where it has one. */
export function ofWorkloads(checks: (workload: string, path: string) => readonly PolicyCheck[]): PolicyCheck[] {
  const prefill = checks("object.spec.prefill", "spec.prefill").map((check) => ({
    ...check,
    expression: `!has(object.spec.prefill) || (${check.expression})`,
  }));
  return [...checks("object.spec", "spec"), ...prefill].map(ofSpec);
}

/** A text as CEL writes it; single quotes keep expressions readable inside of JSON. */
export function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Whether a text has a part that matches a regular expression, of those that RE2 knows. */
export function matches(value: string, pattern: RegExp | string): string {
  return `${value}.matches(${text(typeof pattern === "string" ? pattern : pattern.source)})`;
}

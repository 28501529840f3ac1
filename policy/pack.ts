import type { Policies, ReportViolation } from "@pulumi/policy";
import type { Rule, StackResource, Violation } from "./rule.ts";

/** A rule as a policy of Pulumi. */
function policyOf({ name, description, level, scope, fields, judge }: Rule): Policies[number] {
  const shared = { name, description, enforcementLevel: level, configSchema: { properties: { ...fields } } };
  const report = (violations: readonly Violation[], to: ReportViolation): void => {
    for (const { message, urn } of violations) to(message, urn);
  };
  const asResource = ({ type, urn, props }: StackResource): StackResource => ({ type, urn, props });
  if (scope === "resource")
    return { ...shared, validateResource: (args, to) => report(judge([asResource(args)], args.getConfig()), to) };
  return {
    ...shared,
    validateStack: (args, to) => report(judge(args.resources.map(asResource), args.getConfig()), to),
  };
}

/** Rules as the policies of a pack. */
export function policiesOf(rules: readonly Rule[]): Policies {
  return rules.map(policyOf);
}

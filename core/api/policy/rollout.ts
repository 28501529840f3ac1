import { matches, ofWorkloads, type PolicyCheck } from "./checks.ts";

const RULE = {
  amount: "maxSurge and maxUnavailable are numbers or percentages",
  progress: "a rollout can make progress",
} as const;

/** A number of 0 or more, or a percentage up to 100. */
function isAmount(value: string): string {
  return `(type(${value}) == int ? int(${value}) >= 0 : ${matches(`string(${value})`, /^0*([0-9]{1,2}|100)%$/)})`;
}

function isZero(value: string): string {
  return matches(`string(${value})`, /^0+%?$/);
}

/** KServe applies percentages to one pod, and rounds down. */
function isNoPod(value: string): string {
  return `(type(${value}) == int ? int(${value}) == 0 : !${matches(`string(${value})`, /^0*100%$/)})`;
}

/** `rolloutStrategy` of a workload, if it has one. */
export const ROLLOUT_CHECKS = ofWorkloads((w, path): PolicyCheck[] => {
  const at = `${path}.rolloutStrategy`;
  const [unavailable, surge] = [`${w}.rolloutStrategy.maxUnavailable`, `${w}.rolloutStrategy.maxSurge`];
  const amount = (value: string, expression: string, only: PolicyCheck["only"]): PolicyCheck => ({
    rule: RULE.amount,
    path: `${at}.${value.split(".").at(-1)}`,
    expression: `!has(${value}) || ${expression}`,
    message: "neither a whole number of 0 or more nor a percentage from 0% to 100%",
    only,
  });
  // Another layer may still set what one layer does not set for groups.
  const progress = (noneIs: (value: string) => string, unsaid: string, only: PolicyCheck["only"]): PolicyCheck => ({
    rule: RULE.progress,
    path: at,
    expression: `!has(${unavailable}) || !${noneIs(unavailable)} || (has(${surge}) ? !${isZero(surge)} : ${unsaid})`,
    message: "maxUnavailable and maxSurge are both 0: a rollout could never make progress",
    only,
  });
  const checks: PolicyCheck[] = [
    ...[unavailable, surge].flatMap((value) => [
      // A template may expand to a number of pods.
      amount(value, `${isAmount(value)} || string(${value}).contains('{{')`, ["own"]),
      amount(value, isAmount(value), ["kserve-0.21"]),
    ]),
    progress(isZero, "true", ["own"]),
    progress(isNoPod, `!has(${w}.worker)`, ["kserve-0.21"]),
  ];
  return checks.map((check) => ({ ...check, expression: `!has(${w}.rolloutStrategy) || (${check.expression})` }));
});

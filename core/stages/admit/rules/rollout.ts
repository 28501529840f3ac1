import type { Finding } from "../../../contract/issues/issue.ts";
import { isTemplate } from "../../../kubernetes/text.ts";
import { type Amount, ROLLOUT_DEFAULTS, share } from "../../../kubernetes/workloads/workloads.ts";
import { type Rule, type WorkloadSubject, workloadRule } from "../rule.ts";

const SOURCE = "ValidateWorkloadRolloutFields, llm_inference_service_validation.go, KServe v0.21";
const FIELDS = ["maxUnavailable", "maxSurge"] as const;
const LARGEST_PERCENTAGE = 100;

export const ROLLOUT_RULES: readonly Rule[] = [
  workloadRule("maxSurge and maxUnavailable are numbers or percentages", SOURCE, ({ workload, path, partial }) =>
    FIELDS.flatMap((field): Finding[] => {
      const value = workload.rolloutStrategy?.[field];
      if (value === undefined || isAmount(value) || (partial && isTemplate(value))) return [];
      return [
        {
          code: "InvalidValue",
          path: `${path}.rolloutStrategy.${field}`,
          message: `${JSON.stringify(value)} is neither a whole number of 0 or more nor a percentage from 0% to 100%`,
          fix: 'write a number such as 1, or a percentage such as "25%"',
        },
      ];
    }),
  ),
  workloadRule("a rollout can make progress", SOURCE, judgeProgress),
];

function isAmount(value: Amount): boolean {
  if (typeof value === "number") return value >= 0;
  return /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) <= LARGEST_PERCENTAGE;
}

/** A rollout that may neither stop an old pod nor start a new one never finishes. */
function judgeProgress({ workload, path, behaviour }: WorkloadSubject): Finding[] {
  const { rolloutStrategy = {}, worker } = workload;
  const { maxUnavailable, maxSurge } = rolloutStrategy;
  if (maxUnavailable === undefined || ![maxUnavailable, maxSurge ?? 0].every(isAmount)) return [];
  const standard = ROLLOUT_DEFAULTS[worker === undefined ? "Deployment" : "LeaderWorkerSet"].maxSurge;
  const units = behaviour.rolloutUnits;
  if (share(maxUnavailable, units, Math.floor) > 0 || share(maxSurge ?? standard, units, Math.ceil) > 0) return [];
  const at = `${path}.rolloutStrategy`;
  const fix = "set maxSurge or maxUnavailable to 1";
  if (maxSurge === undefined) {
    const message =
      "maxUnavailable is 0, so groups need a maxSurge above its default of 0: a rollout could never make progress";
    return [{ code: "MissingField", path: `${at}.maxSurge`, message, fix }];
  }
  const message = "maxUnavailable and maxSurge are both 0: a rollout could never make progress";
  return [{ code: "Conflict", path: at, message, fix }];
}

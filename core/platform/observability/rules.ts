import type { Observability, Thresholds } from "../../contract/options/observability.ts";
import { DEFAULT_THRESHOLDS } from "../../contract/options/observability.ts";
import { type Alert, AUTOSCALER_ALERTS, ENGINE_ALERTS, RECORDED, SCHEDULER_ALERTS, WORKLOAD_ALERTS } from "./alerts.ts";

/** A rule as Prometheus reads it. */
interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface RuleGroup {
  name: string;
  rules: Rule[];
}

export type RuleOptions = Exclude<NonNullable<Observability["rules"]>, boolean>;

const GROUPS: Readonly<Record<string, readonly Alert[]>> = {
  "kserve-llm-engines": ENGINE_ALERTS,
  "kserve-llm-scheduler": SCHEDULER_ALERTS,
  "kserve-llm-workloads": WORKLOAD_ALERTS,
  "kserve-llm-autoscaler": AUTOSCALER_ALERTS,
};

/** The groups of rules: first what is recorded, then the alerts, which read it. */
export function ruleGroups({ thresholds, alertLabels }: Pick<RuleOptions, "thresholds" | "alertLabels">): RuleGroup[] {
  const all: Thresholds = { ...DEFAULT_THRESHOLDS, ...withoutUnset(thresholds) };
  return [
    { name: "kserve-llm-recorded", rules: Object.entries(RECORDED).map(([record, expr]) => ({ record, expr })) },
    ...Object.entries(GROUPS).map(([name, alerts]) => ({
      name,
      rules: alerts.map((one) => ruleOf(one, all, alertLabels)),
    })),
  ];
}

function withoutUnset(thresholds: RuleOptions["thresholds"] = {}): Partial<Thresholds> {
  return Object.fromEntries(Object.entries(thresholds).filter(([, value]) => value !== undefined));
}

function ruleOf(
  { alert, severity, minutes, expr, summary, action }: Alert,
  thresholds: Thresholds,
  labels: Record<string, string> | undefined,
): Rule {
  return {
    alert,
    expr: typeof expr === "string" ? expr : expr(thresholds),
    for: `${typeof minutes === "number" ? minutes : minutes(thresholds)}m`,
    labels: { severity, ...labels },
    annotations: { summary, description: action },
  };
}

import { stringify } from "yaml";
import { switchOf } from "../../api/shorthands/operations.ts";
import { typeMeta } from "../../contract/kinds.ts";
import type { Observability } from "../../contract/options/observability.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { DASHBOARDS, grafanaDashboard } from "./dashboards.ts";
import type { Dashboard } from "./panels.ts";
import { type RuleOptions, ruleGroups } from "./rules.ts";

/** The label by which the sidecar of Grafana's chart finds ConfigMaps. Source: grafana/helm-charts, sidecar.dashboards. */
const DASHBOARD_LABELS = { grafana_dashboard: "1" };
const RULES = "kserve-llm-rules";

/** Dashboards and rules as objects: the same options give the same objects. */
export function observabilityObjects(
  { namespace, dashboards, rules }: Observability,
  systemNamespace: string,
): KubernetesObject[] {
  const place = namespace ?? systemNamespace;
  const [shown, ruled] = [switchOf(dashboards), switchOf(rules)];
  return [
    ...(shown === undefined ? [] : DASHBOARDS.map((dashboard) => dashboardMap(dashboard, place, shown))),
    ...(ruled === undefined ? [] : [rulesObject(place, ruled)]),
  ];
}

function dashboardMap(
  dashboard: Dashboard,
  namespace: string,
  { labels = DASHBOARD_LABELS, annotations }: Exclude<NonNullable<Observability["dashboards"]>, boolean>,
): KubernetesObject {
  const name = `kserve-llm-dashboard-${dashboard.id}`;
  return {
    ...typeMeta("ConfigMap"),
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    data: { [`kserve-llm-${dashboard.id}.json`]: `${JSON.stringify(grafanaDashboard(dashboard), undefined, 1)}\n` },
  };
}

function rulesObject(namespace: string, options: Partial<RuleOptions>): KubernetesObject {
  const { format = "PrometheusRule", labels } = options;
  const metadata = { name: RULES, namespace, ...(labels && { labels }) };
  const groups = ruleGroups(options);
  if (format === "PrometheusRule") return { ...typeMeta("PrometheusRule"), metadata, spec: { groups } };
  return { ...typeMeta("ConfigMap"), metadata, data: { [`${RULES}.yaml`]: stringify({ groups }, { lineWidth: 0 }) } };
}

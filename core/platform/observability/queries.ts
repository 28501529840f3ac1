/**
 * What rules and dashboards ask of Prometheus, in the words that they share. Engines are scraped by PodMonitors and schedulers by
 * ServiceMonitors, which put the namespace of the pod on every series; a label of that name that a metric has itself is then
 * called `exported_namespace`.
 */

/** The objects that are made for services, by the ends of their names. */
export const OBJECTS = {
  /** Prefill and replica groups are named behind; the scheduler is too, and is none. */
  workloads: ".+-kserve(-.+)?",
  schedulers: ".+-kserve-router-scheduler",
  scalers: ".+-kserve(-.+)?-(hpa|keda)",
  pods: ".+-kserve-.+",
} as const;

/** What an engine's series are grouped by. */
export const BY_MODEL = ["namespace", "model_name"] as const;
/** What a scheduler's series are grouped by: its Service tells services of one namespace apart. */
export const BY_SCHEDULER = ["namespace", "service"] as const;

export function sumBy(labels: readonly string[], expression: string): string {
  return `sum by (${labels.join(", ")}) (${expression})`;
}

export function avgBy(labels: readonly string[], expression: string): string {
  return `avg by (${labels.join(", ")}) (${expression})`;
}

export function maxBy(labels: readonly string[], expression: string): string {
  return `max by (${labels.join(", ")}) (${expression})`;
}

/** How much a counter grows in a second. */
export function rate(counter: string, range = "5m"): string {
  return `rate(${counter}[${range}])`;
}

/** A quantile of a histogram by labels, of all its series and over five minutes unless a selector and a range are given. */
export function quantile(
  share: number,
  histogram: string,
  labels: readonly string[],
  { selector = "", range = "5m" }: { selector?: string; range?: string } = {},
): string {
  return `histogram_quantile(${share}, ${sumBy([...labels, "le"], rate(`${histogram}_bucket${selector}`, range))})`;
}

/**
 * Queries of rules and dashboards to Prometheus, with their shared parts. Engines are scraped by PodMonitors and
 * schedulers by ServiceMonitors, which add the namespace of the pod to every series; a label of that name from the
 * metric itself is then called `exported_namespace`.
 */

/** The objects that are made for services, by the suffixes of their names. */
export const OBJECTS = {
  /**
   * Prefill and replica groups are suffixes of the workload's name; the scheduler is one too, but not a workload of
   * engines.
   */
  workloads: ".+-kserve(-.+)?",
  schedulers: ".+-kserve-router-scheduler",
  scalers: ".+-kserve(-.+)?-(hpa|keda)",
  pods: ".+-kserve-.+",
} as const;

/** The labels that group an engine's series. */
export const BY_MODEL = ["namespace", "model_name"] as const;
/** The labels that group a scheduler's series: its Service distinguishes services of one namespace. */
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

/** The increase of a counter per second. */
export function rate(counter: string, range = "5m"): string {
  return `rate(${counter}[${range}])`;
}

/** A quantile of a histogram by labels; by default over all its series and five minutes. */
export function quantile(
  share: number,
  histogram: string,
  labels: readonly string[],
  { selector = "", range = "5m" }: { selector?: string; range?: string } = {},
): string {
  return `histogram_quantile(${share}, ${sumBy([...labels, "le"], rate(`${histogram}_bucket${selector}`, range))})`;
}

import { readSpan, type Span } from "../engine/release.ts";
import { EXPORTERS, type Exporter, type ExporterRow } from "./table.ts";

type MetricKind = "counter" | "gauge" | "histogram";

/** A metric that a part of the stack exports, and the releases that do. */
export interface Metric extends Span {
  name: string;
  kind: MetricKind;
  exporter: Exporter;
  labels: readonly string[];
}

const METRICS: ReadonlyMap<string, Metric> = new Map(
  (Object.keys(EXPORTERS) as Exporter[]).flatMap((exporter) =>
    metricsOf(exporter, EXPORTERS[exporter]).map((metric) => [metric.name, metric]),
  ),
);

/** All metrics of the table. */
export function allMetrics(): Metric[] {
  return [...METRICS.values()];
}

/**
 * The metric of a series: a histogram is read by its buckets, its sum and its count, and every other metric by its
 * name. Undefined for a series that none of the exporters has.
 */
export function metricOfSeries(series: string): Metric | undefined {
  const found = METRICS.get(series);
  if (found !== undefined) return found.kind === "histogram" ? undefined : found;
  const histogram = METRICS.get(series.replace(/_(bucket|sum|count)$/, ""));
  return histogram?.kind === "histogram" ? histogram : undefined;
}

function metricsOf(exporter: Exporter, row: ExporterRow): Metric[] {
  return (["counter", "gauge", "histogram"] as const).flatMap((kind) =>
    (row[kind] ?? "")
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => metricOf(word, kind, exporter, row)),
  );
}

function metricOf(word: string, kind: MetricKind, exporter: Exporter, { labels }: ExporterRow): Metric {
  const { name: text, ...span } = readSpan(word);
  const [name = "", own = ""] = text.split("{");
  const others = own
    .replace("}", "")
    .split(",")
    .filter((label) => label !== "");
  return { name, kind, exporter, labels: [...new Set([...labels, ...others])], ...span };
}

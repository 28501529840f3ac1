import assert from "node:assert/strict";
import { parse } from "yaml";
import { positionIn, releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { type Metric, metricOfSeries } from "../../../../core/knowledge/metrics/metrics.ts";
import type { Exporter } from "../../../../core/knowledge/metrics/table.ts";
import type { Stack } from "../../../../core/knowledge/stacks/stack.ts";
import { STACKS } from "../../../../core/knowledge/stacks/stacks.ts";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { DASHBOARDS, grafanaDashboard } from "../../../../core/platform/observability/dashboards.ts";
import { observabilityObjects } from "../../../../core/platform/observability/observability.ts";
import { ruleGroups } from "../../../../core/platform/observability/rules.ts";
import { groupedIn, selectedIn } from "./promql.ts";

const RULES = ruleGroups({}).flatMap(({ rules }) => rules);
const RECORDED = RULES.flatMap(({ record }) => record ?? []);
const EXPRESSIONS: readonly (readonly [where: string, expression: string])[] = [
  ...RULES.map(({ record, alert, expr }) => [record ?? alert ?? "", expr] as const),
  ...DASHBOARDS.flatMap(({ id, sections }) =>
    sections.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries }) =>
        Object.values(queries).map((expression) => [`${id}: ${title}`, expression] as const),
      ),
    ),
  ),
];

/** The release of an exporter in a stack; the others are installed apart from it. */
const RELEASES: Readonly<Partial<Record<Exporter, (stack: Stack) => string>>> = {
  vllm: ({ vllm }) => vllm,
  scheduler: ({ scheduler }) => scheduler.version,
};
/** Labels that Prometheus adds to series of a PodMonitor or ServiceMonitor, and those of a histogram's buckets. */
const OF_SCRAPE = ["namespace", "pod", "service", "le"];

const isIn = (metric: Metric, stack: Stack): boolean => {
  const release = RELEASES[metric.exporter]?.(stack);
  return release === undefined || positionIn(metric, releaseNumber(release) ?? 0) === "inside";
};
const labelsOf = ({ labels }: Metric): string[] => [
  ...labels,
  ...OF_SCRAPE,
  ...(labels.includes("namespace") ? ["exported_namespace"] : []),
];

describe("the expressions of the dashboards and rules", () => {
  it("are parsed correctly by the parser of this test", () => {
    const expression = `sum by (a, le) (rate(x_bucket{a=~"b|c",d!="{"}[5m])) / on (e) y:z unless kube_f == 0`;
    assert.deepEqual(selectedIn(expression), [
      { series: "x_bucket", labels: ["a", "d"] },
      { series: "y:z", labels: [] },
      { series: "kube_f", labels: [] },
    ]);
    assert.deepEqual(groupedIn(expression), ["a", "le", "e"]);
  });

  it("select only recorded series and metrics that the components of every release of the stack export", () => {
    assert.ok(EXPRESSIONS.length > 70, `${EXPRESSIONS.length} expressions`);
    for (const [where, expression] of EXPRESSIONS) {
      const found = selectedIn(expression);
      assert.ok(found.length > 0, where);
      for (const { series } of found.filter(({ series: one }) => !RECORDED.includes(one))) {
        const metric = metricOfSeries(series) ?? assert.fail(`${where}: no exporter has ${series}`);
        for (const stack of STACKS) assert.ok(isIn(metric, stack), `${where}: ${series} is not in ${stack.name}`);
      }
    }
  });

  it("compare and group only labels that the metric has, or that Prometheus gives to it", () => {
    for (const [where, expression] of EXPRESSIONS) {
      const found = selectedIn(expression);
      const metrics = found.flatMap(({ series }) => metricOfSeries(series) ?? []);
      for (const { series, labels } of found) {
        const metric = metricOfSeries(series);
        const known = metric === undefined ? [] : labelsOf(metric);
        assert.deepEqual(
          labels.filter((label) => !known.includes(label)),
          [],
          `${where}: ${series}`,
        );
      }
      const made = [...expression.matchAll(/label_replace\(\w+, "(\w+)"/g)].map(([, label]) => label);
      const all = [...metrics.flatMap(labelsOf), ...made];
      assert.deepEqual(
        groupedIn(expression).filter((label) => !all.includes(label)),
        [],
        where,
      );
    }
  });

  it("read a counter by its rate, and a histogram by its buckets", () => {
    for (const [where, expression] of EXPRESSIONS) {
      for (const { series } of selectedIn(expression)) {
        const { kind } = metricOfSeries(series) ?? {};
        const isRated = ["rate(", "increase("].some((call) => expression.includes(`${call}${series}`));
        assert.equal(isRated, kind === "counter" || kind === "histogram", `${where}: ${series}`);
      }
    }
  });
});

describe("the alerts", () => {
  const alerts = RULES.filter(({ alert }) => alert !== undefined);

  it("each have a severity, a summary that names the object, and an action", () => {
    assert.ok(alerts.length >= 20, `${alerts.length} alerts`);
    assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length);
    for (const { alert = "", labels, annotations, for: minutes } of alerts) {
      assert.match(alert, /^LLM[A-Za-z]+$/);
      assert.match(labels?.["severity"] ?? "", /^(warning|critical)$/, alert);
      assert.match(annotations?.["summary"] ?? "", /\{\{ \$labels\.\w+ \}\}/, alert);
      assert.match(annotations?.["description"] ?? "", /^[A-Z].*\.$/, alert);
      assert.match(minutes ?? "", /^\d+m$/, alert);
    }
  });

  it("name in their texts only labels that their expression keeps", () => {
    for (const { alert, expr, annotations } of alerts) {
      const recorded = RULES.find(({ record }) => record !== undefined && expr.startsWith(record));
      const metrics = selectedIn(expr).flatMap(({ series }) => metricOfSeries(series) ?? []);
      const left = expr.includes(" by (") ? groupedIn(expr) : metrics.flatMap(labelsOf);
      const known = [...left, ...(recorded === undefined ? [] : groupedIn(recorded.expr))];
      const named = [...(annotations?.["summary"] ?? "").matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
      assert.deepEqual(
        named.filter((label) => !known.includes(label)),
        [],
        alert,
      );
    }
  });

  it("use the given thresholds, and the defaults for the others", () => {
    const given = { timeToFirstTokenSeconds: 2, kvCacheUsage: undefined, pendingMinutes: 45 };
    const rules = ruleGroups({ thresholds: given, alertLabels: { team: "inference" } }).flatMap((group) => group.rules);
    const named = (name: string) => rules.find(({ alert }) => alert === name) ?? assert.fail(name);
    assert.match(named("LLMTimeToFirstTokenHigh").expr, / > 2$/);
    assert.match(named("LLMKVCacheFull").expr, / > 0\.95$/);
    assert.equal(named("LLMPodPending").for, "45m");
    assert.deepEqual(named("LLMKVCacheFull").labels, { severity: "warning", team: "inference" });
  });
});

describe("the dashboards in Grafana's model", () => {
  interface Placed {
    id: number;
    type: string;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string; refId: string }[];
  }
  for (const dashboard of DASHBOARDS) {
    const model = grafanaDashboard(dashboard);
    const panels = model["panels"] as unknown as Placed[];

    it(`${dashboard.id}: panels have unique ids, lie within the 24 columns and do not overlap`, () => {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
        assert.ok(x >= 0 && x + w <= 24, title);
        return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`);
      });
      assert.equal(new Set(cells).size, cells.length);
    });

    it(`${dashboard.id}: each panel has queries with unique letters, and each variable is used`, () => {
      const pictures = panels.filter(({ type }) => type !== "row");
      assert.ok(pictures.length >= 10);
      for (const { title, targets = [] } of pictures) {
        assert.ok(targets.length > 0 && new Set(targets.map(({ refId }) => refId)).size === targets.length, title);
      }
      const text = JSON.stringify(panels);
      for (const { name } of dashboard.variables) assert.ok(text.includes(`$${name}`), name);
      const used = new Set([...text.matchAll(/\$(?!__)\{?([a-z]+)/g)].map(([, name]) => name));
      const known = ["datasource", ...dashboard.variables.map(({ name }) => name)];
      assert.deepEqual(
        [...used].filter((name) => !known.includes(name ?? "")),
        [],
      );
    });

    it(`${dashboard.id}: the values of its variables come from a metric and a label that exist`, () => {
      for (const { values } of dashboard.variables) {
        const metric = metricOfSeries(values.series) ?? assert.fail(values.series);
        assert.ok(labelsOf(metric).includes(values.label), values.label);
      }
    });
  }

  it("have unique ids that Grafana accepts", () => {
    const ids = DASHBOARDS.map((dashboard) => String(grafanaDashboard(dashboard)["uid"]));
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z-]{1,40}$/);
  });
});

describe("the objects with dashboards and rules", () => {
  const data = (object: KubernetesObject | undefined): string =>
    Object.values((object?.["data"] ?? {}) as Record<string, string>)[0] ?? "";

  it("do not exist when neither dashboards nor rules are set", () => {
    assert.deepEqual(observabilityObjects({}, "kserve"), []);
    assert.deepEqual(observabilityObjects({ dashboards: false, rules: false }, "kserve"), []);
  });

  it("are a ConfigMap for each dashboard, with the label that the sidecar of Grafana looks for", () => {
    const objects = observabilityObjects({ dashboards: true }, "kserve");
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
      ["engines", "scheduler", "scaling"].map((id) => `ConfigMap kserve/kserve-llm-dashboard-${id}`),
    );
    for (const [index, object] of objects.entries()) {
      assert.deepEqual(object.metadata.labels, { grafana_dashboard: "1" });
      assert.deepEqual(JSON.parse(data(object)), grafanaDashboard(DASHBOARDS[index] ?? assert.fail()));
      assert.ok(JSON.stringify(object).length < 1024 ** 2, "a ConfigMap holds at most 1 MiB");
    }
  });

  it("have the given labels, annotations and namespace", () => {
    const dashboards = { labels: { dashboards: "yes" }, annotations: { grafana_folder: "LLM" } };
    const rules = { labels: { release: "prometheus" } };
    const objects = observabilityObjects({ namespace: "monitoring", dashboards, rules }, "kserve");
    assert.deepEqual([...new Set(objects.map(({ metadata }) => metadata.namespace))], ["monitoring"]);
    assert.deepEqual(objects[0]?.metadata.labels, dashboards.labels);
    assert.deepEqual(objects[0]?.metadata.annotations, dashboards.annotations);
    assert.deepEqual(objects.at(-1)?.metadata.labels, rules.labels);
  });

  it("are a PrometheusRule, or a ConfigMap with a file of the same content", () => {
    const [rule] = observabilityObjects({ rules: true }, "kserve");
    const [map] = observabilityObjects({ rules: { format: "ConfigMap" } }, "kserve");
    assert.deepEqual([rule?.kind, rule?.["spec"]], ["PrometheusRule", { groups: ruleGroups({}) }]);
    assert.deepEqual([map?.kind, parse(data(map))], ["ConfigMap", { groups: ruleGroups({}) }]);
  });
});

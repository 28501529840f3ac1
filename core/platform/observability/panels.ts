import type { JsonObject } from "../../kubernetes/json.ts";

type Kind = "timeseries" | "stat";

/** A panel of a dashboard: how it shows which expressions. */
export interface Panel {
  title: string;
  /** What the panel shows, and what to do about it. */
  text: string;
  /** A unit of Grafana, such as `s`, `reqps`, `percentunit`. */
  unit: string;
  kind?: Kind;
  /** PromQL expressions by the text of their legend, in which Grafana fills in labels. */
  queries: Readonly<Record<string, string>>;
}

export interface Section {
  title: string;
  panels: readonly Panel[];
}

/** A variable whose value the viewer chooses; Prometheus lists the values. */
export interface Variable {
  name: string;
  label: string;
  /** The label with the values, and a series that has it. */
  values: { series: string; label: string };
}

/** A dashboard before it is laid out. */
export interface Dashboard {
  /** The name of its file, its ConfigMap and its address in Grafana. */
  id: string;
  title: string;
  variables: readonly Variable[];
  sections: readonly Section[];
}

/** Columns of Grafana's grid, and the width of a panel. */
const GRID = 24;
const SIZE = { timeseries: { w: 8, h: 8 }, stat: { w: 4, h: 4 } } as const;

const DATASOURCE = { type: "prometheus", uid: `\${datasource}` } as const;

/** Sections as Grafana's panels: a row for each, with its panels below from left to right. */
export function placed(sections: readonly Section[]): JsonObject[] {
  const panels: JsonObject[] = [];
  let y = 0;
  for (const { title, panels: within } of sections) {
    panels.push({
      ...{ id: panels.length + 1, type: "row", title, collapsed: false, panels: [] },
      gridPos: { x: 0, y, w: GRID, h: 1 },
    });
    y += 1;
    let [x, height] = [0, 0];
    for (const panel of within) {
      const { w, h } = SIZE[panel.kind ?? "timeseries"];
      if (x + w > GRID) [x, y, height] = [0, y + height, 0];
      panels.push(asGrafana(panel, panels.length + 1, { x, y, w, h }));
      [x, height] = [x + w, Math.max(height, h)];
    }
    y += height;
  }
  return panels;
}

function asGrafana(
  { title, text, unit, kind = "timeseries", queries }: Panel,
  id: number,
  gridPos: JsonObject,
): JsonObject {
  const targets = Object.entries(queries).map(([legendFormat, expr], index) => ({
    ...{ datasource: DATASOURCE, editorMode: "code", expr, legendFormat },
    ...{ range: kind === "timeseries", instant: kind === "stat", refId: String.fromCharCode(65 + index) },
  }));
  return {
    ...{ id, type: kind, title, description: text, datasource: DATASOURCE, gridPos, targets },
    fieldConfig: { defaults: { unit, ...DEFAULTS[kind] }, overrides: [] },
    options: OPTIONS[kind],
  };
}

const DEFAULTS: Readonly<Record<Kind, JsonObject>> = {
  timeseries: { min: 0, custom: { lineWidth: 1, fillOpacity: 10, showPoints: "never", spanNulls: false } },
  stat: {},
};
const OPTIONS: Readonly<Record<Kind, JsonObject>> = {
  timeseries: {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  },
  stat: { reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false }, colorMode: "value", graphMode: "area" },
};

/** The variables of a dashboard: the data source first, because the others are queried from it. */
export function variablesOf(variables: readonly Variable[]): JsonObject[] {
  const datasource = {
    ...{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus", refresh: 1 },
    ...{ current: {}, hide: 0, includeAll: false, multi: false, options: [], regex: "" },
  };
  return [datasource, ...variables.map(asQuery)];
}

function asQuery({ name, label, values }: Variable): JsonObject {
  const query = `label_values(${values.series}, ${values.label})`;
  return {
    ...{ name, label, type: "query", datasource: DATASOURCE, definition: query },
    query: { query, refId: "StandardVariableQuery" },
    ...{ refresh: 2, sort: 1, includeAll: true, allValue: ".*", multi: true, options: [], regex: "", hide: 0 },
    current: { selected: true, text: ["All"], value: ["$__all"] },
  };
}

import type { JsonObject } from "../../kubernetes/json.ts";
import { ENGINES } from "./engines.ts";
import { type Dashboard, placed, variablesOf } from "./panels.ts";
import { SCALING } from "./scaling.ts";
import { SCHEDULER } from "./scheduler.ts";

export const DASHBOARDS: readonly Dashboard[] = [ENGINES, SCHEDULER, SCALING];

/** The release of Grafana's dashboard model: Grafana 10 and later read it. */
const SCHEMA_VERSION = 39;

/** A dashboard as Grafana's own model; the result is always the same. */
export function grafanaDashboard({ id, title, variables, sections }: Dashboard): JsonObject {
  return {
    ...{ uid: `kserve-llm-${id}`, title, tags: ["kserve-llm"], schemaVersion: SCHEMA_VERSION, version: 1 },
    ...{ editable: true, graphTooltip: 1, timezone: "browser", refresh: "30s", links: [], annotations: { list: [] } },
    time: { from: "now-1h", to: "now" },
    templating: { list: variablesOf(variables) },
    panels: placed(sections),
  };
}

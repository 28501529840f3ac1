import { deepmergeCustom } from "deepmerge-ts";
import type { Issue } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Layer } from "../merge/layers.ts";
import { type Operations, operations } from "../spec/operations.ts";
import { zodIssues } from "./issues.ts";

/** The field of a spec that holds the switches of its operation. */
export const OPERATIONS = "operations";

/** The switches of one document; undefined where it has none, or none that can be read. */
export function readOperations(spec: JsonObject, layer: string, issues: Issue[]): Operations | undefined {
  const value = spec[OPERATIONS];
  if (value === undefined || value === null) return undefined;
  const parsed = operations.safeParse(value);
  if (!parsed.success) {
    issues.push(...zodIssues(parsed.error, `spec.${OPERATIONS}`, layer, "the fields stand in docs/operations.md"));
    return undefined;
  }
  const budget = parsed.data.podDisruptionBudget;
  if (isObject(budget) && budget.maxUnavailable !== undefined && budget.minAvailable !== undefined) {
    const path = `spec.${OPERATIONS}.podDisruptionBudget`;
    const message = "maxUnavailable and minAvailable exclude each other: a budget says one of them";
    issues.push({ code: "Conflict", severity: "error", path, layer, message, fix: "keep one of them" });
  }
  return parsed.data;
}

/** Prefill is a part of the service, and is run as the service is. */
export function refusedInPrefill(prefill: JsonObject, layer: string): Issue[] {
  if ((prefill[OPERATIONS] ?? null) === null) return [];
  return [
    {
      code: "UnknownField",
      severity: "error",
      path: `spec.prefill.${OPERATIONS}`,
      layer,
      message: "there is no such field: what a service says of its operation holds for prefill too",
      fix: `write it as spec.${OPERATIONS}`,
    },
  ];
}

/** The switches of a service: those of its layers laid over each other, lowest precedence first. */
export function operationsOf(
  layers: readonly Layer[],
  own: Operations | undefined,
  ofConfigs: ReadonlyMap<string, Operations>,
): Operations {
  return layers
    .map((layer, i) => (i === layers.length - 1 ? own : ofConfigs.get(layer.document ?? layer.label)))
    .reduce<Operations>((below, above) => (above === undefined ? below : laidOver(below, above)), {});
}

const merge = deepmergeCustom({ mergeArrays: false });

/** A switch that is only turned on keeps what lower layers say of it; of a budget's two ways to say it the latest holds. */
function laidOver(below: Operations, above: Operations): Operations {
  const merged = merge(opened(below), opened(above)) as Operations;
  const { podDisruptionBudget: budget } = above;
  const isSaid = isObject(budget) && Object.keys(budget).length > 0;
  return isSaid ? { ...merged, podDisruptionBudget: budget } : merged;
}

function opened(one: Operations): JsonObject {
  return switchesOpened(one) as JsonObject;
}

function switchesOpened(value: unknown): unknown {
  if (value === true) return {};
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(said.map(([name, item]) => [name, switchesOpened(item)]));
}

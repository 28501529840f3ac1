import { deepmergeCustom } from "deepmerge-ts";
import type { Issue } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Layer } from "../merge/layers.ts";
import { type Operations, operations } from "../spec/operations.ts";
import { zodIssues } from "./issues.ts";

const CLAIM = "the one is a volume that is there, the other one that is made";

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
  issues.push(...conflictsIn(parsed.data, layer));
  return parsed.data;
}

/** Switches that are said in one of two ways: the field that makes the one way, and those of the other. */
const ALTERNATIVES = {
  podDisruptionBudget: { one: "maxUnavailable", others: ["minAvailable"], why: "a budget says one of them" },
  modelCache: { one: "claimName", others: ["size", "storageClassName", "accessMode"], why: CLAIM },
  compileCache: { one: "claimName", others: ["size", "storageClassName", "accessMode"], why: CLAIM },
} as const satisfies Partial<Record<keyof Operations, { one: string; others: readonly string[]; why: string }>>;
const alternatives = Object.keys(ALTERNATIVES) as (keyof typeof ALTERNATIVES)[];

function conflictsIn(said: Operations, layer: string): Issue[] {
  return alternatives.flatMap((name): Issue[] => {
    const { one, others, why } = ALTERNATIVES[name];
    const value: unknown = said[name];
    const other =
      isObject(value) && value[one] !== undefined ? others.find((field) => value[field] !== undefined) : undefined;
    if (other === undefined) return [];
    const path = `spec.${OPERATIONS}.${name}`;
    const message = `${one} and ${other} exclude each other: ${why}`;
    return [{ code: "Conflict", severity: "error", path, layer, message, fix: "keep one of them" }];
  });
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

/** A switch that is only turned on keeps what lower layers say of it; one that can be said in two ways is the latest's, whole. */
function laidOver(below: Operations, above: Operations): Operations {
  const merged = merge(opened(below), opened(above)) as Operations;
  const said = alternatives.filter((name) => {
    const value: unknown = above[name];
    return isObject(value) && Object.keys(value).length > 0;
  });
  return { ...merged, ...Object.fromEntries(said.map((name) => [name, above[name]])) };
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

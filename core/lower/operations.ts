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
  issues.push(...ALTERNATIVES.flatMap((one) => twoSaid(parsed.data, one, layer)));
  return parsed.data;
}

/** Switches that are said in one of several ways. */
const ALTERNATIVES = [
  {
    field: "podDisruptionBudget",
    ways: ["maxUnavailable", "minAvailable"],
    why: "a budget says one of them",
  },
  { field: "gangScheduling", ways: ["volcano", "kueue"], why: "one of them sees to a group" },
] as const satisfies readonly { field: keyof Operations; ways: readonly string[]; why: string }[];
type Alternatives = (typeof ALTERNATIVES)[number];

/** The ways that a document takes; `false` takes none. */
function waysSaid(operations: Operations, { field, ways }: Alternatives): string[] {
  const said: unknown = operations[field];
  return isObject(said) ? ways.filter((way) => said[way] !== undefined && said[way] !== false) : [];
}

function twoSaid(operations: Operations, one: Alternatives, layer: string): Issue[] {
  const [first, second] = waysSaid(operations, one);
  if (second === undefined) return [];
  const path = `spec.${OPERATIONS}.${one.field}`;
  const message = `${first} and ${second} exclude each other: ${one.why}`;
  return [{ code: "Conflict", severity: "error", path, layer, message, fix: "keep one of them" }];
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

/** A switch that is only turned on keeps what lower layers say of it; of several ways to say it the latest holds. */
function laidOver(below: Operations, above: Operations): Operations {
  const kept = ALTERNATIVES.reduce((rest, one) => withoutOthers(rest, one, waysSaid(above, one)), opened(below));
  return merge(kept, opened(above)) as Operations;
}

function withoutOthers(below: JsonObject, { field, ways }: Alternatives, said: readonly string[]): JsonObject {
  const { [field]: value, ...others } = below;
  if (said.length === 0 || !isObject(value)) return below;
  const isOther = (name: string): boolean => (ways as readonly string[]).includes(name) && !said.includes(name);
  return { ...others, [field]: Object.fromEntries(Object.entries(value).filter(([name]) => !isOther(name))) };
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

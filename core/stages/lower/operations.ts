import { deepmergeCustom } from "deepmerge-ts";
import { type Operations, operations } from "../../api/shorthands/operations.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { readBy } from "./fromzod.ts";
import type { Reading } from "./reading.ts";

const MADE = ["size", "storageClassName", "accessMode"] as const;

/** The field of a spec that contains the switches of its operation. */
export const OPERATIONS = "operations";

/** The switches of one document; undefined without any, or if they cannot be read. */
export function readOperations(spec: JsonObject, layer: string): Reading<Operations | undefined> {
  const value = spec[OPERATIONS];
  if (value === undefined || value === null) return { value: undefined, issues: [] };
  const place = { path: `spec.${OPERATIONS}`, layer, see: "see docs/operations.md for the fields" };
  const read = readBy(operations, value, place);
  const switches = read.value;
  if (switches === undefined) return read;
  return { value: switches, issues: ALTERNATIVES.flatMap((one) => conflictingFields(switches, one, layer)) };
}

/** Switches that can be set in one of several ways, each with one or more fields. */
const ALTERNATIVES = [
  {
    field: "podDisruptionBudget",
    ways: [["maxUnavailable"], ["minAvailable"]],
    why: "a PodDisruptionBudget can set only one of them",
  },
  { field: "gangScheduling", ways: [["volcano"], ["kueue"]], why: "only one scheduler can schedule a group" },
  { field: "modelCache", ways: [["claimName"], MADE], why: "an existing claim is used, or a new claim is created" },
  { field: "compileCache", ways: [["claimName"], MADE], why: "an existing claim is used, or a new claim is created" },
] as const satisfies readonly { field: keyof Operations; ways: readonly (readonly string[])[]; why: string }[];
type Alternatives = (typeof ALTERNATIVES)[number];

/** The fields that a document sets, by the way to which they belong; `false` sets none. */
function waysSet(operations: Operations, { field, ways }: Alternatives): string[][] {
  const value: unknown = operations[field];
  if (!isObject(value)) return [];
  const isSet = (name: string): boolean => entryOf(value, name) !== undefined && entryOf(value, name) !== false;
  return ways.map((way) => way.filter(isSet)).filter((given) => given.length > 0);
}

function conflictingFields(operations: Operations, one: Alternatives, layer: string): Issue[] {
  const [[first] = [], [second] = []] = waysSet(operations, one);
  if (second === undefined) return [];
  const path = `spec.${OPERATIONS}.${one.field}`;
  const message = `${first} and ${second} exclude each other: ${one.why}`;
  return [{ code: "Conflict", severity: "error", path, layer, message, fix: `remove ${first} or ${second}` }];
}

/** Prefill is a part of the service and is run in the same way. */
export function refusedInPrefill(prefill: JsonObject, layer: string): Issue[] {
  if ((prefill[OPERATIONS] ?? null) === null) return [];
  return [
    {
      code: "UnknownField",
      severity: "error",
      path: `spec.prefill.${OPERATIONS}`,
      layer,
      message: "`prefill.operations` is not supported: `spec.operations` already applies to prefill",
      fix: `write it as spec.${OPERATIONS}`,
    },
  ];
}

/** The switches of a service: those of its layers merged, lowest precedence first. */
export function operationsOf(layers: readonly (Operations | undefined)[]): Operations {
  return layers.filter((one) => one !== undefined).reduce<Operations>(overlay, {});
}

const merge = deepmergeCustom({ mergeArrays: false });

/** A switch that is only turned on keeps its fields from lower layers; of several ways to set it the latest wins. */
function overlay(below: Operations, above: Operations): Operations {
  const kept = ALTERNATIVES.reduce((rest, one) => keepChosen(rest, one, waysSet(above, one)), normalise(below));
  return merge(kept, normalise(above)) as Operations;
}

/** For a switch that is set in one way, the lower layers without the fields of its other ways. */
function keepChosen(below: JsonObject, { field, ways }: Alternatives, [given]: readonly string[][]): JsonObject {
  const { [field]: value, ...others } = below;
  const [first] = given ?? [];
  if (first === undefined || !isObject(value)) return below;
  const dropped = ways.filter((way) => !(way as readonly string[]).includes(first)).flat() as readonly string[];
  return { ...others, [field]: Object.fromEntries(Object.entries(value).filter(([name]) => !dropped.includes(name))) };
}

function normalise(one: Operations): JsonObject {
  return switchesOpened(one) as JsonObject;
}

function switchesOpened(value: unknown): unknown {
  if (value === true) return {};
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(given.map(([name, item]) => [name, switchesOpened(item)]));
}

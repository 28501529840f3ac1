import type { Issue } from "../../contract/issues/issue.ts";
import { removal } from "../../knowledge/engine/flags/argfields.ts";
import { formatPath, isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { didYouMean } from "../../kubernetes/nearest.ts";
import { typeNamed } from "../../kubernetes/patch/schema.ts";
import { EXISTING } from "../../kubernetes/patch/strategic.ts";
import { writtenSteps } from "../../kubernetes/path.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Place, Reading } from "./reading.ts";

/**
 * `unset`, `unsetArgs` and `argsMerge`: what a document removes from the layers below it, for languages whose typed
 * objects drop nulls. They become what YAML could express directly: `null`, and directives of a strategic merge patch.
 */

/** On the path to an unset field: a map that the document does not write itself must not be created. */
const ONLY_EXISTING = { $patch: EXISTING };

/**
 * A workload (the service's spec, a config's, or `prefill`) with its `unset` expanded. `type` is its type in the merge.
 */
export function withRemovals(workload: JsonObject, type: string, place: Place): Reading<JsonObject> {
  const paths = texts(workload, "unset", place);
  return paths.value.reduce<Reading<JsonObject>>(
    (sofar, path) => {
      const { value, issues } = withoutPath(sofar.value, path, type, place);
      return { value, issues: [...sofar.issues, ...issues] };
    },
    { value: workload, issues: paths.issues },
  );
}

/**
 * The flags that a workload removes from the layers below; {@link removal}.ALL if its args replace theirs. Flags that
 * the same document sets, as args or by its tuning, come afterwards.
 */
export function removedFlags(workload: JsonObject, place: Place): Reading<string[]> {
  const merge = workload["argsMerge"];
  const flags = texts(workload, "unsetArgs", place);
  if (merge === "replace") return { value: [removal.ALL], issues: flags.issues };
  if (merge === undefined || merge === null || merge === "flags") return flags;
  const unknown = wrong(place, "argsMerge", {
    code: "InvalidValue",
    message: `unknown argsMerge ${JSON.stringify(merge)}`,
    fix: "use `flags` or `replace`",
  });
  return { value: flags.value, issues: [...flags.issues, unknown] };
}

/** A problem of a field, without its place. */
type Problem = Required<Pick<Issue, "code" | "message" | "fix">>;

function wrong({ path, layer }: Place, field: "unset" | "unsetArgs" | "argsMerge", problem: Problem): Issue {
  return { severity: "error", path: formatPath([...path, field]), layer, ...problem };
}

function texts(workload: JsonObject, field: "unset" | "unsetArgs", place: Place): Reading<string[]> {
  const value = workload[field];
  if (value === undefined || value === null) return { value: [], issues: [] };
  if (Array.isArray(value) && value.every((one) => typeof one === "string" && one !== ""))
    return { value: value as string[], issues: [] };
  const fix = `write ${field}: [${field === "unset" ? "PATH" : "--FLAG"}]`;
  return {
    value: [],
    issues: [wrong(place, field, { code: "WrongType", message: "a list of texts was expected", fix })],
  };
}

function withoutPath(workload: JsonObject, path: string, type: string, place: Place): Reading<JsonObject> {
  const refused = (problem: Problem): Reading<JsonObject> => ({
    value: workload,
    issues: [wrong(place, "unset", problem)],
  });
  const steps = writtenSteps(path.replace(/^spec\./, ""));
  if (steps === undefined) {
    const fix =
      "separate field names with dots and write list items and keys in brackets: template.containers[main].env[NAME]";
    return refused({ code: "InvalidValue", message: `${JSON.stringify(path)} is not a valid field path`, fix });
  }
  const problem = wrongStep(steps, type);
  if (problem !== undefined) return refused({ ...problem, message: `${path}: ${problem.message}` });
  const both: Problem = {
    code: "Conflict",
    message: `the same document sets and unsets ${path}`,
    fix: `remove ${path}, or its entry in unset`,
  };
  return isWritten(workload, steps, type) ? refused(both) : { value: inMap(workload, steps, type), issues: [] };
}

/**
 * The step of a path that cannot exist, whatever lower layers set; undefined if there is none. Maps may have any key.
 */
function wrongStep([step = "", ...rest]: readonly string[], type: string | undefined): Problem | undefined {
  const fields = typeNamed(type);
  if (fields === undefined || step === "") return undefined;
  const field = fields.get(step);
  if (field === undefined)
    return { code: "UnknownField", message: `unknown field ${step}`, fix: fixOf(step, [...fields.keys()]) };
  if (rest.length === 0) return undefined;
  if (field.shape === "keyed") return keyStep(rest, field.key) ?? wrongStep(rest.slice(1), field.type);
  if (field.shape === "struct") return wrongStep(rest, field.type);
  if (field.shape === "map") return undefined;
  if (field.shape === "scalar")
    return { code: "UnknownField", message: `${step} has no fields`, fix: `end the path at ${step}` };
  return {
    code: "WrongType",
    message: `the items of ${step} cannot be selected by name`,
    fix: `end the path at ${step}: only the whole list can be removed`,
  };
}

/** The key of an item identifies it, so only the whole item can be removed. */
function keyStep([item, ...rest]: readonly string[], key = "name"): Problem | undefined {
  if (rest.length !== 1 || rest[0] !== key) return undefined;
  return {
    code: "WrongType",
    message: `${key} identifies the item`,
    fix: `end the path at ${item}: only the whole item can be removed`,
  };
}

function fixOf(step: string, known: readonly string[]): string {
  const instead = entryOf(INSTEAD, step);
  return instead ?? didYouMean(step, known) ?? `use one of: ${known.join(", ")}`;
}

/** Fields that may be written but are not fields of the merged spec: how to remove what they become. */
const INSTEAD: Readonly<Record<string, string>> = {
  accelerator: "unset the fields that it sets: template.nodeSelector, tolerations and resources of the container",
  tuning: "use unsetArgs to remove the flags that it sets",
  network: "unset the fields that it sets: env and resources of the container",
  operations: "set the operation to false",
};

/** Whether the document itself writes the value at a path. */
function isWritten(value: Json | undefined, [step, ...rest]: readonly string[], type: string | undefined): boolean {
  if (step === undefined) return value !== undefined && value !== null;
  if (!isObject(value)) return false;
  const field = typeNamed(type)?.get(step);
  const inside = entryOf(value, step);
  if (field?.shape !== "keyed" || rest.length === 0) return isWritten(inside, rest, field?.type);
  const [item = "", ...further] = rest;
  const items = Array.isArray(inside) ? inside : [];
  return isWritten(items[itemAt(items, selectorOf(item, field.key))], further, field.type);
}

/** The key of a list's items, and the value that identifies one. */
interface Selector {
  key: string;
  wanted: Json;
}

function selectorOf(step: string, key = "name"): Selector {
  const text = step.startsWith(`${key}=`) ? step.slice(key.length + 1) : step;
  // A port is a number, so its key is one too.
  return { key, wanted: /^\d+$/.test(text) && key !== "name" ? Number(text) : text };
}

function itemAt(items: readonly Json[], { key, wanted }: Selector): number {
  return items.findIndex((item) => isObject(item) && entryOf(item, key) === wanted);
}

function inMap(map: JsonObject, [step = "", ...rest]: readonly string[], type: string | undefined): JsonObject {
  if (rest.length === 0) return { ...map, [step]: null };
  const field = typeNamed(type)?.get(step);
  const value = entryOf(map, step);
  if (field?.shape === "keyed") {
    const [item = "", ...further] = rest;
    const items = Array.isArray(value) ? value : [];
    return { ...map, [step]: inList(items, selectorOf(item, field.key), further, field.type) };
  }
  return { ...map, [step]: inMap(isObject(value) ? value : ONLY_EXISTING, rest, field?.type) };
}

function inList(items: readonly Json[], selector: Selector, rest: readonly string[], type: string | undefined): Json[] {
  const { key, wanted } = selector;
  const index = itemAt(items, selector);
  const found = items[index];
  if (rest.length === 0) return [...items.filter((_, i) => i !== index), { [key]: wanted, $patch: "delete" }];
  const changed = inMap(isObject(found) ? found : { [key]: wanted, ...ONLY_EXISTING }, rest, type);
  return index < 0 ? [...items, changed] : items.map((item, i) => (i === index ? changed : item));
}

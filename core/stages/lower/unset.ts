import type { Issue } from "../../contract/issue.ts";
import { removal } from "../../knowledge/engine/argfields.ts";
import { formatPath, isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { didYouMean } from "../../kubernetes/nearest.ts";
import { typeNamed } from "../../kubernetes/patch/schema.ts";
import { EXISTING } from "../../kubernetes/patch/strategic.ts";
import { writtenSteps } from "../../kubernetes/path.ts";
import { entryOf } from "../../kubernetes/table.ts";

/**
 * `unset`, `unsetArgs` and `argsMerge`: what a document takes away from the layers below it, for languages whose typed objects
 * drop nulls. They become what YAML could say itself: `null`, and directives of a strategic merge patch.
 */
interface Place {
  path: string[];
  layer: string;
  issues: Issue[];
}

/** On the way to what is unset: a map that the document does not write itself must not come to be. */
const ONLY_EXISTING = { $patch: EXISTING };

/** A workload (the service's spec, a config's, or `prefill`) with its `unset` written out. `type` is its type in the merge. */
export function withRemovals(workload: JsonObject, type: string, place: Place): JsonObject {
  const paths = texts(workload, "unset", place);
  return paths.reduce((one, path) => withoutPath(one, path, type, place), workload);
}

/**
 * The flags that a workload takes away from the layers below; {@link removal}.ALL where its args take their place. What the same
 * document sets, as args or by its tuning, comes after.
 */
export function removedFlags(workload: JsonObject, place: Place): string[] {
  const merge = workload["argsMerge"];
  const flags = texts(workload, "unsetArgs", place);
  if (merge === "replace") return [removal.ALL];
  if (merge === undefined || merge === null || merge === "flags") return flags;
  const message = `unknown argsMerge ${JSON.stringify(merge)}`;
  report(place, "argsMerge", "InvalidValue", message, "use `flags` or `replace`");
  return flags;
}

function report(
  { path, layer, issues }: Place,
  field: string,
  code: Issue["code"],
  message: string,
  fix: string,
): void {
  issues.push({ code, severity: "error", path: formatPath([...path, field]), layer, message, fix });
}

function texts(workload: JsonObject, field: "unset" | "unsetArgs", place: Place): string[] {
  const value = workload[field];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "")) return value as string[];
  report(
    place,
    field,
    "WrongType",
    "a list of texts was expected",
    `write ${field}: [${field === "unset" ? "PATH" : "--FLAG"}]`,
  );
  return [];
}

function withoutPath(workload: JsonObject, path: string, type: string, place: Place): JsonObject {
  const steps = writtenSteps(path.replace(/^spec\./, ""));
  if (steps === undefined) {
    const fix =
      "separate field names with dots and write list items and keys in brackets: template.containers[main].env[NAME]";
    report(place, "unset", "InvalidValue", `${JSON.stringify(path)} is not a valid field path`, fix);
    return workload;
  }
  const wrong = wrongStep(steps, type);
  if (wrong !== undefined) {
    report(place, "unset", wrong.code, `${path}: ${wrong.message}`, wrong.fix);
    return workload;
  }
  const clash = (): void => {
    const message = `the same document sets and unsets ${path}`;
    report(place, "unset", "Conflict", message, "remove one of them");
  };
  return inMap(workload, steps, type, clash);
}

interface WrongStep {
  code: Issue["code"];
  message: string;
  fix: string;
}

/** The step of a path that leads nowhere, whatever lower layers set; undefined where there is none. Maps may have any key. */
function wrongStep([step = "", ...rest]: readonly string[], type: string | undefined): WrongStep | undefined {
  const fields = typeNamed(type);
  if (fields === undefined || step === "") return undefined;
  const field = fields.get(step);
  if (field === undefined)
    return { code: "UnknownField", message: `unknown field ${step}`, fix: fixOf(step, [...fields.keys()]) };
  if (rest.length === 0) return undefined;
  if (field.shape === "keyed") return wrongStep(rest.slice(1), field.type);
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

function fixOf(step: string, known: readonly string[]): string {
  const instead = entryOf(INSTEAD, step);
  return instead ?? didYouMean(step, known) ?? `use one of: ${known.join(", ")}`;
}

/** What may be written and is no field of the merged spec: how to be rid of what it becomes. */
const INSTEAD: Readonly<Record<string, string>> = {
  accelerator: "unset the fields that it sets: template.nodeSelector, tolerations and resources of the container",
  tuning: "use unsetArgs to remove the flags that it sets",
  network: "unset the fields that it sets: env and resources of the container",
  operations: "set the operation to false",
};

function inMap(
  map: JsonObject,
  [step = "", ...rest]: string[],
  type: string | undefined,
  clash: () => void,
): JsonObject {
  const field = typeNamed(type)?.get(step);
  const value = entryOf(map, step);
  if (rest.length === 0) {
    if (value !== undefined && value !== null) clash();
    return { ...map, [step]: null };
  }
  if (field?.shape === "keyed") {
    const items = Array.isArray(value) ? value : [];
    return { ...map, [step]: inList(items, rest, field.key ?? "name", field.type, clash) };
  }
  return { ...map, [step]: inMap(isObject(value) ? value : ONLY_EXISTING, rest, field?.type, clash) };
}

function inList(
  items: readonly Json[],
  [step = "", ...rest]: string[],
  key: string,
  type: string | undefined,
  clash: () => void,
): Json[] {
  const text = step.startsWith(`${key}=`) ? step.slice(key.length + 1) : step;
  // A port is a number, and so is its key.
  const wanted: Json = /^\d+$/.test(text) && key !== "name" ? Number(text) : text;
  const index = items.findIndex((item) => isObject(item) && entryOf(item, key) === wanted);
  const found = items[index];
  if (rest.length === 0) {
    if (index >= 0) clash();
    return [...items.filter((_, i) => i !== index), { [key]: wanted, $patch: "delete" }];
  }
  const changed = inMap(isObject(found) ? found : { [key]: wanted, ...ONLY_EXISTING }, rest, type, clash);
  return index < 0 ? [...items, changed] : items.map((item, i) => (i === index ? changed : item));
}

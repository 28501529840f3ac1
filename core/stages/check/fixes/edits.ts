import type { Fix } from "../../../contract/issues/issue.ts";
import { flagOfStep } from "../../../knowledge/engine/flags/argfields.ts";
import {
  asText,
  isObject,
  itemAt,
  type Json,
  type JsonObject,
  jsonOrText,
  type PathStep,
  textsOf,
  valueAt,
} from "../../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../../kubernetes/path.ts";
import { entryOf, setEntry } from "../../../kubernetes/table.ts";
import { flagEdits, renamingEdits } from "./flagedits.ts";
import { type Edit, itemOf, locate, made, workloadAt } from "./place.ts";

/**
 * The edits that apply a fix to its document. Missing fields on the way are created; a field that the document writes
 * in another form (`tuning` for a flag or a size) is changed there, and a flag that only a lower layer sets is removed
 * by `unsetArgs`. Empty if the document holds nothing that the fix would remove.
 */
export function editsOf(document: JsonObject, fix: Fix): Edit[] {
  if (fix.value === undefined) return setEdits(document, fix);
  return [...setEdits(document, fix), ...keptEdits(document, fix.path), ...undeletedEdits(document, fix.path)];
}

/**
 * The edits of two fixes that belong together, of which one removes a flag and the next one sets another: the flag gets
 * its new name where it is written. Undefined for other fixes.
 */
export function renamedEdits(document: JsonObject, removal: Fix, setting: Fix): Edit[] | undefined {
  const [from, to] = [removal, setting].map((fix) => pathSteps(writtenFix(document, fix).path));
  const [old, name] = [from, to].map((steps) => flagOfStep(steps?.at(-1) ?? ""));
  if (removal.value !== undefined || setting.value === undefined || old === undefined || name === undefined)
    return undefined;
  const [above = [], other = []] = [from?.slice(0, -1), to?.slice(0, -1)];
  if (above.length !== other.length || above.some((step, i) => step !== other[i])) return undefined;
  const edits = renamingEdits(document, locate(document, above), old, [name, setting.value]);
  return edits && [...edits, ...keptEdits(document, setting.path), ...undeletedEdits(document, setting.path)];
}

/** A value that a fix sets must not be deleted: `$patch: delete` of an item on the way is removed. */
function undeletedEdits(document: JsonObject, path: string): Edit[] {
  const steps = pathSteps(path);
  return steps.flatMap((_, i): Edit[] => {
    const { at, isThere } = locate(document, [...steps.slice(0, i + 1), "$patch"]);
    return isThere && itemAt(document, at) === "delete" ? [{ at }] : [];
  });
}

function setEdits(document: JsonObject, fix: Fix): Edit[] {
  const { path, value } = writtenFix(document, fix);
  const steps = pathSteps(path);
  const flag = flagOfStep(steps.at(-1) ?? "");
  if (flag !== undefined) return flagEdits(document, locate(document, steps.slice(0, -1)), flag, value);
  const place = locate(document, steps);
  if (value === undefined) return place.isThere ? [{ at: place.at }] : [];
  return [{ at: place.at, value: made(place, value) }];
}

/**
 * A document cannot set what it unsets: the entries of `unset` and `unsetArgs` that would remove what a fix sets are
 * removed.
 */
function keptEdits(document: JsonObject, path: string): Edit[] {
  const all = pathSteps(path);
  const workload = workloadAt(all);
  const inner = all[0] === "spec" ? all.slice(workload.length) : [];
  const last = bareStep(inner.at(-1) ?? "");
  const flag = last.startsWith("--") ? last : undefined;
  // From the end, so that earlier positions stay valid.
  const covered = (field: "unset" | "unsetArgs", isMeant: (text: string) => boolean): Edit[] =>
    textsOf(valueAt(document, [...workload, field]))
      .flatMap((text, index): Edit[] => (isMeant(text) ? [{ at: [...workload, field, index] }] : []))
      .reverse();
  return [...covered("unset", (text) => isAbove(text, inner)), ...covered("unsetArgs", (text) => text === flag)];
}

/** Whether an entry of `unset`, in which `[main]` is an item by its key, names a field or something above it. */
function isAbove(unset: string, path: readonly string[]): boolean {
  const steps = path.map((step) => (itemOf(step) ? asText(Object.values(itemOf(step) ?? {})[0]) : bareStep(step)));
  const above = pathSteps(unset.replace(/^spec\./, "")).map(bareStep);
  return above.length <= steps.length && above.every((step, i) => step.replace(/^[^=]*=/, "") === steps[i]);
}

const SIZES: Readonly<Record<string, string>> = {
  tensor: "tensorParallelSize",
  pipeline: "pipelineParallelSize",
  data: "dataParallelSize",
  expert: "enableExpertParallel",
};
const FLAG_PATH = /^(?:template|worker)\.containers\.\[name=main\]\.args\.\[--([a-z0-9-]+)\]$/;
const SIZE_PATH = /^parallelism\.([a-zA-Z]+)$/;

/** The same fix at the place where the document writes the value: at the field of `tuning`, if it uses that field. */
export function writtenFix(document: JsonObject, fix: Fix): Fix {
  const steps = pathSteps(fix.path);
  const workload = workloadAt(steps);
  const inner = steps[0] === "spec" ? steps.slice(workload.length).join(".") : "";
  const [, flag] = FLAG_PATH.exec(inner) ?? [];
  const [, size] = SIZE_PATH.exec(inner) ?? [];
  const field = flag === undefined ? size && entryOf(SIZES, size) : camel(flag);
  if (field === undefined) return fix;
  const written = valueAt(document, [...workload, "tuning", field]);
  if (written === undefined) return fix;
  const path = [...workload, "tuning", field].join(".");
  return { path, ...(fix.value !== undefined && { value: likeWritten(fix.value, written) }) };
}

function camel(flag: string): string {
  return flag.replace(/-([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase());
}

/** A flag's value, which is a text, in the type of the field. */
function likeWritten(value: Json, written: Json): Json {
  if (typeof value !== "string" || typeof written === "string") return value;
  return jsonOrText(value);
}

/** The document with the edits applied in order; the given document does not change. */
export function applyEdits(document: JsonObject, edits: readonly Edit[]): JsonObject {
  return edits.reduce((one, { at, value }) => edited(one, at, value) as JsonObject, document);
}

function edited(
  node: Json | undefined,
  [step, ...rest]: readonly PathStep[],
  value: Json | undefined,
): Json | undefined {
  if (step === undefined) return value;
  if (Array.isArray(node) || typeof step === "number") {
    const items = Array.isArray(node) ? [...node] : [];
    const changed = edited(items[Number(step)], rest, value);
    if (changed === undefined) items.splice(Number(step), 1);
    else items[Number(step)] = changed;
    return items;
  }
  const changed = edited(isObject(node) ? entryOf(node, step) : undefined, rest, value);
  if (changed === undefined)
    return isObject(node) ? Object.fromEntries(Object.entries(node).filter(([key]) => key !== step)) : {};
  const copy: JsonObject = isObject(node) ? { ...node } : {};
  setEntry(copy, step, changed);
  return copy;
}

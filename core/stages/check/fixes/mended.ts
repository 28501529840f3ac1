import { isNear } from "../../../contract/further.ts";
import type { Fix, Issue } from "../../../contract/issue.ts";
import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { pathSteps } from "../../../kubernetes/path.ts";
import { applyEdits, editsOf } from "./edits.ts";
import { type Edit, locate } from "./place.ts";

/** What became of the place of an error: its fix was made, or what stood there was taken away. */
export interface Mend {
  paths: readonly string[];
  by: "fix" | "removal";
}

/** A document without some errors, so that the stages behind them can be asked. */
export interface Mended {
  document: JsonObject;
  mends: readonly Mend[];
}

/**
 * The document with the fix of each error made; what is refused and has no fix is taken away, so that a lower layer, or nothing, stands
 * in its place. Undefined where an error is not of this document, or nothing helps: then nobody knows what it would be without.
 */
export function mendedDocument(document: JsonObject, errors: readonly Issue[]): Mended | undefined {
  let result = document;
  const mends: Mend[] = [];
  for (const error of errors) {
    const { edits, mend } = mendOf(result, error);
    const isDone = mends.some(({ paths }) => paths.some((path) => isNear(path, error.path)));
    if (edits.length === 0 && !isDone) return undefined;
    result = applyEdits(result, edits);
    mends.push(mend);
  }
  return { document: result, mends };
}

/** Layers whose values the service may have written: some stages do not tell. */
const OWN: readonly string[] = ["service", "merged"];

function mendOf(document: JsonObject, { path, layer, fixes = [] }: Issue): { edits: readonly Edit[]; mend: Mend } {
  const made = fixes.flatMap((fix) => editsOf(document, fix));
  if (made.length > 0) return { edits: made, mend: { paths: [path, ...fixes.map(placeOf)], by: "fix" } };
  const place = OWN.includes(layer) ? removable(path, document) : undefined;
  const edits = place === undefined ? [] : editsOf(document, { path: place });
  return { edits, mend: { paths: [path, place ?? path], by: "removal" } };
}

/** A fix that takes an item out of a list moves those behind it. */
function placeOf({ path, value }: Fix): string {
  return value === undefined ? path.replace(/\[\d+\]$/, "") : path;
}

/** Lists whose items have names, which stand for themselves. */
const CONTAINERS: readonly string[] = ["containers", "initContainers"];

/** What can be taken away whole around what is refused or missing: a field, or the list whose item it is in. */
function removable(path: string, document: Json): string | undefined {
  const steps = pathSteps(path);
  const isOfList = (step: string, i: number): boolean => isIndex(step) && !CONTAINERS.includes(steps[i - 1] ?? "");
  const list = steps.findIndex(isOfList);
  const kept = list < 0 ? steps : steps.slice(0, list);
  while (kept.length > 0 && (isIndex(kept.at(-1) ?? "") || !isThere(kept, document))) kept.pop();
  const isOfRole = kept.length < (kept[1] === "prefill" ? 3 : 2);
  if (kept[0] !== "spec" || isOfRole) return undefined;
  return kept.map((step, i) => (i === 0 || step.startsWith("[") ? step : `.${step}`)).join("");
}

function isIndex(step: string): boolean {
  return /^\[\d+\]$/.test(step);
}

function isThere(steps: readonly string[], document: Json): boolean {
  return locate(document, steps).isThere;
}

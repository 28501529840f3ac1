import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import type { Provenance } from "../../../contract/layer.ts";
import { isEngineArgs } from "../../../knowledge/engine/flags/argfields.ts";
import { asJson, isObject, type Json } from "../../../kubernetes/json.ts";
import { type Field, ROOT_TYPE, typeNamed } from "../../../kubernetes/patch/schema.ts";
import { itemPath } from "../../../kubernetes/patch/strategic.ts";
import { bareStep, pathSteps } from "../../../kubernetes/path.ts";
import { entryOf } from "../../../kubernetes/table.ts";

/**
 * The layer that set the field of the spec at a path: the layer of the leaf, or of the list that contains it as one
 * value; for an object the layer that set all of it. Undefined if several did, or none.
 */
export function layerOf(path: string, spec: LLMInferenceServiceSpec, provenance: Provenance): string | undefined {
  const [root, ...steps] = pathSteps(path);
  if (root !== "spec") return undefined;
  const passed = tracedPaths(steps, asJson(spec));
  const exact = passed.flatMap((one) => provenance.get(one)?.layer ?? []).at(-1);
  const traced = passed[steps.length - 1];
  if (exact !== undefined || traced === undefined) return exact;
  const below = [...provenance].filter(([leaf]) => leaf.startsWith(`${traced}.`));
  const [layer, ...others] = new Set(below.map(([, set]) => set.layer));
  return others.length === 0 ? layer : undefined;
}

/**
 * Findings of a merged spec, each with the layer that set its field, if one did. The args of an engine are merged flag
 * by flag, so a finding there names the layer of the flag itself.
 */
export function withLayers<Found extends Pick<Issue, "path" | "layer">>(
  found: readonly Found[],
  spec: LLMInferenceServiceSpec,
  provenance: Provenance,
): Found[] {
  return found.map((one) => {
    if (one.layer !== "merged" || isInEngineArgs(one.path, spec)) return one;
    return { ...one, layer: layerOf(one.path, spec, provenance) ?? one.layer };
  });
}

function isInEngineArgs(path: string, spec: LLMInferenceServiceSpec): boolean {
  return tracedPaths(pathSteps(path).slice(1), asJson(spec)).some(isEngineArgs);
}

/**
 * The path after each step, as provenance writes it: items of merged lists by their key. Other lists are one value, and
 * end the path.
 */
function tracedPaths(steps: readonly string[], spec: Json): string[] {
  const paths: string[] = [];
  let value: Json | undefined = spec;
  let type: string | undefined = ROOT_TYPE;
  let key: string | undefined;
  let path = "";
  for (const step of steps) {
    const name = bareStep(step);
    if (Array.isArray(value)) {
      if (key === undefined) break;
      value = value[indexOf(name, value)];
      path = itemPath(path, key, isObject(value) ? entryOf(value, key) : undefined);
      key = undefined;
    } else {
      const field: Field | undefined = typeNamed(type)?.get(name);
      value = isObject(value) ? entryOf(value, name) : undefined;
      path = path === "" ? name : `${path}.${name}`;
      key = field?.shape === "keyed" ? field.key : undefined;
      type = field?.type;
    }
    paths.push(path);
  }
  return paths;
}

/** The index of an item, which issues may name (`[name=main]`). */
function indexOf(step: string, items: readonly Json[]): number {
  const name = step.startsWith("name=") ? step.slice("name=".length) : undefined;
  return name === undefined ? Number(step) : items.findIndex((item) => isObject(item) && item["name"] === name);
}

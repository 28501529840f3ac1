import { isObject, type Json, type JsonObject } from "../json.ts";
import { ROOT_TYPE, typeNamed } from "./schema.ts";
import { itemPath } from "./strategic.ts";

/**
 * By field path: the label of the layer that set it, and the labels of those whose value it replaced, latest first. Items
 * of lists that are merged are named by their key (`template.containers[name=main].image`); other lists are one value.
 */
export type Provenance = Record<string, { layer: string; overrode?: string[] }>;

interface TracedLayer {
  label: string;
  spec: JsonObject;
}

/** Reads off which layer each leaf of the merged spec came from: the last one that has that leaf. */
export function traceLayers(layers: readonly TracedLayer[], merged: JsonObject): Provenance {
  const setters = new Map<string, string[]>();
  for (const { label, spec } of layers) {
    visitLeaves(spec, ROOT_TYPE, "", (path) => {
      const earlier = setters.get(path);
      if (earlier === undefined) setters.set(path, [label]);
      else earlier.unshift(label);
    });
  }
  const provenance: Provenance = {};
  visitLeaves(merged, ROOT_TYPE, "", (path) => {
    const [layer, ...overrode] = setters.get(path) ?? [];
    if (layer !== undefined) provenance[path] = overrode.length > 0 ? { layer, overrode } : { layer };
  });
  return provenance;
}

function visitLeaves(value: JsonObject, type: string | undefined, path: string, visit: (path: string) => void): void {
  const fields = typeNamed(type);
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const field = fields?.get(name);
    const here = path === "" ? name : `${path}.${name}`;
    if (isObject(item) && Object.keys(item).length > 0) visitLeaves(item, field?.type, here, visit);
    else if (Array.isArray(item) && field?.shape === "keyed")
      visitItems(item, field.key ?? "", field.type, here, visit);
    else visit(here);
  }
}

function visitItems(
  items: readonly Json[],
  key: string,
  type: string | undefined,
  path: string,
  visit: (path: string) => void,
): void {
  for (const item of items) if (isObject(item)) visitLeaves(item, type, itemPath(path, key, item[key]), visit);
}

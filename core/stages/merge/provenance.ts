import type { Behaviour } from "../../contract/behaviour.ts";
import type { Provenance } from "../../contract/layer.ts";
import { flagPaths } from "../../knowledge/engine/argfields.ts";
import { engineOf } from "../../knowledge/engine/engines.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE, typeNamed } from "../../kubernetes/patch/schema.ts";
import { itemPath } from "../../kubernetes/patch/strategic.ts";
import { entryOf, setEntry } from "../../kubernetes/table.ts";

interface TracedLayer {
  label: string;
  spec: JsonObject;
}

/** Reads off which layer each leaf of the merged spec came from: the last one that has that leaf. */
export function traceLayers(
  layers: readonly TracedLayer[],
  merged: JsonObject,
  { args }: Pick<Behaviour, "args">,
): Provenance {
  const engine = engineOf(merged);
  const visitAll = (value: JsonObject, visit: (path: string) => void): void =>
    visitLeaves(value, ROOT_TYPE, "", (path, leaf) => {
      visit(path);
      if (args === "flags") for (const flag of flagPaths(path, leaf, engine)) visit(flag);
    });
  const setters = new Map<string, string[]>();
  for (const { label, spec } of layers) {
    visitAll(spec, (path) => {
      const earlier = setters.get(path);
      if (earlier === undefined) setters.set(path, [label]);
      else earlier.unshift(label);
    });
  }
  const provenance: Provenance = {};
  visitAll(merged, (path) => {
    const [layer, ...overrode] = setters.get(path) ?? [];
    if (layer !== undefined) setEntry(provenance, path, overrode.length > 0 ? { layer, overrode } : { layer });
  });
  return provenance;
}

type Visit = (path: string, leaf: Json) => void;

function visitLeaves(value: JsonObject, type: string | undefined, path: string, visit: Visit): void {
  const fields = typeNamed(type);
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const field = fields?.get(name);
    const here = path === "" ? name : `${path}.${name}`;
    if (isObject(item) && Object.keys(item).length > 0) visitLeaves(item, field?.type, here, visit);
    else if (Array.isArray(item) && field?.shape === "keyed")
      visitItems(item, field.key ?? "", field.type, here, visit);
    else visit(here, item);
  }
}

function visitItems(items: readonly Json[], key: string, type: string | undefined, path: string, visit: Visit): void {
  for (const item of items) if (isObject(item)) visitLeaves(item, type, itemPath(path, key, entryOf(item, key)), visit);
}

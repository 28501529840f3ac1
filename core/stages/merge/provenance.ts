import type { Behaviour } from "../../contract/behaviour.ts";
import type { Provenance } from "../../contract/layer.ts";
import { flagPaths } from "../../knowledge/engine/argfields.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE, typeNamed } from "../../kubernetes/patch/schema.ts";
import { itemPath } from "../../kubernetes/patch/strategic.ts";
import { eachEntry, entryOf, setEntry } from "../../kubernetes/table.ts";

interface TracedLayer {
  label: string;
  spec: JsonObject;
  isKept: boolean;
}

/** Reads off which layer each leaf of the merged spec came from: the last one that has that leaf. */
export function traceLayers(
  layers: readonly TracedLayer[],
  merged: JsonObject,
  { args }: Pick<Behaviour, "args">,
): Provenance {
  const engine = engineOf(merged);
  const latestFirst = layers
    .map(({ label, spec, isKept }) => ({ label, leaves: (isKept ? keptLeaves : countLeaves)(spec, args, engine) }))
    .reverse();
  const provenance: Provenance = {};
  visitAll(merged, args, engine, (path) => {
    let layer: string | undefined;
    let overrode: string[] | undefined;
    for (const { label, leaves } of latestFirst) {
      for (let count = leaves.get(path) ?? 0; count > 0; count--) {
        if (layer === undefined) layer = label;
        else if (overrode === undefined) overrode = [label];
        else overrode.push(label);
      }
    }
    if (layer !== undefined) setEntry(provenance, path, overrode === undefined ? { layer } : { layer, overrode });
  });
  return provenance;
}

type Args = Behaviour["args"];
/** How often a layer sets each leaf: a list may hold two items of one key. */
type Leaves = ReadonlyMap<string, number>;

function countLeaves(spec: JsonObject, args: Args, engine: EngineKind): Leaves {
  const leaves = new Map<string, number>();
  visitAll(spec, args, engine, (path) => void leaves.set(path, (leaves.get(path) ?? 0) + 1));
  return leaves;
}

/** The same of a layer that comes with every plan, read once. */
function keptLeaves(spec: JsonObject, args: Args, engine: EngineKind): Leaves {
  const known = leavesBefore.get(spec) ?? new Map<string, Leaves>();
  const leaves = known.get(args + engine) ?? countLeaves(spec, args, engine);
  leavesBefore.set(spec, known.set(args + engine, leaves));
  return leaves;
}
const leavesBefore = new WeakMap<JsonObject, Map<string, Leaves>>();

function visitAll(value: JsonObject, args: Args, engine: EngineKind, visit: (path: string) => void): void {
  visitLeaves(value, ROOT_TYPE, "", (path, leaf) => {
    visit(path);
    if (args === "flags" && Array.isArray(leaf)) for (const flag of flagPaths(path, leaf, engine)) visit(flag);
  });
}

type Visit = (path: string, leaf: Json) => void;

function visitLeaves(value: JsonObject, type: string | undefined, path: string, visit: Visit): void {
  const fields = typeNamed(type);
  eachEntry(value, (name, item) => {
    if (item === undefined || item === null) return;
    const field = fields?.get(name);
    const here = path === "" ? name : `${path}.${name}`;
    if (isObject(item) && Object.keys(item).length > 0) visitLeaves(item, field?.type, here, visit);
    else if (Array.isArray(item) && field?.shape === "keyed")
      visitItems(item, field.key ?? "", field.type, here, visit);
    else visit(here, item);
  });
}

function visitItems(items: readonly Json[], key: string, type: string | undefined, path: string, visit: Visit): void {
  for (const item of items) if (isObject(item)) visitLeaves(item, type, itemPath(path, key, entryOf(item, key)), visit);
}

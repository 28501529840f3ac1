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
  for (const path of leafPaths(merged, args, engine)) {
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
  }
  return provenance;
}

type Args = Behaviour["args"];
/** How often a layer sets each leaf: a list may hold two items of one key. */
type Leaves = ReadonlyMap<string, number>;

function countLeaves(spec: JsonObject, args: Args, engine: EngineKind, isKept = false): Leaves {
  const leaves = new Map<string, number>();
  for (const path of leafPaths(spec, args, engine, isKept)) leaves.set(path, (leaves.get(path) ?? 0) + 1);
  return leaves;
}

/** The same of a layer that comes with every plan, read once. */
function keptLeaves(spec: JsonObject, args: Args, engine: EngineKind): Leaves {
  const known = leavesBefore.get(spec) ?? new Map<string, Leaves>();
  const leaves = known.get(args + engine) ?? countLeaves(spec, args, engine, true);
  leavesBefore.set(spec, known.set(args + engine, leaves));
  return leaves;
}
const leavesBefore = new WeakMap<JsonObject, Map<string, Leaves>>();

interface Walk {
  args: Args;
  engine: EngineKind;
  /** Whether what is walked comes with every plan. */
  isKept: boolean;
  paths: string[];
}

function leafPaths(value: JsonObject, args: Args, engine: EngineKind, isKept = false): readonly string[] {
  const walk: Walk = { args, engine, isKept, paths: [] };
  addMap(value, ROOT_TYPE, "", walk);
  return walk.paths;
}

function addMap(value: JsonObject, type: string | undefined, path: string, walk: Walk): void {
  const fields = typeNamed(type);
  eachEntry(value, (name, item) => {
    if (item === undefined || item === null) return;
    const field = fields?.get(name);
    const here = path === "" ? name : `${path}.${name}`;
    if (isObject(item) && Object.keys(item).length > 0)
      addInner(item, here, walk, () => addMap(item, field?.type, here, walk));
    else if (Array.isArray(item) && field?.shape === "keyed")
      addInner(item, here, walk, () => addItems(item, field.key ?? "", field.type, here, walk));
    else addLeaf(here, item, walk);
  });
}

function addItems(items: readonly Json[], key: string, type: string | undefined, path: string, walk: Walk): void {
  for (const item of items) if (isObject(item)) addMap(item, type, itemPath(path, key, entryOf(item, key)), walk);
}

function addLeaf(path: string, leaf: Json, { args, engine, paths }: Walk): void {
  paths.push(path);
  if (args === "flags" && Array.isArray(leaf)) for (const flag of flagPaths(path, leaf, engine)) paths.push(flag);
}

/** The paths in a map or list; those in a part of a layer that comes with every plan are written once, for a merge shares it. */
function addInner(inner: object, at: string, walk: Walk, add: () => void): void {
  const { args, engine, isKept, paths } = walk;
  const before = innerBefore.get(inner);
  if (before !== undefined && before.at === at && before.args === args && before.engine === engine) {
    for (const path of before.paths) paths.push(path);
    return;
  }
  const start = paths.length;
  add();
  if (isKept) innerBefore.set(inner, { at, args, engine, paths: paths.slice(start) });
}
const innerBefore = new WeakMap<object, Pick<Walk, "args" | "engine"> & { at: string; paths: readonly string[] }>();

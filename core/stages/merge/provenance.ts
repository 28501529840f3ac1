import type { Behaviour } from "../../contract/behaviour.ts";
import type { Origin, Provenance } from "../../contract/layer.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { flagPaths } from "../../knowledge/engine/flags/argfields.ts";
import { isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { ROOT_TYPE, typeNamed } from "../../kubernetes/patch/schema.ts";
import { itemPath } from "../../kubernetes/patch/strategic.ts";
import { rememberingOfBoth } from "../../kubernetes/remember.ts";
import { eachEntry, entryOf } from "../../kubernetes/table.ts";

interface TracedLayer {
  label: string;
  spec: JsonObject;
  isKept: boolean;
}

/** Records which layer each leaf of the merged spec came from: the last one that has that leaf. */
export function traceLayers(
  layers: readonly TracedLayer[],
  merged: JsonObject,
  { args }: Pick<Behaviour, "args">,
): Provenance {
  const reading = { args, engine: engineOf(merged) };
  const changing = layers.findIndex(({ isKept }) => !isKept);
  const kept = changing < 0 ? layers : layers.slice(0, changing);
  const below = kept.reduce((written, layer) => writtenWith(written, layer, reading), UNWRITTEN);
  const above = labelsByLeaf(layers.slice(kept.length), reading);
  const provenance = new Map<string, Origin>();
  for (const path of leafPaths(merged, reading)) {
    const labels = above.get(path);
    const origin = labels === undefined ? below.get(path) : over(below.get(path), labels);
    if (origin !== undefined) provenance.set(path, origin);
  }
  return provenance;
}

/**
 * By path, the layers that set a leaf, lowest first. A layer that sets it twice is listed twice: a list may contain two
 * items with one key.
 */
function labelsByLeaf(
  layers: readonly Pick<TracedLayer, "label" | "spec">[],
  reading: Reading,
  isKept = false,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { label, spec } of layers) {
    for (const path of leafPaths(spec, reading, isKept)) {
      const labels = found.get(path);
      if (labels === undefined) found.set(path, [label]);
      else labels.push(label);
    }
  }
  return found;
}

/** The origin of a leaf after some layers have set it over the earlier ones. */
function over(below: Origin | undefined, labels: readonly string[]): Origin {
  const [layer = "", ...own] = labels.toReversed();
  const overrode = below === undefined ? own : [...own, below.layer, ...(below.overrode ?? [])];
  return overrode.length === 0 ? { layer } : { layer, overrode };
}

/** Plans share the origins of configs that come with every plan, so an origin is never changed. */
function frozen(origin: Origin): Origin {
  if (origin.overrode !== undefined) Object.freeze(origin.overrode);
  return Object.freeze(origin);
}

/** How the leaves of a layer are read. */
interface Reading {
  args: Behaviour["args"];
  engine: EngineKind;
}

/** By path, the origins of the leaves of some layers. */
type Written = ReadonlyMap<string, Origin>;
const UNWRITTEN: Written = new Map();

/**
 * The leaves of some layers plus those of one more layer that comes with every plan: computed once, and kept as long as
 * the lowest of them.
 */
function writtenWith(below: Written, { label, spec }: TracedLayer, reading: Reading): Written {
  const byReading = writtenBefore(below, spec);
  const key = `${reading.args} ${reading.engine} ${label}`;
  const known = byReading.get(key);
  if (known !== undefined) return known;
  const written = new Map(below);
  for (const [path, labels] of labelsByLeaf([{ label, spec }], reading, true))
    written.set(path, frozen(over(below.get(path), labels)));
  byReading.set(key, written);
  return written;
}
const writtenBefore = rememberingOfBoth((_below: Written, _spec: JsonObject) => new Map<string, Written>());

interface Walk extends Reading {
  /** Whether the walked value comes with every plan. */
  isKept: boolean;
  paths: string[];
}

function leafPaths(value: JsonObject, { args, engine }: Reading, isKept = false): readonly string[] {
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

/**
 * The paths in a map or list; those in a part of a layer that comes with every plan are computed once, because merged
 * specs share that part.
 */
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
const innerBefore = new WeakMap<object, Reading & { at: string; paths: readonly string[] }>();

import { isObject, type Json, type JsonObject } from "../json.ts";
import { eachEntry, entryOf, setEntry, withEntries, withItems } from "../table.ts";
import { DELETE, isDirective, ORDER, PATCH, RETAIN_KEYS } from "./directives.ts";
import { mergedOrder } from "./order.ts";
import type { Policy, Rule } from "./policy.ts";

/**
 * Kubernetes' strategic merge patch: the walk. The policy knows which lists merge by which key. `null` deletes;
 * `$patch`, `$retainKeys`, `$setElementOrder/LIST` and `$deleteFromPrimitiveList/LIST` have the same meaning as for the
 * API server. Neither side is changed; values that cannot be merged are reported, and the earlier value stays. Source:
 * mergeMap of k8s.io/apimachinery/pkg/util/strategicpatch v0.34.
 */
export interface Merger {
  policy: Policy;
  report(path: string, message: string, fix: string): void;
}

/** A directive of this package: the map changes an existing map and does not create one, because a removal must not create anything. */
export const EXISTING = "existing";
const DIRECTIVES = "write delete or replace, or remove $patch";

export function applyPatch(base: JsonObject, patch: JsonObject, type: string, merger: Merger): JsonObject {
  return mergeMaps(base, patch, { type, path: "", merger }) ?? {};
}

/** The position of the walk: the type of the map's fields, and their path. */
interface Place {
  type?: string | undefined;
  path: string;
  merger: Merger;
}

/** Undefined if the map itself must be deleted. */
function mergeMaps(earlier: JsonObject, later: JsonObject, place: Place): JsonObject | undefined {
  const directive = later[PATCH];
  if (directive === "delete") return place.merger.policy.deleteRemoves ? undefined : {};
  if (directive === "replace") return withoutDirectives(later);
  if (directive !== undefined && !isExisting(directive, place)) {
    place.merger.report(
      join(place.path, PATCH),
      `${JSON.stringify(directive)} is not a patch directive of a mapping`,
      DIRECTIVES,
    );
    return earlier;
  }
  const { base, patch } = place.merger.policy.meeting?.(place.type, place.path, earlier, later) ?? {
    base: earlier,
    patch: later,
  };
  const out = withoutAlternatives(retainKeys(base, patch, place), patch, place);
  const isDirected = Object.keys(patch).some(isDirective);
  eachEntry(patch, (key, value) => {
    if (key === RETAIN_KEYS || key === PATCH || value === undefined) return;
    const order = isDirected ? entryOf(patch, ORDER + key) : undefined;
    if (!(isDirected && isDirective(key)))
      setField(out, key, mergeField(entryOf(out, key), value, order, at(place, key)));
    else if (key.startsWith(ORDER)) orderAlone(out, patch, key.slice(ORDER.length), place);
    else deleteFromList(out, key.slice(DELETE.length), value, place);
  });
  return out;
}

/** The map without the earlier fields that a field of the patch excludes. */
function withoutAlternatives(base: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const groups = place.merger.policy.alternatives(place.type);
  if (groups.length === 0) return base;
  // An empty list names nothing: `refs: []` does not remove the spec of a route.
  const isChosen = (key: string) => (entryOf(patch, key) ?? null) !== null && !isEmptyList(entryOf(patch, key));
  const excluded = groups
    .filter((group) => group.some(isChosen))
    .flatMap((group) => group.filter((key) => !isChosen(key)));
  return excluded.length === 0 ? base : pickKeys(base, (key) => !excluded.includes(key));
}

function isEmptyList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function pickKeys(value: JsonObject, isKept: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => isKept(key)));
}

/** A field, with its own rule. */
interface FieldPlace extends Place {
  rule: Rule;
}

function at(place: Place, key: string): FieldPlace {
  const path = join(place.path, key);
  const rule = place.merger.policy.rule(place.type, key, path);
  return { path, rule, merger: place.merger, type: "type" in rule ? rule.type : undefined };
}

function setField(out: JsonObject, key: string, value: Json | undefined): void {
  if (value === undefined) delete out[key];
  else setEntry(out, key, value);
}

function mergeField(base: Json | undefined, patch: Json, order: Json | undefined, place: FieldPlace): Json | undefined {
  if (patch === null) return undefined;
  if (base === undefined || base === null) return withoutDirectives(patch);
  const { rule } = place;
  if (rule.how === "combine" && shapeOf(base) === shapeOf(patch)) return rule.combine(base, patch);
  if (isObject(base) && isObject(patch)) return mergeObjects(base, patch, place);
  if (Array.isArray(base) && Array.isArray(patch)) return mergeLists(base, patch, order, place);
  return withoutDirectives(patch);
}

function mergeObjects(base: JsonObject, patch: JsonObject, place: FieldPlace): JsonObject | undefined {
  if (place.rule.how === "map" || place.rule.how === "keyed") return mergeMaps(base, patch, place);
  if (place.rule.how === "refuse") return refuse(base, place, place.rule.reason);
  return withoutDirectives(patch);
}

function mergeLists(base: Json[], patch: Json[], order: Json | undefined, place: FieldPlace): Json[] {
  const { rule } = place;
  if (rule.how === "refuse") return refuse(base, place, rule.reason);
  if (rule.how === "keyed") return mergeKeyed(base, patch, order, { ...place, key: rule.key });
  if (rule.how !== "set") return withItems(patch, cleanItem);
  const union = [...new Set([...base, ...patch])];
  return mergedOrder(union, Array.isArray(order) ? order : patch, base, (item) => item);
}

interface KeyedPlace extends Place {
  key: string;
}

function mergeKeyed(base: Json[], patch: Json[], order: Json | undefined, place: KeyedPlace): Json[] {
  const { key } = place;
  const { kept, changes } = applyItemDirectives(base, patch, place);
  if (!everyHasKey([...kept, ...patch], place)) return base;
  const merged = [...kept];
  const places = placesByKey(kept, key);
  for (const item of changes) {
    const found = places.get(keyOf(item, key));
    const next = found === undefined ? cleanItem(item) : mergeItem(merged[found] as JsonObject, item, place);
    if (found === undefined) places.set(keyOf(item, key), merged.length);
    merged[found ?? merged.length] = next;
  }
  const later = orderedKeys(changes, order, place) ?? changes.map((item) => keyOf(item, key));
  return mergedOrder(
    merged,
    later,
    kept.map((item) => keyOf(item, key)),
    (item) => keyOf(item, key),
  );
}

/** The first position of each key. */
function placesByKey(items: readonly Json[], key: string): Map<Json | undefined, number> {
  const places = new Map<Json | undefined, number>();
  for (const [place, item] of items.entries()) {
    const value = keyOf(item, key);
    if (!places.has(value)) places.set(value, place);
  }
  return places;
}

function mergeItem(base: JsonObject, item: JsonObject, place: KeyedPlace): JsonObject {
  const path = itemPath(place.path, place.key, entryOf(item, place.key));
  return mergeMaps(base, item, { path, merger: place.merger, type: place.type }) ?? {};
}

/**
 * Items with `$patch: delete` remove the item with their key; an item with `$patch: replace` removes all earlier items.
 */
function applyItemDirectives(base: Json[], patch: Json[], place: KeyedPlace): { kept: Json[]; changes: JsonObject[] } {
  const items = patch.filter(isObject);
  const special = items.filter((item) => item[PATCH] !== undefined);
  for (const item of special) {
    if (item[PATCH] === "delete" || item[PATCH] === "replace" || isExisting(item[PATCH], place)) continue;
    place.merger.report(place.path, `${JSON.stringify(item[PATCH])} is not a patch directive of an item`, DIRECTIVES);
  }
  const replaces = special.some((item) => item[PATCH] === "replace");
  const deleted = new Set(special.filter((item) => item[PATCH] === "delete").map((item) => entryOf(item, place.key)));
  const kept = replaces ? [] : base.filter((item) => !deleted.has(keyOf(item, place.key)));
  const there = placesByKey(kept, place.key);
  const isThere = (item: JsonObject) => there.has(entryOf(item, place.key));
  return {
    kept,
    changes: items.filter((item) => item[PATCH] === undefined || (isExisting(item[PATCH], place) && isThere(item))),
  };
}

function isExisting(directive: Json | undefined, { merger }: Place): boolean {
  return directive === EXISTING && merger.policy.deleteRemoves;
}

/** The keys of `$setElementOrder`; undefined without it, or if it contradicts the list. */
function orderedKeys(changes: JsonObject[], order: Json | undefined, place: KeyedPlace): unknown[] | undefined {
  if (!Array.isArray(order)) return undefined;
  const keys = order.map((item) => keyOf(item, place.key));
  let matched = 0;
  for (const key of keys) if (matched < changes.length && entryOf(changes[matched], place.key) === key) matched += 1;
  if (matched === changes.length || keys.length === 0) return keys;
  place.merger.report(
    place.path,
    "the items have another order than in $setElementOrder",
    "write the items in the order of $setElementOrder",
  );
  return undefined;
}

/** `$setElementOrder` for a list that the patch does not change otherwise. */
function orderAlone(out: JsonObject, patch: JsonObject, list: string, place: Place): void {
  const items = entryOf(out, list);
  if (entryOf(patch, list) !== undefined || !Array.isArray(items)) return;
  setEntry(out, list, mergeLists(items, [], entryOf(patch, ORDER + list) ?? [], at(place, list)));
}

function deleteFromList(out: JsonObject, list: string, values: Json, place: Place): void {
  const base = entryOf(out, list);
  if (base === undefined) return;
  const { rule } = at(place, list);
  if (Array.isArray(base) && Array.isArray(values))
    setEntry(
      out,
      list,
      rule.how === "combine" && rule.remove ? rule.remove(base, values) : base.filter((item) => !values.includes(item)),
    );
  else
    place.merger.report(
      join(place.path, DELETE + list),
      "the directive and the list that it applies to must both be lists",
      "write a list of the items to remove",
    );
}

/**
 * The map without the earlier fields that `$retainKeys` does not name; the patch itself may only set fields that it
 * names.
 */
function retainKeys(base: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const retained = patch[RETAIN_KEYS];
  if (retained === undefined) return { ...base };
  const isRetained = (key: string) => Array.isArray(retained) && retained.includes(key);
  const odd = Object.keys(patch).filter(
    (key) => entryOf(patch, key) !== null && !key.startsWith("$") && !isRetained(key),
  );
  if (Array.isArray(retained) && odd.length === 0) {
    return pickKeys(base, isRetained);
  }
  const message = Array.isArray(retained)
    ? `the list does not contain ${odd.join(", ")}, which this layer sets`
    : "the value is not a list";
  place.merger.report(
    join(place.path, RETAIN_KEYS),
    message,
    "write a list with the name of every field that this layer sets",
  );
  return { ...base };
}

function refuse<T>(base: T, place: Place, reason: string): T {
  place.merger.report(
    place.path,
    `two layers set the field, but ${reason}`,
    "write the same value in both layers, or remove it from one of them",
  );
  return base;
}

/** `$patch: replace` is a separate item, which needs no key. */
function everyHasKey(items: Json[], place: KeyedPlace): boolean {
  const bad = items.find(
    (item) => !isObject(item) || (entryOf(item, place.key) === undefined && item[PATCH] !== "replace"),
  );
  if (bad === undefined) return true;
  place.merger.report(
    place.path,
    `${place.key} is not set in an item, but it identifies the items of this list`,
    `set ${place.key}`,
  );
  return false;
}

/**
 * The value that a patch sets where none was: itself, without nulls and directives; nothing if it deletes. A value
 * without either is not copied, so a merge shares values with its layers.
 */
function withoutDirectives<T extends Json>(value: T): T extends JsonObject ? JsonObject | undefined : Json | undefined;
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const isDirected = value.some((item) => isObject(item) && item[PATCH] !== undefined);
    const kept = isDirected ? value.filter((item) => !isObject(item) || item[PATCH] === undefined) : value;
    return withItems(kept, cleanItem);
  }
  if (!isObject(value)) return value;
  if (value[PATCH] === "delete" || value[PATCH] === EXISTING) return undefined;
  return withEntries(value, (item, key) =>
    item === null || item === undefined || isDirective(key) ? undefined : withoutDirectives(item),
  ) as JsonObject;
}

function cleanItem(item: Json): Json {
  return isObject(item) ? (withoutDirectives(item) ?? {}) : item;
}

function keyOf(item: Json | undefined, key: string): Json | undefined {
  return isObject(item) ? entryOf(item, key) : undefined;
}

function shapeOf(value: Json): string {
  return Array.isArray(value) ? "list" : typeof value;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** A list item is named by its merge key, because its index may change with every layer. */
export function itemPath(path: string, key: string, value: Json | undefined): string {
  return `${path}[${key}=${typeof value === "object" ? JSON.stringify(value) : String(value)}]`;
}

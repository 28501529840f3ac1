/**
 * Look-up by a word that a user may have written. A plain object also returns inherited names (`constructor`,
 * `toString` …), and treats an assignment to `__proto__` specially. So objects are only read and written by key through
 * these functions; a test checks that.
 */

/** A table whose only keys are those that were set. */
export type Table<Value> = ReadonlyMap<string, Value>;

/** The table of these entries. */
export function tableOf<Value>(entries: Readonly<Record<string, Value>>): Table<Value> {
  return new Map(Object.entries(entries));
}

type Entries<Value> = { readonly [key: string]: Value };

/** An object's own entry of that name; undefined if it has none, or if there is no object. */
export function entryOf<Value>(object: Entries<Value> | null | undefined, key: string): Value | undefined {
  return object !== undefined && object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an object's own entry of that name. */
export function setEntry<Value>(object: { [key: string]: Value }, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}

/** Visits an object's own entries in their order, without a list of them: for walks over every value of a document. */
export function eachEntry<Value>(object: Entries<Value>, visit: (key: string, value: Value) => void): void {
  for (const key of Object.keys(object)) visit(key, object[key] as Value);
}

/** A new object with every entry as `change` returns it. */
export function mapEntries<Value>(
  object: Entries<Value>,
  change: (value: Value, key: string) => Value,
): { [key: string]: Value } {
  const out: { [key: string]: Value } = {};
  for (const key of Object.keys(object)) setEntry(out, key, change(object[key] as Value, key));
  return out;
}

/**
 * The object with every entry as `change` returns it, without entries for which it returns undefined. If nothing
 * changes, it is the same object: most of a document stays as it is, and is not copied.
 */
export function withEntries<Value>(
  object: Entries<Value>,
  change: (value: Value, key: string) => Value | undefined,
): Entries<Value> {
  const keys = Object.keys(object);
  let changed: { [key: string]: Value } | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const before = object[key] as Value;
    const after = change(before, key);
    if (changed === undefined) {
      if (after === before && after !== undefined) continue;
      changed = entriesOf(object, keys.slice(0, index));
    }
    if (after !== undefined) setEntry(changed, key, after);
  }
  return changed ?? object;
}

/** A new object with some of the entries. */
function entriesOf<Value>(object: Entries<Value>, keys: readonly string[]): { [key: string]: Value } {
  const out: { [key: string]: Value } = {};
  for (const key of keys) setEntry(out, key, object[key] as Value);
  return out;
}

/** The object with every value as `change` returns it; the same object if none changes. Unset entries stay. */
export function withValues<Value>(
  object: Entries<Value>,
  change: (value: Value, key: string) => Value,
): { [key: string]: Value } {
  const keys = Object.keys(object);
  let changed: { [key: string]: Value } | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const before = object[key] as Value;
    const after = change(before, key);
    if (changed === undefined) {
      if (after === before) continue;
      changed = entriesOf(object, keys.slice(0, index));
    }
    setEntry(changed, key, after);
  }
  return changed ?? object;
}

/** The list with every item as `change` returns it; the same list if nothing changes. */
export function withItems<Item>(items: Item[], change: (item: Item, index: number) => Item): Item[] {
  let changed: Item[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as Item;
    const after = change(item, index);
    if (changed === undefined && after !== item) changed = items.slice(0, index);
    changed?.push(after);
  }
  return changed ?? items;
}

/**
 * Look-up by a word that may be the user's. A plain object answers to the names that it inherits too (`constructor`, `toString` …),
 * and takes an assignment to `__proto__` for another one. So objects are read and written by key through these functions only;
 * a test holds that.
 */

/** A table whose only keys are those that are written in it. */
export type Table<Value> = ReadonlyMap<string, Value>;

/** The table of these entries. */
export function tableOf<Value>(entries: Readonly<Record<string, Value>>): Table<Value> {
  return new Map(Object.entries(entries));
}

type Entries<Value> = { readonly [key: string]: Value };

/** The entry of an object's own by that name; undefined where it has none, or where there is no object. */
export function entryOf<Value>(object: Entries<Value> | null | undefined, key: string): Value | undefined {
  return object !== undefined && object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an object's own entry of that name. */
export function setEntry<Value>(object: { [key: string]: Value }, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}

/**
 * Look-up tables that are asked with a word of the user. A plain object answers to the names that it inherits too
 * (`constructor`, `__proto__`, `toString` …), so neither tables nor maps of the user are indexed with such a word.
 */

/** A table whose only keys are those that are written in it. */
export type Table<Value> = ReadonlyMap<string, Value>;

/** The table of these entries. */
export function tableOf<Value>(entries: Readonly<Record<string, Value>>): Table<Value> {
  return new Map(Object.entries(entries));
}

/** The entry of a map that came in as data; undefined where it has none of its own by that name. */
export function entryOf<Value>(entries: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

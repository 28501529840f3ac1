const LONGEST = 16_384;

/**
 * The function with its last results kept, for pure functions of a text that a plan calls again and again. Results are
 * shared, so callers must not change them. Keeps at most `most` results and drops the oldest; results of very long
 * texts are not kept.
 */
export function remembering<T>(of: (text: string) => T, most = 256): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const result = of(text);
    if (text.length > LONGEST) return result;
    if (known.size >= most) known.delete(known.keys().next().value as string);
    known.set(text, result);
    return result;
  };
}

/** The same for functions of two lists or maps that never change: the result is kept as long as both. */
export function rememberingOfBoth<K extends object, B extends object, T>(
  of: (key: K, beside: B) => T,
): (key: K, beside: B) => T {
  const known = rememberingOf((beside: B) => rememberingOf((key: K) => of(key, beside)));
  return (key, beside) => known(beside)(key);
}

/** The same for functions of a list or map that never changes: the result is kept as long as that. */
export function rememberingOf<K extends object, T>(of: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const result = of(key);
    known.set(key, result);
    return result;
  };
}

/**
 * The same for lists and maps that a plan makes, and reads again while it runs: only the last results are kept. In a
 * weak map each of them would survive young collections, which made a plan slower. Further arguments must always be the
 * same for a key.
 */
export function rememberingLast<K extends object, Beside extends readonly unknown[], T>(
  of: (key: K, ...beside: Beside) => T,
  most = 16,
): (key: K, ...beside: Beside) => T {
  const keys: K[] = [];
  const results: T[] = [];
  let next = 0;
  return (key, ...beside) => {
    const at = keys.indexOf(key);
    if (at >= 0) return results[at] as T;
    const result = of(key, ...beside);
    keys[next] = key;
    results[next] = result;
    next = (next + 1) % most;
    return result;
  };
}

/**
 * The same for functions of a list whose items never change: the list may be another one each time, as that of the
 * configs of a plan. Only the last results are kept. `isSame` compares the second arguments, of which two that are the
 * same must have the same result.
 */
export function rememberingItems<Item, Beside, T>(
  of: (items: readonly Item[], beside: Beside) => T,
  most = 4,
  isSame: (one: Beside, other: Beside) => boolean = Object.is,
): (items: readonly Item[], beside: Beside) => T {
  const known: { items: readonly Item[]; beside: Beside; result: T }[] = [];
  return (items, beside) => {
    const before = known.find((one) => isSame(one.beside, beside) && hasSameItems(one.items, items));
    if (before !== undefined) return before.result;
    const result = of(items, beside);
    known.unshift({ items: [...items], beside, result });
    known.length = Math.min(known.length, most);
    return result;
  };
}

/** Whether two lists have identical items in the same order. */
export function hasSameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

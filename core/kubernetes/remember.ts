const LONGEST = 16_384;

/**
 * The function with its last results kept: for pure functions of a text that a plan asks again and again. What it returns is shared,
 * so callers must not change it. Keeps at most `most` results, and forgets the oldest; results of very long texts are not kept.
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

/** The same for functions of two lists or maps that are not changed: kept as long as both are. */
export function rememberingOfBoth<K extends object, B extends object, T>(
  of: (key: K, beside: B) => T,
): (key: K, beside: B) => T {
  const known = rememberingOf((beside: B) => rememberingOf((key: K) => of(key, beside)));
  return (key, beside) => known(beside)(key);
}

/** The same for functions of a list or map that is not changed: kept as long as that is. */
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
 * The same for lists and maps that a plan makes, and asks for again while it runs: only the last ones are kept. In a weak map each of
 * them would outlive the collection of what is young, which made a plan slower. What stands
 * beside a key must always be the same for it.
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

/**
 * Parts of documents that come with every plan and never change: presets and configs as they were read, and what was
 * merged of them alone. Most of a merged spec consists of the same objects as these parts, so a walk has to judge each
 * of them only once.
 */
const unchanging = new WeakSet<object>();

/** Declares that a value does not change from now on, with everything in it. */
export function declareUnchanging(value: unknown): void {
  if (typeof value !== "object" || value === null || unchanging.has(value)) return;
  unchanging.add(value);
  for (const item of Object.values(value)) declareUnchanging(item);
}

export function isUnchanging(value: object): boolean {
  return unchanging.has(value);
}

/**
 * The function with its results for unchanging values, kept as long as those. Results are shared, so callers must not
 * change them.
 */
export function rememberingUnchanging<K extends object, T>(of: (value: K) => T): (value: K) => T {
  const known = new WeakMap<K, T>();
  return (value) => {
    if (!unchanging.has(value)) return of(value);
    const before = known.get(value);
    if (before !== undefined) return before;
    const result = of(value);
    known.set(value, result);
    return result;
  };
}

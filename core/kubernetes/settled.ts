/**
 * Parts of documents that come with every plan and never change: presets and configs as they were read, and what was
 * merged of them alone. Most of a merged spec consists of the same objects as these parts, so a walk has to judge each
 * of them only once.
 */
const settled = new WeakSet<object>();

/** Declares a value settled, with everything in it. From then on it must not be changed. */
export function settle(value: unknown): void {
  if (typeof value !== "object" || value === null || settled.has(value)) return;
  settled.add(value);
  for (const item of Object.values(value)) settle(item);
}

export function isSettled(value: object): boolean {
  return settled.has(value);
}

/**
 * The function with its results for settled values, kept as long as those. Results are shared, so callers must not
 * change them.
 */
export function rememberingSettled<K extends object, T>(of: (value: K) => T): (value: K) => T {
  const known = new WeakMap<K, T>();
  return (value) => {
    if (!settled.has(value)) return of(value);
    const before = known.get(value);
    if (before !== undefined) return before;
    const result = of(value);
    known.set(value, result);
    return result;
  };
}

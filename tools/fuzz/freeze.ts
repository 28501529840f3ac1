/** Freezes a value to its leaves, circular ones too: code that changes its input throws. */
export function deepFreeze<T>(value: T): T {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== "object" || one === null || Object.isFrozen(one)) continue;
    Object.freeze(one);
    open.push(...Object.values(one));
  }
  return value;
}

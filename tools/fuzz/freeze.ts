/** Freezes a value to its leaves, including circular ones: code that changes its input then throws. */
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

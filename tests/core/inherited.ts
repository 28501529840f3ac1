/** The names that every plain object inherits: no table may return something for them. */
export const INHERITED: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

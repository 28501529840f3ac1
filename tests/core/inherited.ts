/** The names that every plain object answers to without having them: no table may know them. */
export const INHERITED: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

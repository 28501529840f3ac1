/** The directives of a strategic merge patch, which are among the fields of a map. */
export const PATCH = "$patch";
export const RETAIN_KEYS = "$retainKeys";
/** Followed by the name of a list. */
export const ORDER = "$setElementOrder/";
export const DELETE = "$deleteFromPrimitiveList/";

export function isDirective(name: string): boolean {
  if (!name.startsWith("$")) return false;
  return name === PATCH || name === RETAIN_KEYS || name.startsWith(ORDER) || name.startsWith(DELETE);
}

/** Steps of a path: field names, and what stands in brackets: an item's key, as `[KEY]` or `[name=KEY]`, or a key of a map. */
export function stepsOf(path: string): string[] | undefined {
  if (!/^[\w$]+(\.[\w$/-]+|\[[^[\]]+\])*$/.test(path)) return undefined;
  return [...path.matchAll(/\[([^[\]]+)\]|[^.[\]]+/g)].map(([whole, key]) => key ?? whole);
}

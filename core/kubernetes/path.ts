/** `a.b[k=v]` as `a`, `b`, `[k=v]`: brackets stay, and dots inside them are part of the step. `{}` is a separate step. */
export function pathSteps(path: string): string[] {
  return path.match(/\[[^[\]]*\]|\{\}|[^.[\]{}]+/g) ?? [];
}

/** A step without its brackets: an item's key, as `KEY` or `name=KEY`, or a key of a map. */
export function bareStep(step: string): string {
  return /^\[(.*)\]$/.exec(step)?.[1] ?? step;
}

/** The steps of a path that a user wrote, without brackets; undefined for a text that is not a path. */
export function writtenSteps(path: string): string[] | undefined {
  if (!/^[\w$]+(\.[\w$/-]+|\[[^[\]]+\])*$/.test(path)) return undefined;
  return pathSteps(path).map(bareStep);
}

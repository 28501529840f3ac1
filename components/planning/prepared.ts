import type { Issue } from "../../core/contract/issues/issue.ts";
import type { Deferred } from "../inputs/deferred.ts";
import { reportingDefects } from "./defect.ts";

/**
 * What a component knows before it registers anything: its arguments, their planning, and the problems that were found.
 */
export interface Prepared<Result> {
  deferred: Deferred;
  result: Result;
  issues: readonly Issue[];
}

/**
 * Remembers what was prepared from arguments, by their identity. The provider judges arguments before it makes a
 * component of them, so the component does not read and plan them again.
 */
export function preparing<Args extends object, Result>(
  prepare: (name: string, args: Args) => Promise<Prepared<Result>>,
): (name: string, args: Args) => Promise<Prepared<Result>> {
  const before = new WeakMap<Args, { name: string; prepared: Promise<Prepared<Result>> }>();
  return (name, args) => {
    const known = before.get(args);
    if (known?.name === name) return known.prepared;
    const prepared = reportingDefects(`the preparation of ${JSON.stringify(name)}`, () => prepare(name, args));
    before.set(args, { name, prepared });
    return prepared;
  };
}

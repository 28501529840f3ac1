import type { Issue } from "../errors.ts";
import type { Provenance } from "../merge/merge.ts";

/** By layer the sizes that its `tuning` says: the path that each has once it is lowered, and the one that it is written at. */
export type WrittenSizes = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Issues of sizes at the path where the layer that set them wrote them, for nobody finds `parallelism` who wrote `tuning`. */
export function asWritten(issues: readonly Issue[], written: WrittenSizes, provenance: Provenance = {}): Issue[] {
  return issues.map((issue) => {
    const layer = provenance[issue.path.replace(/^spec\./, "")]?.layer ?? "service";
    const path = written.get(layer)?.get(issue.path);
    return path === undefined ? issue : { ...issue, path };
  });
}

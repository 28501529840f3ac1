import type { Issue } from "../../contract/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import type { WrittenSizes } from "../../contract/lowering.ts";
import { entryOf } from "../../kubernetes/table.ts";

/** Issues of sizes at the path where the layer that set them wrote them, for nobody finds `parallelism` who wrote `tuning`. */
export function asWritten(issues: readonly Issue[], written: WrittenSizes, provenance: Provenance = {}): Issue[] {
  return issues.map((issue) => {
    const layer = entryOf(provenance, issue.path.replace(/^spec\./, ""))?.layer ?? "service";
    const path = written.get(layer)?.get(issue.path);
    return path === undefined ? issue : { ...issue, path };
  });
}

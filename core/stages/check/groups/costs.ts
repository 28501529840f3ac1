import type { Issue } from "../../../contract/issues/issue.ts";
import type { PlannedGroup } from "./planned.ts";

/**
 * The variant autoscaler prefers cheap replicas of a model. If groups on different hardware have the same cost, their
 * costs were probably never set: each has the API's default.
 */
export function judgeCosts(groups: readonly PlannedGroup[]): Issue[] {
  const scaled = groups.filter(({ spec }) => spec.scaling?.wva !== undefined);
  const costs = new Set(scaled.map(({ spec }) => Number(spec.scaling?.wva?.variantCost)));
  const hardware = new Set(scaled.map(({ accelerator }) => accelerator));
  const [cost] = costs;
  if (costs.size !== 1 || hardware.size < 2) return [];
  const names = scaled.map(({ name }) => name).join(", ");
  return [
    {
      code: "Conflict",
      severity: "warning",
      path: "spec.groups",
      layer: "merged",
      message: `replicas of the groups ${names} run on different accelerators, but variantCost is ${cost} for all of them, so the variant autoscaler cannot prefer the cheaper ones`,
      fix: "set scaling.wva.variantCost of each group to what one of its replicas costs",
    },
  ];
}

import { inGroup } from "../../../contract/grouped.ts";
import { byName } from "../../../contract/issues/indexed.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { NO_ORIGINS } from "../../../contract/layer.ts";
import type { GroupPlan, PlanInput } from "../../../contract/plan.ts";
import { withSeverities } from "../checks.ts";
import { judgeCosts } from "./costs.ts";
import { judgeGroups } from "./groups.ts";
import type { PlannedGroup } from "./planned.ts";

/** Problems of the planned groups together: of their costs, and of what their pods must have alike. */
export function checkGroups(
  groups: readonly GroupPlan[],
  { modelInfo, checks }: Pick<PlanInput, "modelInfo" | "checks">,
): Issue[] {
  const planned = groups.flatMap(plannedGroup);
  const [first] = planned;
  const { objects = [], service } = groups[0]?.plan ?? {};
  const model = first?.spec.model?.name ?? service?.metadata.name ?? "";
  const found = judgeGroups(planned, { objects, model, ...(modelInfo && { modelInfo }) });
  const specs = new Map(planned.map(({ name, spec }) => [name, spec]));
  const issues = found.flatMap(({ group, finding }) =>
    inGroup({ name: group, issues: byName(withSeverities([finding], checks), specs.get(group)) }),
  );
  return [...judgeCosts(planned), ...issues];
}

/** What the checks of groups read of a group whose plan got as far as a spec. */
function plannedGroup({ name, plan: { spec, provenance = NO_ORIGINS, trace } }: GroupPlan): PlannedGroup[] {
  const accelerator = trace?.accelerators.main?.name;
  const engineVersion = trace?.input.engineVersion;
  if (spec === undefined) return [];
  const written = trace?.written;
  return [
    {
      ...{ name, spec, provenance },
      ...(written && { written }),
      ...(accelerator && { accelerator }),
      ...(engineVersion && { engineVersion }),
    },
  ];
}

import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Plan, PlanInput } from "../../contract/plan.ts";
import { acceleratorNames } from "../../knowledge/accelerators/recognise.ts";
import { storedBytes } from "../../knowledge/memory/parts.ts";
import { servedModel } from "../../knowledge/models/served.ts";
import { stackOf } from "../../knowledge/stacks/stacks.ts";
import { KnownObjects } from "../../kubernetes/known.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { materialize } from "./materialize.ts";

type Planned = Required<Pick<Plan, "service" | "spec">> & Pick<Plan, "operations" | "trace">;

/** The objects of a service, or of one of its groups, as it was planned; and what building them reports. */
export function materializePlanned(
  { service, spec, operations, trace }: Planned,
  { settings, adopt, modelInfo, known, stack, lowering }: PlanInput,
  behaviour: Behaviour,
  group: string | undefined,
): { objects: KubernetesObject[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const model = servedModel({ spec, modelInfo });
  const objects = materialize({
    service,
    spec,
    operations,
    settings,
    adopt,
    behaviour,
    modelBytes: model && storedBytes(model),
    known: new KnownObjects(known),
    accelerators: acceleratorNames(spec, trace?.accelerators, lowering),
    groupSizes: trace?.groupSizes,
    stack: stackOf(stack),
    report: (issue) => void issues.push(issue),
    ...(group !== undefined && { group }),
  });
  return { objects, issues };
}

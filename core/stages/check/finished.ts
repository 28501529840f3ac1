import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { NO_ORIGINS } from "../../contract/layer.ts";
import type { Plan, PlanInput } from "../../contract/plan.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import type { CheckFinding } from "./check.ts";
import { withSeverities } from "./checks.ts";
import { judgeRouting } from "./network/routing.ts";
import { judgeDigests } from "./objects/digests.ts";
import { withLayers } from "./objects/layers.ts";
import { judgeObjects } from "./objects/objects.ts";
import { judgeScalers } from "./objects/scalers.ts";
import { judgeTriggers } from "./objects/triggers.ts";
import { judgeSchedulerConfig } from "./scheduler/schedulerconfig.ts";

type Built = Required<Pick<Plan, "spec">> & Pick<Plan, "operations" | "provenance">;

/** Problems of the finished objects: of what they require of each other, and of what the API server refuses. */
export function judgeFinished(
  objects: readonly KubernetesObject[],
  { spec, operations, provenance = NO_ORIGINS }: Built,
  { settings, checks }: Pick<PlanInput, "settings" | "checks">,
  behaviour: Behaviour,
): Issue[] {
  const together = behaviour.checks ? [...judgeRouting(objects), ...judgeSchedulerConfig(objects, spec)] : [];
  const written = { spec, operations, provenance };
  return [
    ...withSeverities(withLayers(together, spec, provenance), checks),
    ...refused(judgeObjects(objects, written, behaviour)),
    ...refused(judgeDigests(objects, written, settings)),
    ...refused(behaviour.checks ? [...judgeScalers(written), ...judgeTriggers(objects, written)] : []),
  ];
}

/**
 * What the API server refuses is an error whatever severity a stack sets; what only some clusters refuse is a warning.
 */
function refused(findings: readonly CheckFinding[]): Issue[] {
  return findings.map((finding): Issue => ({ severity: "error", ...finding }));
}

import type { Operations } from "../../../api/shorthands/operations.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { ROLLOUT_DEFAULTS, share, withRollingUpdate } from "../../../kubernetes/workloads/workloads.ts";
import type { OperatedContext } from "../context.ts";
import { refusal } from "../issues.ts";

import { type EngineWorkload, editEngines } from "./workloads.ts";

type Rollout = NonNullable<Operations["rollout"]>;

/**
 * How pods and groups are replaced. The scheduler is always stopped first, because only one picker may be active at a
 * time.
 */
export function withRollout(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const { rollout } = context.operations;
  if (rollout === undefined || Object.keys(rollout).length === 0) return objects;
  return editEngines(objects, context, (workload) => {
    const chosen = { ...rollout, ...ownRollout(workload, context) };
    checkMoves(chosen, workload, context);
    return withRollingUpdate(workload.object, chosen);
  });
}

/** A role's own rollout settings override those for all roles. */
function ownRollout({ role }: EngineWorkload, { spec }: OperatedContext): Rollout {
  const { maxSurge, maxUnavailable } = (role === "prefill" ? spec.prefill : spec)?.rolloutStrategy ?? {};
  return { ...(maxSurge !== undefined && { maxSurge }), ...(maxUnavailable !== undefined && { maxUnavailable }) };
}

/** Both APIs refuse a rollout that may neither add nor remove a pod. */
function checkMoves(rollout: Rollout, { object, title }: EngineWorkload, { report }: OperatedContext): void {
  const { maxSurge, maxUnavailable } = { ...ROLLOUT_DEFAULTS[object.kind], ...rollout };
  if (share(maxSurge, 100, Math.ceil) > 0 || share(maxUnavailable, 100, Math.ceil) > 0) return;
  const message = `maxSurge and maxUnavailable of ${title} are both 0: a rollout could never make progress`;
  const fix = "set maxSurge or maxUnavailable to 1";
  report(refusal("InvalidValue", "spec.operations.rollout", message, fix));
}

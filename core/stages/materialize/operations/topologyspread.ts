import { type Operations, switchOf } from "../../../api/shorthands/operations.ts";
import { LABEL } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { editPods } from "../../../kubernetes/workloads/pods.ts";
import type { OperatedContext } from "../context.ts";
import { refusal, unused } from "../issues.ts";

import { type EngineWorkload, editEngines, isDisaggregatedSetWanted } from "./workloads.ts";

type Spread = Extract<Operations["topologySpread"], object>;

const PATH = "spec.operations.topologySpread";
const ZONE = "topology.kubernetes.io/zone";
/**
 * Labels that distinguish the pods of a rollout from those that they replace, so that only pods of one revision are
 * counted together. Roles of a set are groups too.
 */
const REVISION = { pods: "pod-template-hash", groups: LABEL.groupRevision } as const;

/**
 * Spreads the engines of each workload. For groups the leaders are spread: followers belong next to their leader, and
 * spreading them too would split each group. So a group without a leader's template cannot be spread.
 */
export function withTopologySpread(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const chosen = switchOf(context.operations.topologySpread);
  if (chosen === undefined) return objects;
  return editEngines(objects, context, (workload) => spread(workload, chosen, context));
}

function spread(workload: EngineWorkload, chosen: Spread, context: OperatedContext): KubernetesObject {
  const { report } = context;
  const { object, isGroups, hasLeader, title } = workload;
  if (isGroups && !hasLeader) {
    const message = `the groups of ${title} have no leader template, so topologySpread would separate the pods of a group`;
    report(refusal("Conflict", PATH, message, "set template, or use exclusiveTopology"));
    return object;
  }
  const constraint = constraintOf(workload, chosen, isGroups || isDisaggregatedSetWanted(context));
  const edit = (pod: PodSpec): PodSpec => {
    const { topologySpreadConstraints = [] } = pod;
    if (!topologySpreadConstraints.some(({ topologyKey }) => topologyKey === constraint.topologyKey)) {
      return { ...pod, topologySpreadConstraints: [...topologySpreadConstraints, constraint] };
    }
    const message = `the template of ${title} already spreads over ${constraint.topologyKey}`;
    report(unused(PATH, message, "remove the constraint from the template, or topologySpread from operations"));
    return pod;
  };
  return editPods(object, edit, "engines");
}

function constraintOf({ serving: { labels } }: EngineWorkload, chosen: Spread, isGroups: boolean) {
  const { topologyKey = ZONE, maxSkew = 1, whenUnsatisfiable = "ScheduleAnyway" } = chosen;
  return {
    ...{ maxSkew, topologyKey, whenUnsatisfiable },
    labelSelector: { matchLabels: labels },
    matchLabelKeys: [REVISION[isGroups ? "groups" : "pods"]],
  };
}

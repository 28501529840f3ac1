import type { IssueCode } from "../../../contract/issues/issue.ts";
import type { ModelInfo } from "../../../knowledge/models/config/config.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { schedulerConfigOf } from "../scheduler/schedulerconfig.ts";
import { judgeAnswers } from "./answers.ts";
import { judgeNames } from "./names.ts";
import { type GroupFinding, type PlannedGroup, servingOf } from "./planned.ts";
import { judgePorts } from "./ports.ts";
import { judgeContexts } from "./sizes.ts";

export const GROUP_CODES = ["GroupsDisagree"] as const satisfies readonly IssueCode[];

/** What the checks of groups read besides the groups. */
interface GroupsInput {
  /** The objects of one group, which include the scheduler. */
  objects: readonly KubernetesObject[];
  /** The service's name for its model. */
  model: string;
  modelInfo?: ModelInfo;
}

/** What the pods of all groups must have alike, because one route, one pool and one scheduler treat them as one. */
export function judgeGroups(
  groups: readonly PlannedGroup[],
  { objects, model, modelInfo }: GroupsInput,
): GroupFinding[] {
  if (groups.length < 2) return [];
  const { serving, unread } = servingOf(groups);
  const config = schedulerConfigOf(objects) ?? groups[0]?.spec.router?.scheduler?.config?.inline;
  return [
    ...judgeNames(serving, model, config),
    ...judgeAnswers(serving, config),
    ...judgeContexts(serving, config, modelInfo),
    ...judgePorts(serving),
    ...(serving.length > 0 ? unread.map(notCompared) : []),
  ];
}

function notCompared({ name }: PlannedGroup): GroupFinding {
  const message = `the plan cannot read the command line of the engines of ${name}, so it does not compare the model names and settings of the pods with those of the other groups`;
  const fix = "start the engine by its flags in args, or ensure that all groups serve the same model names";
  return {
    group: name,
    finding: { code: "GroupsDisagree", severity: "info", path: "spec.template", layer: "merged", message, fix },
  };
}

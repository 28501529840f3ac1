import { gpusPerUnit } from "../../core/knowledge/accelerators/devices.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { labelsIn, type Workload, workloadsOf } from "../../core/kubernetes/workloads/workloads.ts";
import { nameOf, objectsIn, rule, type Violation } from "../rule.ts";

const NO_TEAM = "";

export const BUDGET_RULE = rule({
  name: "gpu-budget",
  description: "The workloads of a team may use no more accelerators than its budget.",
  level: "mandatory",
  scope: "stack",
  fields: {
    label: {
      type: "string",
      description: "The label that names the team, on workloads or their pods.",
      default: "team",
    },
    budgets: {
      type: "object",
      additionalProperties: { type: "number", minimum: 0 },
      description:
        "Accelerators by team. * applies to every team that is not listed. Without budgets, the policy checks nothing.",
      default: {},
    },
  },
  judge: (resources, { label, budgets }) => {
    if (Object.keys(budgets).length === 0) return [];
    const used = new Map<string, Use[]>();
    for (const workload of workloadsOf(objectsIn(resources).map(({ object }) => object))) {
      const accelerators = gpusPerUnit(workload) * workload.most;
      const team = teamOf(workload, label);
      if (accelerators > 0) used.set(team, [...(used.get(team) ?? []), { of: nameOf(workload.object), accelerators }]);
    }
    return [...used].flatMap(([team, uses]) =>
      team === NO_TEAM ? withoutTeam(uses, label) : overBudget(team, uses, entryOf(budgets, team) ?? budgets["*"]),
    );
  },
});

/** The maximum use of a workload: with every replica that its autoscaler may add. */
interface Use {
  of: string;
  accelerators: number;
}

function teamOf({ object, pods }: Workload, label: string): string {
  const labels = [labelsIn(object.metadata.labels), ...pods.map((pod) => pod.labels)];
  return labels.map((one) => entryOf(one, label)).find((team) => team !== undefined) ?? NO_TEAM;
}

function withoutTeam(uses: readonly Use[], label: string): Violation[] {
  return uses.map(({ of, accelerators }) => ({
    message: `${of} uses up to ${accelerators} accelerators, but has no label ${label}; set this label to the name of the team`,
  }));
}

function overBudget(team: string, uses: readonly Use[], budget: number | undefined): Violation[] {
  const total = uses.reduce((sum, { accelerators }) => sum + accelerators, 0);
  if (budget === undefined) return [{ message: `team ${team} uses up to ${total} accelerators, but has no budget` }];
  const parts = uses.map(({ of, accelerators }) => `${of} ${accelerators}`).join(", ");
  const message = `team ${team} uses up to ${total} accelerators, but its budget is ${budget}: ${parts}`;
  return total > budget ? [{ message }] : [];
}

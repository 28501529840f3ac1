import { behaviourOf } from "../../../core/contract/behaviour.ts";
import type { Issue } from "../../../core/contract/issues/issue.ts";
import type { Plan, PlanInput } from "../../../core/contract/plan.ts";
import { stackOf } from "../../../core/knowledge/stacks/stacks.ts";
import { KnownObjects } from "../../../core/kubernetes/known.ts";
import type { KubernetesObject } from "../../../core/kubernetes/objects.ts";
import { plan } from "../../../core/plan.ts";
import type { CheckFinding } from "../../../core/stages/check/check.ts";
import { judgeObjects } from "../../../core/stages/check/objects/objects.ts";
import { materialize } from "../../../core/stages/materialize/materialize.ts";

/** The plan's verdict on an input: fine, refused because of its objects, or refused before there are any. */
export type PlanVerdict =
  | { kind: "passed"; objects: readonly KubernetesObject[] }
  | { kind: "refused"; objects: readonly KubernetesObject[]; findings: readonly CheckFinding[] }
  | { kind: "before"; errors: readonly Issue[] };

/** The plan's verdict, with the objects that it would have made without the refusal. */
export function verdictOf(input: PlanInput): PlanVerdict {
  const planned = plan(input);
  const errors = planned.issues.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return { kind: "passed", objects: planned.objects };
  const built = builtFrom(planned, input);
  if (built === undefined) return { kind: "before", errors };
  const ofObjects = errors.every((error) => built.findings.some((finding) => isSame(finding, error)));
  return ofObjects ? { kind: "refused", ...built } : { kind: "before", errors };
}

function isSame(finding: CheckFinding, error: Issue): boolean {
  return finding.code === error.code && finding.message === error.message;
}

/** The objects of a spec that was merged completely. */
function builtFrom(
  { service, spec, operations }: Plan,
  { settings, known, compat, stack }: PlanInput,
): { objects: KubernetesObject[]; findings: CheckFinding[] } | undefined {
  // A spec without what every service has is refused before anything is made of it.
  if (service === undefined || spec?.model?.uri === undefined) return undefined;
  const context = { service, spec, settings, known: new KnownObjects(known), behaviour: behaviourOf(compat) };
  const objects = materialize({
    ...context,
    ...(operations && { operations }),
    stack: stackOf(stack),
    report: () => {},
  });
  return { objects, findings: judgeObjects(objects, { spec, operations }) };
}

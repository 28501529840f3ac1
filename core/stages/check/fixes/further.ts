import { errorsOf, hasForm, independentOf, isNear, standsWithout } from "../../../contract/further.ts";
import { deduplicate, formatIssue, type Issue } from "../../../contract/issue.ts";
import type { Plan } from "../../../contract/plan.ts";
import { isObject } from "../../../kubernetes/json.ts";
import { type Mend, mendedDocument } from "./mended.ts";

/** More rounds than stages that end a plan. */
const ROUNDS = 6;
/** A document with more errors is mended first. */
const MOST_ERRORS = 50;

/**
 * The errors that stages would find which a plan did not reach: those of the plan of the service without the errors that ended it,
 * round by round. An error that follows from how an earlier one was put right is none.
 */
export function furtherErrors(first: Plan, service: unknown, plan: (service: unknown) => Plan): Issue[] {
  const further: Issue[] = [];
  let last = first;
  let document = service;
  const mends: Mend[] = [];
  for (let round = 0; round < ROUNDS && !isWhole(last); round++) {
    const errors = errorsOf(last.issues);
    const isMendable = errors.length <= MOST_ERRORS;
    const mended = isMendable && isObject(document) ? mendedDocument(document, errors) : undefined;
    if (mended === undefined) break;
    const next = plan(mended.document);
    if (hasAnyOf(next, errors)) break;
    mends.push(...mended.mends);
    const own = independentOf([...first.issues, ...further], next.issues);
    further.push(...own.filter((error) => mends.every((mend) => stands(mend, error))));
    last = next;
    document = mended.document;
  }
  return deduplicate(further);
}

/** Whether a plan came to the objects, or would have none because something is missing. */
function isWhole({ issues, spec, groups }: Plan): boolean {
  const plans = groups?.map(({ plan }) => plan) ?? [{ issues, spec }];
  return plans.every((plan) => plan.spec !== undefined && hasForm(plan.issues)) && hasForm(issues);
}

/** Whether a plan still has any of these errors, although their fixes were made. */
function hasAnyOf({ issues }: Plan, errors: readonly Issue[]): boolean {
  const lines = new Set(issues.map(formatIssue));
  return errors.some((error) => lines.has(formatIssue(error)));
}

function stands({ paths, by }: Mend, error: Issue): boolean {
  if (paths.some((path) => isNear(path, error.path))) return false;
  return by === "fix" || paths.every((path) => standsWithout(path, error));
}

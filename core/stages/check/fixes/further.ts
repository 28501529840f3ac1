import {
  errorsOf,
  hasForm,
  independentOf,
  isNear,
  isOfChecks,
  isOption,
  standsWithout,
} from "../../../contract/issues/further.ts";
import { deduplicate, formatIssue, type Issue } from "../../../contract/issues/issue.ts";
import type { Plan } from "../../../contract/plan.ts";
import { type Mend, mendedDocuments, type WrittenDocuments } from "./mended.ts";

/** More rounds than there are stages that end a plan. */
const ROUNDS = 6;
/** Documents with more errors must be corrected by hand first. */
const MOST_ERRORS = 50;

/** Makes the plan of other documents, as if the issues of options did not exist. */
type PlanAgain = (documents: WrittenDocuments, excused: readonly Issue[]) => Plan;

/**
 * The errors of stages that a plan did not reach. They come from plans of the documents without the errors that ended
 * the plan, round by round. An error that follows from the correction of an earlier one is left out.
 */
export function furtherErrors(first: Plan, written: WrittenDocuments, plan: PlanAgain): Issue[] {
  const further: Issue[] = [];
  let last = first;
  let documents = written;
  const mends: Mend[] = [];
  const excused: Issue[] = [];
  for (let round = 0; round < ROUNDS && !isWhole(last); round++) {
    const errors = errorsOf(last.issues).filter((error) => !isOfChecks(error));
    if (errors.length > MOST_ERRORS) return [...deduplicate(further), notJudged(errors.length)];
    const mended = errors.length === 0 ? undefined : mendedDocuments(documents, errors);
    if (mended === undefined) break;
    excused.push(...errors.filter(isOption));
    const next = plan(mended.documents, excused);
    if (hasAnyOf(next, errors)) break;
    mends.push(...mended.mends);
    const own = independentOf([...first.issues, ...further], next.issues);
    further.push(...own.filter((error) => mends.every((mend) => stands(mend, error))));
    last = next;
    documents = mended.documents;
  }
  return deduplicate(further);
}

/** This note says that the list may be incomplete: it only has the errors of the first stages. */
function notJudged(count: number): Issue {
  return {
    code: "NotJudged",
    severity: "info",
    path: "",
    layer: "service",
    message: `the plan ends at these ${count} errors, so later stages have not judged the service, which may have more errors`,
    fix: `correct them until at most ${MOST_ERRORS} are left; the plan then reports the errors of all stages together`,
  };
}

/** Whether a plan reached the objects, or would only lack them because something is missing. */
function isWhole({ issues, spec, groups }: Plan): boolean {
  const plans = groups?.map(({ plan }) => plan) ?? [{ issues, spec }];
  return plans.every((plan) => plan.spec !== undefined && hasForm(plan.issues)) && hasForm(issues);
}

/** Whether a plan still has any of these errors after their fixes were applied. */
function hasAnyOf({ issues }: Plan, errors: readonly Issue[]): boolean {
  const lines = new Set(issues.map(formatIssue));
  return errors.some((error) => lines.has(formatIssue(error)));
}

function stands({ paths, by }: Mend, error: Issue): boolean {
  if (paths.some((path) => isNear(path, error.path))) return false;
  return by === "fix" || paths.every((path) => standsWithout(path, error));
}

import { deduplicate, formatIssue, type Issue } from "../../../contract/issues/issue.ts";
import {
  errorsOf,
  hasForm,
  independentOf,
  isNear,
  isOfChecks,
  isOfOneWord,
  isOption,
  remainsWithout,
} from "../../../contract/issues/remaining.ts";
import type { Plan } from "../../../contract/plan.ts";
import { STAND_INS } from "../../../knowledge/accelerators/standinclasses.ts";
import { type Correction, correctedDocuments, type WrittenDocuments } from "./corrected.ts";
import { isUnknownAccelerator, isUnsupportedModel, withStandIn } from "./standins.ts";

/** More rounds than there are stages that end a plan. */
const ROUNDS = 6;
/** Documents with more errors must be corrected by hand first. */
const MOST_ERRORS = 50;

/** Makes the plan of other documents, as if the issues of options did not exist. */
type PlanAgain = (documents: WrittenDocuments, excused: readonly Issue[]) => Plan;

/** The documents without the errors that ended their plan, round by round, and what was found in them. */
interface Further {
  errors: readonly Issue[];
  /** Whether a class stood in for an unknown accelerator. */
  isByStandIn: boolean;
  /** Whether the plan refused the class that stood in, so that later stages did not judge the service with it. */
  isRefused: boolean;
}

/**
 * The errors of stages that a plan did not reach. They come from plans of the documents without the errors that ended
 * the plan, round by round. An error that follows from the correction of an earlier one is left out. Different classes
 * stand in for an unknown accelerator, and an error remains if the plans with all of them have it.
 */
export function furtherErrors(first: Plan, written: WrittenDocuments, plan: PlanAgain): Issue[] {
  const one = furtherWith(0, first, written, plan);
  if (!one.isByStandIn) return [...one.errors];
  const others = Array.from({ length: STAND_INS - 1 }, (_, i) => furtherWith(i + 1, first, written, plan));
  const judged = [one, ...others].filter(({ isRefused }) => !isRefused);
  if (judged.length < 2) return [];
  const lines = judged.map(({ errors }) => new Set(errors.map(formatIssue)));
  return (judged[0]?.errors ?? []).filter((error) => lines.every((found) => found.has(formatIssue(error))));
}

function furtherWith(attempt: number, first: Plan, written: WrittenDocuments, plan: PlanAgain): Further {
  const further: Issue[] = [];
  let last = first;
  let documents = written;
  const corrections: Correction[] = [];
  const excused: Issue[] = [];
  const stoodFor: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const errors = hidingErrors(last, (error) => withStandIn(error, documents, attempt));
    if (errors.length > MOST_ERRORS) further.push(notJudged(errors.length));
    const isTooLong = errors.length === 0 || errors.length > MOST_ERRORS;
    const corrected = isTooLong ? undefined : correctedDocuments(documents, errors);
    if (corrected === undefined) break;
    excused.push(...errors.filter(isOption));
    const next = plan(corrected.documents, excused);
    if (hasAnyOf(next, errors)) break;
    corrections.push(...corrected.corrections);
    stoodFor.push(...errors.filter(isReplaced).map(({ path }) => path));
    const own = newIn(next.issues, [...first.issues, ...further]);
    further.push(...own.filter((error) => corrections.every((correction) => persists(correction, error))));
    last = next;
    documents = corrected.documents;
    if (hidingErrors(last).some(({ path }) => stoodFor.includes(path)))
      return { errors: further, isByStandIn: true, isRefused: true };
  }
  return { errors: deduplicate(further), isByStandIn: stoodFor.length > 0, isRefused: false };
}

/** The errors because of which later stages, or checks, did not judge what they otherwise would. */
function hidingErrors(plan: Plan, replaced = (error: Issue): Issue => error): Issue[] {
  const all = errorsOf(plan.issues)
    .filter((error) => !isOfChecks(error))
    .map(replaced);
  return isWhole(plan) ? all.filter((error) => isUnsupportedModel(error) && error.fixes !== undefined) : all;
}

function isReplaced(error: Issue): boolean {
  return isUnknownAccelerator(error) && error.fixes !== undefined;
}

/**
 * The errors that earlier ones do not explain. A finding of a check explains no other error, because the flags of a
 * command line share one path. An error of the same code at the same path counts as found before.
 */
function newIn(later: readonly Issue[], earlier: readonly Issue[]): Issue[] {
  const placeOf = ({ code, path }: Issue): string => `${code} ${path}`;
  const known = new Set(errorsOf(earlier).map(placeOf));
  const explaining = errorsOf(earlier).filter((error) => !isOfChecks(error));
  const isIndependent = new Set(independentOf(explaining, later));
  const isNew = (error: Issue): boolean => isIndependent.has(error) || isOfOneWord(error.path, error);
  return errorsOf(later).filter((error) => isNew(error) && !known.has(placeOf(error)));
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

function persists({ paths, by }: Correction, error: Issue): boolean {
  const isOther = (path: string): boolean => by === "fix" && isOfOneWord(path, error);
  if (paths.some((path) => isNear(path, error.path) && !isOther(path))) return false;
  return by === "fix" || paths.every((path) => remainsWithout(path, error));
}

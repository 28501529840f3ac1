import { pathSteps } from "../kubernetes/path.ts";
import { tableOf } from "../kubernetes/table.ts";
import { CHECK_SEVERITIES } from "./checks.ts";
import { type Issue, type IssueCode, isFine } from "./issue.ts";

/**
 * Which later findings an earlier error leaves standing: a plan reports all that it can know at once, and no fault twice. What a later stage
 * finds at the place of an error, around it or inside of it follows from the error; all else is a fault of its own.
 */

/** Whether objects can be made of a spec of which this was found: it lacks nothing, and has the form of its type. */
export function hasForm(issues: readonly Issue[]): boolean {
  return !errorsOf(issues).some(({ code }) => code === "WrongType" || code === "MissingField");
}

/** Whether a check found this: it ends no plan, and what it is about is in the objects all the same. */
export function isOfChecks({ code }: Issue): boolean {
  return Object.hasOwn(CHECK_SEVERITIES, code);
}

/** Whether this was found of an option or a setting of the plan, which no document says: the plan goes on without it. */
export function isOption({ path }: Pick<Issue, "path">): boolean {
  return path !== "" && !OF_DOCUMENTS.includes(pathSteps(path)[0] ?? "");
}
const OF_DOCUMENTS: readonly string[] = ["spec", "metadata", "kind", "apiVersion", "status"];

export function errorsOf(issues: readonly Issue[]): Issue[] {
  return issues.filter((issue) => !isFine([issue]));
}

/**
 * The errors of a later stage that those before do not explain. What no field of the service leads to (its path is empty) may follow from
 * any value that was refused before; what checks find changes no object.
 */
export function independentOf(before: readonly Issue[], later: readonly Issue[]): Issue[] {
  const earlier = errorsOf(before);
  const areOfChecks = earlier.every(isOfChecks);
  const isNew = ({ path }: Issue): boolean => path !== "" || areOfChecks;
  const isNearEarlier = nearTo(earlier.map(({ path }) => path));
  return errorsOf(later).filter((error) => isNew(error) && !isNearEarlier(error.path));
}

/**
 * Tells of a path whether it is near to one of many: the same place, around it, or inside of it. The spec, and all of a role, are near
 * to themselves alone. The many are indexed, for a plan may hold thousands of errors, and each would be compared with each.
 */
export function nearTo(paths: readonly string[]): (path: string) => boolean {
  const texts = new Set(paths);
  const ends = new Set(paths.map((path) => placesAround(path).at(-1)));
  const around = new Set(paths.flatMap(placesAround));
  return (path) => {
    const places = placesAround(path);
    const end = places.at(-1) ?? "";
    return (
      texts.has(path) || (isField(end) && around.has(end)) || places.some((place) => isField(place) && ends.has(place))
    );
  };
}

/** A place and those that it is inside of, the outermost first. */
function placesAround(path: string): string[] {
  const steps = pathSteps(path);
  return steps.map((_, i) => steps.slice(0, i + 1).join("."));
}

function isField(place: string): boolean {
  return !ROLES.includes(place);
}

/** Whether two places are near to each other, by the rule of nearTo. */
export function isNear(path: string, other: string): boolean {
  return nearTo([other])(path);
}

/** The spec, and all of a role: a finding there is about nothing inside of it. */
const ROLES: readonly string[] = ["", "spec", "spec.prefill"];

/** Codes of findings that are of one place alone: nothing that stands elsewhere makes them right. */
const OF_ONE_PLACE: readonly IssueCode[] = [
  ...(["UnknownField", "WrongType", "UnknownFlag", "RemovedFlag", "InvalidFlagValue", "UnknownSchedulerFlag"] as const),
  ...(["SchedulerConfig", "TemplateSyntax", "NoDigest", "UnsupportedScheme", "UnknownAccelerator"] as const),
];

/** What fields of a service are about, where that is not what engines are and need; those of one word depend on each other. */
const KINDS = tableOf<string>({
  ...{ replicas: "replicas", scaling: "scaling", rolloutStrategy: "rollout", "operations.rollout": "rollout" },
  ...{ labels: "labels", annotations: "annotations", template: "pod", worker: "pod" },
});
/** How many pods there are, what changes that, and how they are replaced. A rollout's shares are counted from the first two. */
const OF_COUNTS: readonly string[] = ["replicas", "scaling", "rollout"];
/** What is found of a field by itself. What scales a service, and shares a cache, asks for much of its pods. */
const OF_FIELD: readonly IssueCode[] = ["InvalidValue", "MissingField", "Conflict"];
/** Fields of pods to which parallelism, the model and caches add. */
const ADDED = /\.(resources|volumeMounts|volumeDevices)\b/;

/**
 * Whether a finding stands whatever is written at a place from which a value was taken away: a size that is missing may be why a model
 * does not fit.
 */
export function standsWithout(place: string, { code, path }: Issue): boolean {
  const [removed, found] = [kindOf(place), kindOf(path)];
  if (removed === OPTION)
    return (
      OF_TEXT_ALONE.includes(code) ||
      (code === "InvalidValue" && OF_METADATA.includes(found)) ||
      (code === "MissingField" && WITHOUT_LAYERS.includes(pathSteps(place)[0] ?? ""))
    );
  if (OF_ONE_PLACE.includes(code) || (code === "ConfigNotFound" && path !== "spec")) return true;
  // Entries of a map do not depend on each other.
  if (removed === found) return OF_METADATA.includes(found) && code === "InvalidValue";
  if (OF_COUNTS.includes(removed)) return found !== "rollout";
  if (removed !== ENGINE && removed !== POD) return true;
  if (found === POD) return code === "InvalidValue" && !ADDED.test(path);
  return OF_FIELD.includes(code) && !OF_COUNTS.includes(found) && found !== ENGINE;
}

/** What no option changes: that the API has no such field, what a field's type is, and what keys and values of labels may be. */
const OF_TEXT_ALONE: readonly IssueCode[] = ["UnknownField", "WrongType", "TemplateSyntax"];
/** Options that bring no field of the service: what is missing is missing without them. */
const WITHOUT_LAYERS: readonly string[] = ["engineVersion", "checks", "modelInfo", "loadBytesPerSecond", "freeDevices"];
const OF_METADATA: readonly string[] = ["labels", "annotations", "operations.priorityClassName"];
const OPTION = "option";
const ENGINE = "engine";
const POD = "pod";

/** What the field of the service that a path is in is about, in whichever role. */
function kindOf(path: string): string {
  if (isOption({ path })) return OPTION;
  const steps = pathSteps(path).slice(1);
  const inner = steps[0] === "prefill" ? steps.slice(1) : steps[0] === "groups" ? steps.slice(2) : steps;
  const [field = "", below = ""] = inner;
  if (field !== "operations") return KINDS.get(field) ?? ENGINE;
  return KINDS.get(`${field}.${below}`) ?? `${field}.${below}`;
}

import { pathSteps } from "../../kubernetes/path.ts";
import { tableOf } from "../../kubernetes/table.ts";
import { CHECK_SEVERITIES } from "../options/checks.ts";
import { type Issue, type IssueCode, isFine } from "./issue.ts";

/**
 * Which later findings remain after an earlier error: a plan reports everything that it can know at once, but no fault
 * twice. A finding of a later stage at, around or inside the place of an error follows from that error; any other
 * finding is a separate fault.
 */

/**
 * Whether objects can still be made of a spec with this issue: nothing is missing, and every value has the type of its
 * field.
 */
export function hasForm(issues: readonly Issue[]): boolean {
  return !errorsOf(issues).some(({ code }) => code === "WrongType" || code === "MissingField");
}

/** Whether a check reported this. Checks do not end a plan, and the objects contain the reported value all the same. */
export function isOfChecks({ code }: Issue): boolean {
  return Object.hasOwn(CHECK_SEVERITIES, code);
}

/**
 * Whether this issue is about an option or a setting of the plan, which is not part of a document: the plan continues
 * without it.
 */
export function isOption({ path }: Pick<Issue, "path">): boolean {
  return path !== "" && !OF_DOCUMENTS.includes(pathSteps(path)[0] ?? "");
}
const OF_DOCUMENTS: readonly string[] = ["spec", "metadata", "kind", "apiVersion", "status"];

export function errorsOf(issues: readonly Issue[]): Issue[] {
  return issues.filter((issue) => !isFine([issue]));
}

/**
 * The errors of a later stage that earlier errors do not explain. An error without a field of the service (an empty
 * path) may follow from any refused value; findings of checks do not change objects.
 */
export function independentOf(before: readonly Issue[], later: readonly Issue[]): Issue[] {
  const earlier = errorsOf(before);
  const areOfChecks = earlier.every(isOfChecks);
  const isNew = ({ path }: Issue): boolean => path !== "" || areOfChecks;
  const isNearEarlier = nearTo(earlier.map(({ path }) => path));
  const isOfModel = earlier.some(({ path }) => URI.test(path));
  const follows = (error: Issue): boolean => isOfModel && error.layer === "merged" && MOUNTED.test(error.path);
  return errorsOf(later).filter((error) => isNew(error) && !isNearEarlier(error.path) && !follows(error));
}
/** The volumes and mounts that no layer writes follow from the URIs of the model and its adapters. */
const URI = /^spec\.model\.(?:uri|lora\.adapters\[\d+\]\.uri)$/;
const MOUNTED = /\.(?:volumes|volumeMounts)\b/;

/**
 * Returns a function that decides whether a path is near to one of many: the same place, around it, or inside of it.
 * The spec as a whole, and a role as a whole, are near only to themselves. The paths are indexed, because a plan may
 * hold thousands of errors that would all be compared with each other.
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

/** Whether two places are near to each other, as in nearTo. */
export function isNear(path: string, other: string): boolean {
  return nearTo([other])(path);
}

/** The spec as a whole, or a role as a whole: a finding there does not concern any field inside of it. */
const ROLES: readonly string[] = ["", "spec", "spec.prefill"];

/** Codes of findings that concern a single place: no other field can resolve them. */
const OF_ONE_PLACE: readonly IssueCode[] = [
  ...(["UnknownField", "WrongType", "UnknownFlag", "RemovedFlag", "InvalidFlagValue", "UnknownSchedulerFlag"] as const),
  ...(["SchedulerConfig", "TemplateSyntax", "NoDigest", "UnsupportedScheme", "UnknownAccelerator"] as const),
];

/**
 * Whether a finding in a command line remains after another of its words was corrected: all words of a command line
 * share one path, and no other flag decides the port.
 */
export function isOfOneWord(place: string, { code }: Issue): boolean {
  return COMMAND_LINE.test(place) && code === "WrongPort";
}
const COMMAND_LINE = /\.(?:args|command)(?:$|\[)/;

/** Subjects of a service's fields other than engines and their needs; fields of one subject depend on each other. */
const KINDS = tableOf<string>({
  ...{ replicas: "replicas", scaling: "scaling", rolloutStrategy: "rollout", "operations.rollout": "rollout" },
  ...{ labels: "labels", annotations: "annotations", template: "pod", worker: "pod" },
});
/**
 * The number of pods, what changes it, and how pods are replaced. The shares of a rollout are counted from the first
 * two.
 */
const OF_COUNTS: readonly string[] = ["replicas", "scaling", "rollout"];
/** Findings about a field by itself. Scaling and shared caches have many requirements of the pods. */
const OF_FIELD: readonly IssueCode[] = ["InvalidValue", "MissingField", "Conflict"];
/** Lists of pods to whose items other fields of the pod refer. */
const REFERRED: readonly string[] = ["ports", "volumes", "containers", "initContainers"];
const NAMES: readonly string[] = ["name", "containerPort"];
/** The value of an environment variable, and findings that no variable changes. */
const VARIABLE = /\.env\[\d+\]\.value$/;
const OF_NO_VARIABLE: readonly IssueCode[] = ["ModelShape", "InvalidValue", "MissingField", "Conflict"];
/** Fields of pods to which parallelism, the model and caches add. */
const ADDED = /\.(resources|volumeMounts|volumeDevices)\b/;

/**
 * Whether a finding remains whatever value is written where one was removed: for example, a model may not fit only
 * because a size is missing.
 */
export function remainsWithout(place: string, { code, path }: Issue): boolean {
  const [removed, found] = [kindOf(place), kindOf(path)];
  if (removed === OPTION)
    return (
      OF_TEXT_ALONE.includes(code) ||
      (code === "InvalidValue" && OF_METADATA.includes(found)) ||
      (code === "MissingField" && WITHOUT_LAYERS.includes(pathSteps(place)[0] ?? ""))
    );
  if (OF_ONE_PLACE.includes(code) || (code === "ConfigNotFound" && path !== "spec")) return true;
  if (VARIABLE.test(place) && OF_NO_VARIABLE.includes(code)) return true;
  if (removed === POD && found === POD)
    return code === "InvalidValue" && !ADDED.test(path) && !isReferred(place) && place.split(".").length > 2;
  // Entries of a map do not depend on each other.
  if (removed === found) return OF_METADATA.includes(found) && code === "InvalidValue";
  if (OF_COUNTS.includes(removed)) return found !== "rollout";
  if (removed !== ENGINE && removed !== POD) return true;
  if (found === POD) return code === "InvalidValue" && !ADDED.test(path);
  return OF_FIELD.includes(code) && !OF_COUNTS.includes(found) && found !== ENGINE;
}

/** Findings that no option changes: unknown fields, types of fields, and the allowed keys and values of labels. */
const OF_TEXT_ALONE: readonly IssueCode[] = ["UnknownField", "WrongType", "TemplateSyntax"];
/** Options that provide no field of the service: a missing field is missing without them too. */
const WITHOUT_LAYERS: readonly string[] = ["engineVersion", "checks", "modelInfo", "loadBytesPerSecond", "freeDevices"];
/** Whether other fields of the pod may refer to what was removed: a list, one of its items, or the name of an item. */
function isReferred(place: string): boolean {
  const steps = pathSteps(place).filter((step) => !step.startsWith("["));
  const last = steps.at(-1) ?? "";
  return REFERRED.includes(NAMES.includes(last) ? (steps.at(-2) ?? "") : last);
}

const OF_METADATA: readonly string[] = ["labels", "annotations", "operations.priorityClassName"];
const OPTION = "option";
const ENGINE = "engine";
const POD = "pod";

/** The subject of the field of the service that a path is in, in either role. */
function kindOf(path: string): string {
  if (isOption({ path })) return OPTION;
  const steps = pathSteps(path).slice(1);
  const inner = steps[0] === "prefill" ? steps.slice(1) : steps[0] === "groups" ? steps.slice(2) : steps;
  const [field = "", below = ""] = inner;
  if (field !== "operations") return KINDS.get(field) ?? ENGINE;
  return KINDS.get(`${field}.${below}`) ?? `${field}.${below}`;
}

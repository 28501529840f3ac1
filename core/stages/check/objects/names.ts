import { COMPONENT, LABEL, nameOf, type WorkloadPart, workloadNameOf } from "../../../contract/names.ts";
import { labelProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import { field } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import {
  isDisaggregatedSet,
  ROLE_LABELS,
  roleSuffixLength,
  withRoles,
} from "../../../kubernetes/workloads/disaggregatedset.ts";
import { isLeaderWorkerSet, isOfRole, scalerOf } from "../../../kubernetes/workloads/workloads.ts";
import { invalid, judgeText, type Refusal, shown } from "./rule.ts";

const LONGEST_LABEL = 63;
/**
 * `-` and a hash of up to ten digits: the suffix that a StatefulSet's revision adds to its name in a label of its pods.
 */
const REVISION = 11;

/**
 * Why an object cannot have its name; undefined if it can. `withPods` says whether names count that the API accepts but
 * that are too long for the pods. Source: pkg/apis/*\/validation, Kubernetes 1.36.
 */
export function nameProblem(object: KubernetesObject, withPods: boolean): string | undefined {
  const { kind, metadata } = object;
  const { name } = metadata;
  if (kind === "Service") return labelProblem(name);
  if (!isSet(object)) return kind.startsWith("Cluster") || kind.startsWith("Role") ? undefined : subdomainProblem(name);
  if (!/^[a-z]/.test(name)) return `the name of a ${kind} must start with a letter`;
  const most = roomIn(object);
  if (name.length <= most || !withPods) return labelProblem(name);
  const label = `the label controller-revision-hash of the pods contains the name${isDisaggregatedSet(object) ? " and its role" : ""}`;
  return `${label} and has room for ${most} of its ${name.length} characters, so the pods would never be created`;
}

function isSet(object: KubernetesObject): boolean {
  return isDisaggregatedSet(object) || isLeaderWorkerSet(object);
}

/**
 * The maximum length of a set's name, given the names of its pods. A LeaderWorkerSet makes a StatefulSet of its name
 * for the leaders, and one for the other pods of each group, whose name ends in the group's number; a DisaggregatedSet
 * puts slice, revision and role behind its name. `objects` contains the autoscalers, which can give a set more groups
 * than it starts with. Source: the webhook of LeaderWorkerSet 0.9; kubernetes-sigs/lws#410,
 * kubernetes/kubernetes#64023.
 */
function roomIn(object: KubernetesObject, objects: readonly KubernetesObject[] = []): number {
  if (!isDisaggregatedSet(object)) return LONGEST_LABEL - REVISION - groupSuffixLength(object, objects);
  const rooms = withRoles([object]).map((role) => {
    const name = role.metadata.labels?.[ROLE_LABELS.role] ?? "";
    return roomIn(role, objects) - roleSuffixLength(name);
  });
  return Math.min(LONGEST_LABEL, ...rooms);
}

function groupSuffixLength(object: KubernetesObject, objects: readonly KubernetesObject[]): number {
  const size = field(field(object.spec, "leaderWorkerTemplate"), "size");
  if (typeof size === "number" && size < 2) return 0;
  const scaler = scalerOf(object, objects)?.spec;
  const numbers = [field(object.spec, "replicas"), field(scaler, "maxReplicas"), field(scaler, "maxReplicaCount")];
  const groups = Math.max(1, ...numbers.filter((one) => typeof one === "number"));
  return `-${groups - 1}`.length;
}

/**
 * Why objects of a plan cannot have their names, with a name of the service that makes them fit. For a role, its set is
 * judged.
 */
export function judgeNames(objects: readonly KubernetesObject[], withPods: boolean): Refusal[] {
  return objects.filter((object) => !isOfRole(object)).flatMap((object) => judgeName(object, withPods, objects));
}

function judgeName(object: KubernetesObject, withPods: boolean, objects: readonly KubernetesObject[]): Refusal[] {
  const { kind, metadata } = object;
  const problem = (): string | undefined => nameProblem(object, withPods);
  const found = judgeText(metadata.name, "metadata.name", problem, "choose another metadata.name");
  const most = isSet(object) && withPods ? roomIn(object, objects) : LONGEST_LABEL;
  if (found.length === 0 && metadata.name.length > most) {
    const message = `${kind} ${shown(metadata.name)} has no room for the numbers of all groups that its autoscaler may add: the label controller-revision-hash of their pods would be too long, so these groups would never start`;
    return [{ ...invalid("metadata.name", message, fittingName(object, objects)), severity: "warning" }];
  }
  return found.map((one) => ({ ...one, message: `${kind} ${one.message}`, fix: fittingName(object, objects) }));
}

/**
 * Services whose names start with a digit: Kubernetes accepts them from 1.36 on, if RelaxedServiceNameValidation is on.
 * The release of the cluster is not known here.
 */
export function judgeDigits(objects: readonly KubernetesObject[]): Refusal[] {
  const names = objects.filter(({ kind, metadata }) => kind === "Service" && /^\d/.test(metadata.name));
  const [first] = names.map(({ metadata }) => metadata.name);
  if (first === undefined) return [];
  const message = `a cluster before Kubernetes 1.36 refuses the Service ${shown(first)}, because its name starts with a digit`;
  return [{ ...invalid("metadata.name", message, "start metadata.name with a letter"), severity: "warning" }];
}

/**
 * The fix: a name of the service with which the object's name fits; for an object of a replica group also a name of the
 * group.
 */
export function fittingName(object: KubernetesObject, objects: readonly KubernetesObject[] = []): string {
  const { name, labels = {} } = object.metadata;
  const most = isSet(object) ? roomIn(object, objects) : LONGEST_LABEL;
  if (name.length <= most)
    return "choose another metadata.name: lower-case letters, digits and -, starting with a letter";
  const room = most - suffixOf(object).length;
  const group = labels[LABEL.group] ?? "";
  const ofGroup = group.length + room - (labels[LABEL.name] ?? "").length;
  const other = group !== "" && ofGroup > 0 ? `, or the name of the group ${group} to at most ${ofGroup}` : "";
  return `shorten metadata.name to at most ${room} characters${other} (${shown(name)} is derived from it)`;
}

/** The suffix that a plan adds to the service's name; a shortened name does not show it. */
function suffixOf(object: KubernetesObject): string {
  return isDisaggregatedSet(object)
    ? nameOf("", "disaggregatedSet")
    : workloadNameOf("", "leaderWorkerSet", partOf(object.metadata.labels ?? {}));
}

function partOf(labels: Record<string, string>): WorkloadPart {
  const component = labels[LABEL.component] ?? "";
  const isPrefill = [COMPONENT.workerPrefill, COMPONENT.leaderPrefill].some((one) => one === component);
  const group = labels[LABEL.group];
  return isPrefill ? { role: "prefill" } : { role: "main", ...(group !== undefined && { group }) };
}

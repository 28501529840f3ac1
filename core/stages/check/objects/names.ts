import { LABEL, nameOf, workloadNameOf } from "../../../contract/names.ts";
import { roleSuffixLength } from "../../../kubernetes/disaggregatedset.ts";
import { labelProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import { field, isObject, type JsonObject, objectsOf } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { invalid, type Refusal, shown } from "./rule.ts";

const LONGEST_LABEL = 63;
/** `-` and a hash of up to ten digits: what a StatefulSet's revision adds to its name, in a label of its pods. */
const REVISION = 11;

/**
 * Why an object cannot have its name; undefined when it can. `withPods` says whether the names count that the API accepts and
 * the pods cannot bear. Source: pkg/apis/*\/validation, Kubernetes 1.36; the webhook of
 * LeaderWorkerSet 0.9, which makes StatefulSets named after it, one a group: kubernetes-sigs/lws#410, kubernetes/kubernetes#64023.
 */
export function nameProblem(
  { kind, metadata: { name }, ...object }: KubernetesObject,
  withPods: boolean,
): string | undefined {
  if (kind === "Service") return labelProblem(name);
  if (kind === "DisaggregatedSet") return setProblem(name, object["spec"], withPods);
  if (kind !== "LeaderWorkerSet")
    return kind.startsWith("Cluster") || kind.startsWith("Role") ? undefined : subdomainProblem(name);
  if (!/^[a-z]/.test(name)) return "the name of a LeaderWorkerSet must start with a letter";
  const { replicas, leaderWorkerTemplate } = isObject(object["spec"]) ? object["spec"] : {};
  const size = isObject(leaderWorkerTemplate) ? leaderWorkerTemplate["size"] : undefined;
  const groups = typeof replicas === "number" && replicas > 0 ? replicas : 1;
  const group = typeof size === "number" && size < 2 ? 0 : `-${groups - 1}`.length;
  const most = LONGEST_LABEL - REVISION - group;
  if (name.length <= most || !withPods) return labelProblem(name);
  return `the label controller-revision-hash of the pods contains the name and has room for ${most} of its ${name.length} characters, so the pods would never be created`;
}

/** A set's name begins those of the LeaderWorkerSets of its roles, which begin those of pods and their labels. */
function setProblem(name: string, spec: unknown, withPods: boolean): string | undefined {
  const rooms = objectsOf(field(spec, "roles")).map((role) => {
    const suffix = roleSuffixLength(String(role["name"]));
    const longest = nameProblem(asRole("a".repeat(LONGEST_LABEL), role), true);
    return Number(/room for (\d+)/.exec(longest ?? "")?.[1] ?? LONGEST_LABEL) - suffix;
  });
  const most = Math.min(LONGEST_LABEL, ...rooms);
  const [first = "a"] = name;
  if (!/^[a-z]/.test(first)) return "the name of a DisaggregatedSet must start with a letter";
  if (name.length <= most || !withPods) return labelProblem(name);
  return `the label controller-revision-hash of the pods contains the name and its role, and has room for ${most} of its ${name.length} characters, so the pods would never be created`;
}

function asRole(name: string, { spec }: JsonObject): KubernetesObject {
  return { apiVersion: "", kind: "LeaderWorkerSet", metadata: { name }, spec: spec ?? {} };
}

/**
 * Services whose names start with a digit: Kubernetes takes them from 1.36 on, where RelaxedServiceNameValidation is on. Which
 * release the cluster has is not known here.
 */
export function judgeDigits(objects: readonly KubernetesObject[]): Refusal[] {
  const names = objects.filter(({ kind, metadata }) => kind === "Service" && /^\d/.test(metadata.name));
  const [first] = names.map(({ metadata }) => metadata.name);
  if (first === undefined) return [];
  const message = `a cluster before Kubernetes 1.36 refuses the Service ${shown(first)}, because its name starts with a digit`;
  return [{ ...invalid("metadata.name", message, "start metadata.name with a letter"), severity: "warning" }];
}

/** A service's name that makes the object's fit, as a fix. A name that is cut to 63 characters does not tell how long its service's is. */
export function fittingName({ metadata: { name, labels } }: KubernetesObject, problem: string): string {
  const [, most] = /room for (\d+)/.exec(problem) ?? [];
  if (most === undefined)
    return "choose another metadata.name: lower-case letters, digits and -, starting with a letter";
  const room = Number(most) - suffixOf(name, labels?.[LABEL.group]).length;
  return `shorten metadata.name to at most ${room} characters (${shown(name)} is derived from it)`;
}

/** What a plan puts behind the service's name for its groups. */
function suffixOf(name: string, group: string | undefined): string {
  const main = { role: "main" } as const;
  const parts = [...(group === undefined ? [] : [{ ...main, group }]), { role: "prefill" } as const, main];
  const suffixes = [
    ...parts.map((part) => workloadNameOf("", "leaderWorkerSet", part)),
    nameOf("", "disaggregatedSet"),
  ];
  return suffixes.find((suffix) => name.endsWith(suffix)) ?? "";
}

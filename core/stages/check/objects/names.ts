import { labelProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import { isObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { shown } from "./rule.ts";

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

/** How much shorter a service's name must be so that its object's fits, as a fix. */
export function shorterBy({ metadata: { name } }: KubernetesObject, problem: string): string {
  const [, most] = /room for (\d+)/.exec(problem) ?? [];
  if (most === undefined)
    return "choose another metadata.name: lower-case letters, digits and -, starting with a letter";
  return `shorten metadata.name by ${name.length - Number(most)} or more characters (${shown(name)} is derived from it)`;
}

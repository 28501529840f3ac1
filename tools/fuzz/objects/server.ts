import { isObject, objectOf } from "../../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../../core/kubernetes/objects.ts";
import { isLeaderWorkerSet, type PodTemplate, templatesOf } from "../../../core/kubernetes/workloads/workloads.ts";
import { collectionPath, type TestObject } from "../../cluster/objects.ts";
import type { Cluster } from "../../cluster/types.ts";

/** A refusal in the server's words; `unserved` if the server does not have the kind. */
export interface Answer {
  refused?: string;
  unserved?: string;
}

/** Fields that the Gateway API's CRDs have in their experimental channel only. */
const OF_ANOTHER_CHANNEL = /cannot be handled as a HTTPRoute: strict decoding error: unknown field/;
const NAMESPACE = "team";

/** Sends objects to a real API server, which judges but stores nothing. The same object is sent once. */
export class Server {
  readonly #cluster: Pick<Cluster, "request">;
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly sent = { objects: 0, pods: 0 };

  constructor(cluster: Pick<Cluster, "request">) {
    this.#cluster = cluster;
  }

  /** What the server refuses of objects, and of the pods that controllers would make of them. */
  async refusals(objects: readonly KubernetesObject[]): Promise<string[]> {
    const answers = await Promise.all(
      objects.flatMap((object) => [object, ...probesOf(object)]).map((one) => this.ask(one)),
    );
    return answers.flatMap(({ refused }) => refused ?? []);
  }

  ask(object: KubernetesObject): Promise<Answer> {
    const metadata = { ...object.metadata, ...(object.metadata.namespace !== undefined && { namespace: NAMESPACE }) };
    const moved = { ...object, metadata } as TestObject;
    const key = JSON.stringify(moved);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    this.sent[object.kind === "Pod" ? "pods" : "objects"] += 1;
    const answer = this.#send(moved);
    this.#answers.set(key, answer);
    return answer;
  }

  async #send(object: TestObject): Promise<Answer> {
    const path = `${collectionPath(object)}?dryRun=All&fieldValidation=Strict`;
    const { status, body } = await this.#cluster.request("POST", path, object);
    if (status < 300) return {};
    if (status === 404 || OF_ANOTHER_CHANNEL.test(body.message ?? ""))
      return { unserved: `${object.apiVersion} ${object.kind}` };
    return { refused: `${object.kind} ${object.metadata.name}: ${body.message ?? `status ${status}`}` };
  }
}

/** What controllers make of a workload: the pods of every template, and the StatefulSets of a LeaderWorkerSet. */
export function probesOf(object: KubernetesObject): KubernetesObject[] {
  const templates = templatesOf(object);
  return templates.flatMap((template) => [
    podOf(object, template),
    ...(isLeaderWorkerSet(object) ? [statefulSetOf(object, template)] : []),
  ]);
}

/** Fields for which admission looks up another object, which a plan does not know. */
const OF_OTHERS = [
  "serviceAccountName",
  "serviceAccount",
  "priorityClassName",
  "priority",
  "preemptionPolicy",
  "runtimeClassName",
  "overhead",
];

function podOf(object: KubernetesObject, { labels, spec }: PodTemplate): KubernetesObject {
  const own = Object.entries(spec).filter(([field]) => !OF_OTHERS.includes(field));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace: object.metadata.namespace ?? NAMESPACE, labels },
    spec: Object.fromEntries(own),
  } as unknown as KubernetesObject;
}

function statefulSetOf(object: KubernetesObject, { labels, spec }: PodTemplate): KubernetesObject {
  const mark = { probe: "x" };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "probe", namespace: object.metadata.namespace ?? NAMESPACE },
    spec: {
      serviceName: "probe",
      selector: { matchLabels: mark },
      template: { metadata: { labels: { ...labels, ...mark } }, spec },
    },
  } as unknown as KubernetesObject;
}

/**
 * A Deployment of the pod spec that a user wrote, for specs that the plan refuses before it makes objects of them: with
 * what the plan would add to make a container valid.
 */
export function deploymentOf(template: unknown): KubernetesObject | undefined {
  if (!isObject(template)) return undefined;
  const labels = { probe: "x" };
  const complete = (list: unknown): unknown =>
    Array.isArray(list)
      ? list.map((one) => (isObject(one) && one["image"] === undefined ? { image: "a", ...one } : one))
      : list;
  const spec = { ...objectOf(template), containers: complete(template["containers"]) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "probe", namespace: NAMESPACE },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  } as unknown as KubernetesObject;
}

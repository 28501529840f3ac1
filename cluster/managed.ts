import { eppAuthBindingName } from "../core/contract/names.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import type { Step } from "../core/views/import/handover.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { ClusterError } from "./error.ts";
import { listAll } from "./list.ts";
import { KINDS } from "./live.ts";
import { Resources } from "./resources.ts";

type Kind = readonly [apiVersion: string, kind: string];

const SERVICE = "LLMInferenceService";
/** What KServe reads while it plans, beside what it makes. */
const READ: readonly Kind[] = [
  ["serving.kserve.io/v1alpha2", SERVICE],
  ["serving.kserve.io/v1alpha2", "LLMInferenceServiceConfig"],
  ["gateway.networking.k8s.io/v1", "Gateway"],
  ["v1", "ConfigMap"],
];
const MADE_TOO: readonly Kind[] = [
  ["inference.networking.x-k8s.io/v1alpha2", "InferencePool"],
  ["llmd.ai/v1alpha1", "VariantAutoscaling"],
];

/**
 * Every object of a namespace that has to do with the services that KServe manages there, and KServe's own configs and
 * settings of the system namespace. Only reads.
 */
export async function readManaged(
  cluster: ClusterClient,
  namespace: string,
  systemNamespace: string,
): Promise<KubernetesObject[]> {
  const resources = new Resources(cluster);
  const kinds = [...READ, ...KINDS, ...MADE_TOO];
  const ours = kinds.map((kind) => listKind(cluster, resources, kind, namespace));
  const ofSystem = namespace === systemNamespace ? [] : READ;
  const theirs = ofSystem.map((kind) => listKind(cluster, resources, kind, systemNamespace));
  const found = (await Promise.all([...ours, ...theirs])).flat();
  return [...found, ...(await bindingsOf(found, namespace, cluster, resources))];
}

/** What KServe makes for a scheduler and no namespace holds: it is nobody's by an owner reference, only by its name. */
async function bindingsOf(
  found: readonly KubernetesObject[],
  namespace: string,
  cluster: ClusterClient,
  resources: Resources,
): Promise<KubernetesObject[]> {
  const services = found.filter(({ kind, metadata }) => kind === SERVICE && metadata.namespace === namespace);
  const bindings = await Promise.all(
    services.map(async ({ metadata }) => {
      const identity = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: eppAuthBindingName(namespace, metadata.name) },
      };
      const path = await resources.pathOf(identity);
      const live = path === undefined ? undefined : await cluster.get(path);
      return live === undefined ? [] : [{ ...live, ...identity, metadata: live["metadata"] } as KubernetesObject];
    }),
  );
  return bindings.flat();
}

async function listKind(
  cluster: ClusterClient,
  resources: Resources,
  [apiVersion, kind]: Kind,
  namespace: string,
): Promise<KubernetesObject[]> {
  const collection = await resources.collection(apiVersion, kind, namespace);
  if (collection === undefined) return [];
  const items = await listAll<Omit<KubernetesObject, "apiVersion" | "kind">>(cluster, collection);
  return items.map((item) => ({ ...item, apiVersion, kind }) as KubernetesObject);
}

const CONTROLLER = "llmisvc-controller-manager";

/** Where KServe's controller runs: what it still manages, it would take back. */
export async function runningController(cluster: ClusterClient): Promise<string | undefined> {
  const found = await listAll<KubernetesObject & { spec: { replicas?: number } }>(
    cluster,
    "/apis/apps/v1/deployments",
    { fieldSelector: `metadata.name=${CONTROLLER}` },
  );
  const running = found.find(({ spec }) => (spec.replicas ?? 1) > 0);
  return running && `${running.metadata.namespace}/${running.metadata.name}`;
}

/** Whether Pulumi's kubernetes plugin has applied an object: then it stays managed when KServe lets go. */
export function isAdopted({ metadata }: KubernetesObject): boolean {
  const managers = (metadata as { managedFields?: { manager?: string; operation?: string }[] }).managedFields ?? [];
  return managers.some(({ manager = "", operation }) => operation === "Apply" && manager.startsWith("pulumi-"));
}

/** Does the steps in their order, and stops at the first that the API server refuses. */
export async function execute(
  steps: readonly Step[],
  cluster: ClusterClient,
  say: (line: string) => void,
): Promise<void> {
  const resources = new Resources(cluster);
  for (const { object, method, body, text } of steps) {
    const path = await resources.pathOf(object);
    if (path === undefined) throw new ClusterError(`${text}: the cluster does not serve ${object.apiVersion}`);
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const answer = await cluster.send(method, path, body, type);
    if (answer.status >= 300) throw new Refused(path, answer);
    say(text);
  }
}

import { collectionPath, GATEWAY, SERVICE_KINDS, typeMeta } from "../core/contract/kinds.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { replicasOf } from "../core/kubernetes/workloads/workloads.ts";
import type { Step } from "../core/views/import/handover.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { ClusterError } from "./error.ts";
import { listAll } from "./list.ts";
import { Resources } from "./resources.ts";

type TypeMeta = Pick<KubernetesObject, "apiVersion" | "kind">;

const SERVICE = typeMeta("LLMInferenceService");
/** What KServe reads while it plans. */
const READ: readonly TypeMeta[] = [SERVICE, typeMeta("LLMInferenceServiceConfig"), GATEWAY, typeMeta("ConfigMap")];

/**
 * Every object of a namespace that belongs to the services that KServe manages there, and KServe's own configs and
 * settings of the system namespace. It writes nothing.
 */
export async function readManaged(
  cluster: ClusterClient,
  namespace: string,
  systemNamespace: string,
): Promise<KubernetesObject[]> {
  const resources = new Resources(cluster);
  const made = SERVICE_KINDS.filter(({ isClusterWide }) => !isClusterWide);
  const ours = eachOnce([...READ, ...made]).map((kind) => listKind(cluster, resources, kind, namespace));
  const ofSystem = namespace === systemNamespace ? [] : READ;
  const theirs = ofSystem.map((kind) => listKind(cluster, resources, kind, systemNamespace));
  const found = (await Promise.all([...ours, ...theirs])).flat();
  return [...found, ...(await clusterWide(found, namespace, cluster, resources))];
}

function eachOnce(kinds: readonly TypeMeta[]): TypeMeta[] {
  return [...new Map(kinds.map((one) => [`${one.apiVersion}|${one.kind}`, one])).values()];
}

/**
 * Objects that KServe makes for a service outside its namespace: they have no owner reference, so only the name
 * identifies the service.
 */
async function clusterWide(
  found: readonly KubernetesObject[],
  namespace: string,
  cluster: ClusterClient,
  resources: Resources,
): Promise<KubernetesObject[]> {
  const services = found.filter(({ kind, metadata }) => kind === SERVICE.kind && metadata.namespace === namespace);
  const wanted = services.flatMap(({ metadata: { name } }) =>
    SERVICE_KINDS.flatMap(({ apiVersion, kind, isClusterWide, nameFor }) =>
      isClusterWide && nameFor ? [{ apiVersion, kind, metadata: { name: nameFor({ name, namespace }) } }] : [],
    ),
  );
  const objects = await Promise.all(
    wanted.map(async (identity) => {
      const path = await resources.pathOf(identity);
      const live = path === undefined ? undefined : await cluster.get(path);
      return live === undefined ? [] : [{ ...live, ...identity, metadata: live["metadata"] } as KubernetesObject];
    }),
  );
  return objects.flat();
}

async function listKind(
  cluster: ClusterClient,
  resources: Resources,
  { apiVersion, kind }: TypeMeta,
  namespace: string,
): Promise<KubernetesObject[]> {
  const collection = await resources.collection(apiVersion, kind, namespace);
  if (collection === undefined) return [];
  const items = await listAll<Omit<KubernetesObject, "apiVersion" | "kind">>(cluster, collection);
  return items.map((item) => ({ ...item, apiVersion, kind }) as KubernetesObject);
}

const CONTROLLER = "llmisvc-controller-manager";

/** Where KServe's controller runs: it would take back objects that it still manages. */
export async function runningController(cluster: ClusterClient): Promise<string | undefined> {
  const fieldSelector = `metadata.name=${CONTROLLER}`;
  const found = await listAll<KubernetesObject>(cluster, collectionPath("Deployment"), { fieldSelector });
  const running = found.find((deployment) => (replicasOf(deployment) ?? 1) > 0);
  return running && `${running.metadata.namespace}/${running.metadata.name}`;
}

/** Whether Pulumi's kubernetes plugin has applied an object: then it stays managed when KServe releases it. */
export function isAdopted({ metadata }: KubernetesObject): boolean {
  const managers = (metadata as { managedFields?: { manager?: string; operation?: string }[] }).managedFields ?? [];
  return managers.some(({ manager = "", operation }) => operation === "Apply" && manager.startsWith("pulumi-"));
}

/** Executes the steps in their order, and stops at the first that the API server refuses. */
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

import { LABEL, PART_OF } from "../core/contract/names.ts";
import { isObject, type Json, type JsonObject } from "../core/kubernetes/json.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { entryOf } from "../core/kubernetes/table.ts";
import type { ClusterClient } from "./client.ts";
import { ClusterError } from "./error.ts";
import { Resources } from "./resources.ts";

/** A service in the cluster, as it is and as it would be; both as the API server writes objects, with all its defaults. */
export interface LiveService {
  before: KubernetesObject[];
  after: KubernetesObject[];
}

/** Kinds of which a service may still have objects that are planned no more. */
export const KINDS: readonly [apiVersion: string, kind: string][] = [
  ["apps/v1", "Deployment"],
  ["leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["v1", "Secret"],
  ["rbac.authorization.k8s.io/v1", "Role"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["inference.networking.k8s.io/v1", "InferencePool"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["keda.sh/v1alpha1", "ScaledObject"],
  ["llmd.ai/v1alpha1", "VariantAutoscaling"],
  ["v1", "PersistentVolumeClaim"],
  ["batch/v1", "Job"],
  ["policy/v1", "PodDisruptionBudget"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["monitoring.coreos.com/v1", "PodMonitor"],
  ["monitoring.coreos.com/v1", "ServiceMonitor"],
];

/**
 * What the planned objects of a service would change in the cluster: each is applied in a dry run of the API server, so that its
 * defaults, other owners' fields and its refusals count. Nothing is written.
 */
export async function liveService(planned: readonly KubernetesObject[], cluster: ClusterClient): Promise<LiveService> {
  const resources = new Resources(cluster);
  const pairs = await Promise.all(planned.map((object) => liveObject(object, cluster, resources)));
  const gone = await leftBehind(planned, cluster, resources);
  return {
    before: [...pairs.flatMap(({ before }) => before ?? []), ...gone].map(withoutServersOwn),
    after: pairs.map(({ after }) => withoutServersOwn(after)),
  };
}

async function liveObject(
  object: KubernetesObject,
  cluster: ClusterClient,
  resources: Resources,
): Promise<{ before?: KubernetesObject; after: KubernetesObject }> {
  const path = await resources.pathOf(object);
  const before = path === undefined ? undefined : ((await cluster.get(path)) as KubernetesObject | undefined);
  if (path === undefined || before === undefined) return { after: object };
  const query = `dryRun=All&force=true&fieldManager=${encodeURIComponent(managerOf(before))}`;
  const { status, body } = await cluster.send("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml");
  if (status < 300) return { before, after: body as unknown as KubernetesObject };
  // A field that cannot change is refused: what was meant is then the live object with the planned fields over it.
  if (status === 422) return { before, after: over(before as unknown as Json, object as unknown as Json) as never };
  throw new ClusterError(`${object.kind} ${object.metadata.name}: ${status} ${String(body["message"] ?? "")}`);
}

/** Who applied the object: only the fields of that manager go when they are planned no more. */
function managerOf({ metadata }: KubernetesObject): string {
  const managers = (metadata as { managedFields?: { manager?: string; operation?: string }[] }).managedFields ?? [];
  const ours = managers.find(({ manager = "", operation }) => operation === "Apply" && manager.startsWith("pulumi-"));
  return ours?.manager ?? "kserve-llm";
}

function over(live: Json | undefined, planned: Json): Json {
  if (!isObject(live) || !isObject(planned)) return planned;
  const entries = Object.entries(planned).map(([key, value]) => [key, over(entryOf(live, key), value as Json)]);
  return { ...live, ...Object.fromEntries(entries) } as JsonObject;
}

/** Objects with the service's labels that are not planned, unless another controller made them. */
async function leftBehind(
  planned: readonly KubernetesObject[],
  cluster: ClusterClient,
  resources: Resources,
): Promise<KubernetesObject[]> {
  const [first] = planned;
  const name = first?.metadata.labels?.[LABEL.name];
  const namespace = planned.find((object) => object.metadata.namespace !== undefined)?.metadata.namespace;
  if (name === undefined || namespace === undefined) return [];
  const selector = encodeURIComponent(`${LABEL.name}=${name},${LABEL.partOf}=${PART_OF}`);
  const found = await Promise.all(
    KINDS.map(async ([apiVersion, kind]) => {
      const collection = await resources.collection(apiVersion, kind, namespace);
      const list = collection === undefined ? undefined : await cluster.get(`${collection}?labelSelector=${selector}`);
      return ((list?.["items"] ?? []) as JsonObject[]).map((item) => ({ ...item, apiVersion, kind }));
    }),
  );
  const isPlanned = ({ kind, metadata }: KubernetesObject): boolean =>
    planned.some((object) => object.kind === kind && object.metadata.name === metadata.name);
  return (found.flat() as unknown as KubernetesObject[]).filter((object) => !isPlanned(object) && !isAnothers(object));
}

function isAnothers({ metadata }: KubernetesObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ kind }) => kind !== "LLMInferenceService");
}

const SERVERS_FIELDS = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];
/** What the server and the components add: of `kserve-llm/` only the contents of a cache are planned. */
const SERVERS_ANNOTATIONS =
  /^(deployment\.kubernetes\.io\/|pulumi\.com\/|kserve-llm\/(?!contents$)|kubectl\.kubernetes\.io\/last-applied)/;

function withoutServersOwn(object: KubernetesObject): KubernetesObject {
  const { status: _status, ...rest } = object as KubernetesObject & { status?: unknown };
  const { annotations = {}, ...metadata } = rest.metadata;
  const kept = Object.entries(annotations).filter(([name]) => !SERVERS_ANNOTATIONS.test(name));
  const own = Object.entries(metadata).filter(([name]) => !SERVERS_FIELDS.includes(name));
  return {
    ...rest,
    metadata: {
      ...(Object.fromEntries(own) as KubernetesObject["metadata"]),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
  } as KubernetesObject;
}

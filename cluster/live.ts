import { type Kind, SERVICE_KINDS } from "../core/contract/kinds.ts";
import { LABEL, PART_OF } from "../core/contract/names.ts";
import { asJson, isObject, type Json, type JsonObject, objectOf } from "../core/kubernetes/json.ts";
import { asObject, groupOf, type KubernetesObject } from "../core/kubernetes/objects.ts";
import { entryOf } from "../core/kubernetes/table.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { ClusterError } from "./error.ts";
import { listAll } from "./list.ts";
import { Resources } from "./resources.ts";

/**
 * A service in the cluster, as it is and as it would be; both as the API server writes objects, with all its defaults.
 */
export interface LiveService {
  before: KubernetesObject[];
  after: KubernetesObject[];
  /** What could not be read: objects of these kinds that are no longer planned are missing in `before`. */
  unread: { what: string; why: string }[];
}

/** The service for which the objects are planned: its other objects in the cluster are found by its name. */
interface ServiceName {
  name: string;
  namespace: string;
}

/**
 * What the planned objects of a service would change in the cluster: each is applied in a dry run of the API server, so that its
 * defaults, other owners' fields and its refusals count. Nothing is written.
 */
export async function liveService(
  planned: readonly KubernetesObject[],
  service: ServiceName,
  cluster: ClusterClient,
): Promise<LiveService> {
  const resources = new Resources(cluster);
  const pairs = await Promise.all(planned.map((object) => liveObject(object, cluster, resources)));
  const { gone, unread } = await leftBehind(planned, service, cluster, resources);
  return {
    before: [...pairs.flatMap(({ before }) => before ?? []), ...gone].map(withoutServersOwn),
    after: pairs.map(({ after }) => withoutServersOwn(after)),
    unread,
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
  if (status < 300) return { before, after: asObject(body) };
  // A change of an immutable field is refused: the result is then the live object with the planned fields over it.
  if (status === 422) return { before, after: asObject(objectOf(over(asJson(before), asJson(object)))) };
  throw new ClusterError(`${object.kind} ${object.metadata.name}: ${status} ${String(body["message"] ?? "")}`);
}

/** The manager that applied the object: only its fields are removed when they are no longer planned. */
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

/** The service's objects that are not planned, unless another controller made them. */
async function leftBehind(
  planned: readonly KubernetesObject[],
  service: ServiceName,
  cluster: ClusterClient,
  resources: Resources,
): Promise<{ gone: KubernetesObject[]; unread: LiveService["unread"] }> {
  const unread: LiveService["unread"] = [];
  const found = await Promise.all(
    SERVICE_KINDS.map(async (kind) => {
      try {
        return await objectsOf(kind, service, cluster, resources);
      } catch (error) {
        if (!(error instanceof Refused) || !error.isForbidden) throw error;
        unread.push({ what: kind.plural, why: error.message });
        return [];
      }
    }),
  );
  const wanted = new Set(planned.map(keyOf));
  return { gone: found.flat().filter((one) => !wanted.has(keyOf(one)) && !isAnothers(one)), unread };
}

/** Every version of an API has the same objects; other groups may have different objects of the same kind and name. */
function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [groupOf(apiVersion), kind, metadata.name].join("|");
}

/**
 * The objects of a kind that belong to the service: by its labels, or by the name that the plan would give the object.
 */
async function objectsOf(
  { apiVersion, kind, nameFor }: Kind,
  service: ServiceName,
  cluster: ClusterClient,
  resources: Resources,
): Promise<KubernetesObject[]> {
  const collection = await resources.collection(apiVersion, kind, service.namespace);
  if (collection === undefined) return [];
  const items =
    nameFor === undefined
      ? await listAll<KubernetesObject>(cluster, collection, {
          labelSelector: `${LABEL.name}=${service.name},${LABEL.partOf}=${PART_OF}`,
        })
      : await named(cluster, `${collection}/${nameFor(service)}`);
  return items.map((item) => ({ ...item, apiVersion, kind }));
}

async function named(cluster: ClusterClient, path: string): Promise<KubernetesObject[]> {
  const found = await cluster.get(path);
  return found === undefined ? [] : [found as KubernetesObject];
}

function isAnothers({ metadata }: KubernetesObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ kind }) => kind !== "LLMInferenceService");
}

const SERVERS_FIELDS = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];
/** Fields that the server and the components add: below `kserve-llm/` only the contents of a cache are planned. */
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

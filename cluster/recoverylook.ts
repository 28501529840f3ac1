import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { type ExportedState, providerOf, type StateResource, uidOf } from "../core/views/recovery/state.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { ClusterError } from "./error.ts";
import { Resources } from "./resources.ts";

/** What reading an object of a cluster showed. */
export interface Sight {
  live: KubernetesObject | undefined;
  /** The API version under which the cluster has the object, if its kind moved to another group. */
  movedTo?: string;
  /** Why a missing object may still exist. */
  unclear?: string;
}

/** What is known of an object besides its name: its UID, which is the same in another group. */
interface Former {
  uid: string | undefined;
}

/** Without `former`, for an object of which only the name is known, only its own group is searched. */
export type Look = (resource: StateResource, object: KubernetesObject, former?: Former) => Promise<Sight>;

interface Reached {
  cluster: ClusterClient;
  resources: Resources;
}

const POLL_MS = 500;

/** Reads objects of the clusters of the state's providers; each cluster is asked for its kinds once. */
export function lookup(
  state: ExportedState,
  connect: (provider: StateResource | undefined) => Promise<ClusterClient>,
  patienceMs: number,
): Look {
  const clusters = new Map<string, Promise<Reached>>();
  const clusterOf = (resource: StateResource): Promise<Reached> => {
    const key = resource.provider ?? "";
    const before = clusters.get(key);
    if (before !== undefined) return before;
    const connected = connect(providerOf(state, resource)).then((one) => {
      const cluster = untilLost(one);
      return { cluster, resources: new Resources(cluster) };
    });
    clusters.set(key, connected);
    return connected;
  };
  return async (resource, object, former) => {
    const { cluster, resources } = await clusterOf(resource);
    const path = (await resources.pathOf(object)) ?? (await resources.pathInOtherVersion(object));
    if (path !== undefined) return { live: await settled(cluster, path, object, patienceMs) };
    return former === undefined
      ? { live: undefined }
      : await inOtherGroups({ cluster, resources }, object, former, patienceMs);
  };
}

/** A cluster that did not answer is not asked again, because each further request would wait for its time-out. */
function untilLost(cluster: ClusterClient): ClusterClient {
  let lost: unknown;
  const get: ClusterClient["get"] = async (path) => {
    if (lost !== undefined) throw lost;
    try {
      return await cluster.get(path);
    } catch (error) {
      if (error instanceof ClusterError && !(error instanceof Refused)) lost = error;
      throw error;
    }
  };
  return { ...cluster, get };
}

/**
 * The object in another group. Kubernetes keeps one object of a kind that moved (`extensions`, then `apps`), with its UID; a CRD of
 * another group (`inference.networking.x-k8s.io`, then `inference.networking.k8s.io`) has objects of its own, whose UIDs differ.
 */
async function inOtherGroups(
  { cluster, resources }: Reached,
  object: KubernetesObject,
  { uid }: Former,
  patienceMs: number,
): Promise<Sight> {
  let namesake: KubernetesObject | undefined;
  for (const path of await resources.pathsInOtherGroups(object)) {
    const live = (await cluster.get(path)) as KubernetesObject | undefined;
    if (live !== undefined && uid !== undefined && uidOf(live) === uid) {
      return { live: await settled(cluster, path, object, patienceMs), movedTo: live.apiVersion };
    }
    namesake ??= live;
  }
  if (uid !== undefined || namesake === undefined) return { live: undefined };
  return { live: undefined, unclear: unclearText(object, namesake) };
}

function unclearText({ apiVersion, kind }: KubernetesObject, namesake: KubernetesObject): string {
  return `the cluster does not serve ${kind} of ${apiVersion}, but has a ${kind} of ${namesake.apiVersion} with this name, and the state has no UID to compare; if it is another object, run \`pulumi state delete\``;
}

/**
 * The object at a path, after waiting for one that is being deleted: it would otherwise be gone when the run continues.
 */
async function settled(
  cluster: ClusterClient,
  path: string,
  object: KubernetesObject,
  patienceMs: number,
): Promise<KubernetesObject | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const live = (await cluster.get(path)) as KubernetesObject | undefined;
    const going = (live?.metadata as { deletionTimestamp?: string } | undefined)?.deletionTimestamp;
    if (going === undefined) return live;
    if (Date.now() > deadline) {
      throw new ClusterError(
        `${subjectOf(object)} is being deleted since ${going}. Check its finalizers and pods, and try again after it is deleted.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export function subjectOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

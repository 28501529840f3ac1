import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import type { Finding } from "../core/views/recovery/mend.ts";
import {
  type ExportedState,
  isKubernetes,
  isPatch,
  objectOf,
  type PendingOperation,
  pendingOperations,
  providerOf,
  type StateResource,
} from "../core/views/recovery/state.ts";
import { type Action, judge, judgeKept } from "../core/views/recovery/verdict.ts";
import type { ClusterClient } from "./client.ts";
import { ClusterError } from "./error.ts";
import { Resources } from "./resources.ts";

export interface Recovery {
  /** The cluster of a provider of the state; undefined for the default provider of older states. */
  connect: (provider: StateResource | undefined) => Promise<ClusterClient>;
  /** Objects (`KIND/NAME`) that are taken over whoever made them. */
  take?: readonly string[];
  /** How long an object may take to go that is being deleted. */
  patienceMs?: number;
}

const PATIENCE_MS = 120_000;
const POLL_MS = 500;

/** Looks in the cluster how each operation ended that an interrupted run left in the state. Nothing is written. */
export async function findings(state: ExportedState, recovery: Recovery): Promise<Finding[]> {
  const look = lookup(state, recovery);
  const found: Finding[] = [];
  for (const operation of pendingOperations(state)) found.push(await find(operation, state, recovery, look));
  return found;
}

/** An operation that the state does not name. */
const UNRECORDED = "unrecorded";
const AT_ONCE = 8;

export interface Unrecorded {
  found: Finding[];
  /** Objects of the state that a cluster lacks of which no object shows that it is the stack's: it may be another one. */
  unsure: string[];
}

/**
 * Deletes and updates of which the state does not know. Objects that a pending operation is about are not looked for again. An object
 * counts as deleted only where the cluster has another object of the state, by its UID: a kubeconfig may lead to another cluster.
 */
export async function unrecorded(state: ExportedState, recovery: Recovery): Promise<Unrecorded> {
  const look = lookup(state, recovery);
  const begun = new Set(pendingOperations(state).map(({ resource }) => resource.urn));
  const kept = (state.deployment.resources ?? []).filter((one) => isKept(one) && !begun.has(one.urn));
  const seen: Seen[] = [];
  for (let from = 0; from < kept.length; from += AT_ONCE) {
    const some = kept.slice(from, from + AT_ONCE).map((resource) => findUnrecorded(resource, state, look));
    seen.push(...(await Promise.all(some)).filter((one) => one !== undefined));
  }
  const ours = new Set(seen.filter(({ isSame }) => isSame).map(({ provider }) => provider));
  const isSure = ({ finding, provider }: Seen): boolean => finding?.action !== "forget" || ours.has(provider);
  const found = seen.filter(isSure).flatMap(({ finding }) => finding ?? []);
  return { found, unsure: seen.filter((one) => !isSure(one)).flatMap(({ finding }) => finding?.subject ?? []) };
}

/** What a look at an object of the state showed. */
interface Seen {
  finding?: Finding;
  /** The state's text for the provider: by it the cluster is known. */
  provider: string;
  /** Whether the cluster has the very object that the state means. */
  isSame: boolean;
}

/** Whether a resource stands for a whole object, which the stack made or took over. */
function isKept(resource: StateResource): boolean {
  return isKubernetes(resource) && !isPatch(resource) && resource["external"] !== true;
}

async function findUnrecorded(resource: StateResource, state: ExportedState, look: Look): Promise<Seen | undefined> {
  const operation = { type: UNRECORDED, resource };
  const provider = providerOf(state, resource);
  const object = objectIn(resource, provider);
  if (object === undefined || withoutCluster(operation, provider) !== undefined) return undefined;
  const live = await look(operation, object);
  const verdict = judgeKept(resource, live);
  const uid = uidOf(live);
  return {
    ...(verdict && { finding: { operation, subject: subjectOf(object), ...verdict } }),
    provider: resource.provider ?? "",
    isSame: uid !== undefined && uid === uidOf(resource.outputs),
  };
}

function uidOf(object: object | undefined): unknown {
  return (object as { metadata?: { uid?: unknown } } | undefined)?.metadata?.uid;
}

/** The object that a resource stands for, in the namespace that its inputs, its id or its provider say. */
function objectIn(resource: StateResource, provider: StateResource | undefined): KubernetesObject | undefined {
  return objectOf(resource, namespaceInId(resource) ?? namespaceOf(provider));
}

/** The kubernetes plugin calls an object `NAMESPACE/NAME`: so the namespace is known that a kubeconfig had chosen. */
function namespaceInId({ id = "" }: StateResource): string | undefined {
  const [namespace, name] = id.split("/");
  return name === undefined ? undefined : namespace;
}

function namespaceOf(provider: StateResource | undefined): string | undefined {
  const namespace = provider?.inputs?.["namespace"];
  return typeof namespace === "string" ? namespace : undefined;
}

type Look = (operation: PendingOperation, object: KubernetesObject) => Promise<KubernetesObject | undefined>;

async function find(
  operation: PendingOperation,
  state: ExportedState,
  { take = [] }: Recovery,
  look: Look,
): Promise<Finding> {
  const { resource } = operation;
  const provider = providerOf(state, resource);
  const object = objectIn(resource, provider);
  const subject = object === undefined ? resource.urn : subjectOf(object);
  const fixed = withoutCluster(operation, provider);
  if (fixed !== undefined) return { operation, subject, ...fixed };
  if (object === undefined) return { operation, subject, action: "keep", why: NOT_JUDGED };
  const live = await look(operation, object);
  const stackSince = sinceOf(state);
  const isForced = take.includes(`${object.kind}/${object.metadata.name}`);
  return { operation, subject, ...judge({ operation, live, stackSince, isForced }) };
}

const NOT_JUDGED = "it is not a Kubernetes object; run `pulumi refresh`";

/** What is decided without a look at a cluster: providers are nowhere but in the state, and files are written anew. */
function withoutCluster(
  { type, resource }: PendingOperation,
  provider: StateResource | undefined,
): { action: Action; why: string } | undefined {
  if (resource.type.startsWith("pulumi:")) return { action: "drop", why: "it exists only in the state" };
  if (!isKubernetes(resource)) return { action: "keep", why: NOT_JUDGED };
  if (provider?.inputs?.["renderYamlToDirectory"] === undefined) return undefined;
  const action = type === "creating" ? "drop" : "again";
  return { action, why: "the provider renders YAML: `pulumi up` writes the file again" };
}

function subjectOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** The time from which on this stack could have made anything. */
function sinceOf({ deployment }: ExportedState): Date | undefined {
  const times = (deployment.resources ?? []).flatMap(({ created }) => (created === undefined ? [] : [created]));
  const [first] = times.sort();
  return first === undefined ? undefined : new Date(first);
}

/** Reads objects of the clusters of the state's providers, each of which is asked for its kinds once. */
function lookup(state: ExportedState, { connect, patienceMs = PATIENCE_MS }: Recovery): Look {
  const clusters = new Map<string, Promise<{ cluster: ClusterClient; resources: Resources }>>();
  const clusterOf = (resource: StateResource): Promise<{ cluster: ClusterClient; resources: Resources }> => {
    const key = resource.provider ?? "";
    const before = clusters.get(key);
    if (before !== undefined) return before;
    const connected = connect(providerOf(state, resource)).then((cluster) => ({
      cluster,
      resources: new Resources(cluster),
    }));
    clusters.set(key, connected);
    return connected;
  };
  return async ({ resource }, object) => {
    const { cluster, resources } = await clusterOf(resource);
    const path = (await resources.pathOf(object)) ?? (await resources.pathInOtherVersion(object));
    return path === undefined ? undefined : await settled(cluster, path, subjectOf(object), patienceMs);
  };
}

/** The object at a path, once it is not about to go: one that is being deleted would be gone the moment the run goes on. */
async function settled(
  cluster: ClusterClient,
  path: string,
  subject: string,
  patienceMs: number,
): Promise<KubernetesObject | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const live = (await cluster.get(path)) as KubernetesObject | undefined;
    const going = (live?.metadata as { deletionTimestamp?: string } | undefined)?.deletionTimestamp;
    if (going === undefined) return live;
    if (Date.now() > deadline) {
      throw new ClusterError(
        `${subject} is being deleted since ${going}. Check its finalizers and pods, and try again after it is deleted.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

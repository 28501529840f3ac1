import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import type { Finding } from "../core/views/recovery/mend.ts";
import {
  type ExportedState,
  holderOf,
  isKubernetes,
  isWhole,
  knownUid,
  objectOf,
  type PendingOperation,
  pendingOperations,
  providerOf,
  recordedOf,
  type StateResource,
  uidOf,
} from "../core/views/recovery/state.ts";
import { type Action, judge, judgeKept, type Verdict } from "../core/views/recovery/verdict.ts";
import { type ClusterClient, Refused } from "./client.ts";
import { ClusterError } from "./error.ts";
import { type Look, lookup, type Sight, subjectOf } from "./recoverylook.ts";

export interface Recovery {
  /** The cluster of a provider of the state; undefined for the default provider of older states. */
  connect: (provider: StateResource | undefined) => Promise<ClusterClient>;
  /** Objects (`KIND/NAME`) that are taken over whoever created them. */
  take?: readonly string[];
  /** How long to wait for an object that is being deleted. */
  patienceMs?: number;
}

const PATIENCE_MS = 120_000;

/**
 * Finds out in the cluster how each operation ended that an interrupted run left in the state. Nothing is written. An
 * object that may not be read only leaves its own operation undecided.
 */
export async function findings(state: ExportedState, recovery: Recovery): Promise<Finding[]> {
  const look = lookup(state, recovery.connect, recovery.patienceMs ?? PATIENCE_MS);
  const found: Finding[] = [];
  for (const operation of pendingOperations(state)) found.push(await find(operation, state, recovery, look));
  return found;
}

/** An operation on a resource that the state does not contain. */
const UNRECORDED = "unrecorded";
const AT_ONCE = 8;

export interface Unrecorded {
  found: Finding[];
  /**
   * Objects of the state that are missing in a cluster in which no object belongs to the stack: it may be another
   * cluster.
   */
  unsure: string[];
  /** Objects that could not be read, so that nothing is known about them. */
  unread: Unread[];
}

export interface Unread {
  subject: string;
  why: string;
}

/**
 * Deletes and updates that the state does not know. Objects of a pending operation are not looked up again. An object
 * only counts as deleted if the cluster has another object of the state, by its UID: a kubeconfig may lead to another
 * cluster.
 */
export async function unrecorded(state: ExportedState, recovery: Recovery): Promise<Unrecorded> {
  const look = lookup(state, recovery.connect, recovery.patienceMs ?? PATIENCE_MS);
  const begun = new Set(pendingOperations(state).map(({ resource }) => resource.urn));
  const kept = (state.deployment.resources ?? []).filter((one) => isWhole(one) && !begun.has(one.urn));
  const seen: Seen[] = [];
  for (let from = 0; from < kept.length; from += AT_ONCE) {
    const some = kept.slice(from, from + AT_ONCE).map((resource) => findUnrecorded(resource, state, look));
    seen.push(...(await Promise.all(some)).filter((one) => one !== undefined));
  }
  const ours = new Set(seen.filter(({ isSame }) => isSame).map(({ provider }) => provider));
  const isSure = ({ finding, provider }: Seen): boolean => finding?.action !== "forget" || ours.has(provider);
  return {
    found: seen.filter(isSure).flatMap(({ finding }) => finding ?? []),
    unsure: seen.filter((one) => !isSure(one)).flatMap(({ finding }) => finding?.subject ?? []),
    unread: seen.flatMap(({ unread }) => unread ?? []),
  };
}

/** The result of reading an object of the state. */
interface Seen {
  finding?: Finding;
  unread?: Unread;
  /** The provider's text in the state, which identifies the cluster. */
  provider: string;
  /** Whether the object in the cluster is the one of the state, by its UID. */
  isSame: boolean;
}

async function findUnrecorded(resource: StateResource, state: ExportedState, look: Look): Promise<Seen | undefined> {
  const operation = { type: UNRECORDED, resource };
  const provider = providerOf(state, resource);
  const object = objectIn(resource, provider);
  if (object === undefined || withoutCluster(operation, provider) !== undefined) return undefined;
  const [subject, uid] = [subjectOf(object), knownUid(state, resource)];
  const seen = { provider: resource.provider ?? "", isSame: false };
  const sight = await readable(look(resource, object, { uid }));
  if (sight instanceof ClusterError) return { ...seen, unread: { subject, why: unreadText(sight) } };
  if (sight.unclear !== undefined) return { ...seen, unread: { subject, why: sight.unclear } };
  const verdict = judgeKept(resource, sight.live);
  return {
    ...seen,
    ...(verdict && { finding: { operation, subject, ...whereTo(verdict, sight) } }),
    isSame: uid !== undefined && uid === uidOf(sight.live),
  };
}

/** The object, or why it could not be read. */
async function readable(sight: Promise<Sight>): Promise<Sight | ClusterError> {
  try {
    return await sight;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
}

function unreadText(error: ClusterError): string {
  if (!(error instanceof Refused) || !error.isForbidden) return error.message;
  return `${error.message}; use an identity that may read it (\`kserve-llm permissions\` prints the rules)`;
}

/** The object that a resource stands for, in the namespace of its inputs, its id or its provider. */
function objectIn(resource: StateResource, provider: StateResource | undefined): KubernetesObject | undefined {
  return objectOf(resource, namespaceInId(resource) ?? namespaceOf(provider));
}

/** The id of the kubernetes plugin is `NAMESPACE/NAME`, which shows the namespace that a kubeconfig had chosen. */
function namespaceInId({ id = "" }: StateResource): string | undefined {
  const [namespace, name] = id.split("/");
  return name === undefined ? undefined : namespace;
}

function namespaceOf(provider: StateResource | undefined): string | undefined {
  const namespace = provider?.inputs?.["namespace"];
  return typeof namespace === "string" ? namespace : undefined;
}

async function find(
  operation: PendingOperation,
  state: ExportedState,
  { take = [] }: Recovery,
  look: Look,
): Promise<Finding> {
  const { resource, type } = operation;
  const provider = providerOf(state, resource);
  const isNew = type === "creating";
  const object = objectIn(isNew ? resource : { ...recordedOf(state, resource), ...resource }, provider);
  const subject = object === undefined ? resource.urn : subjectOf(object);
  const fixed = withoutCluster(operation, provider);
  if (fixed !== undefined) return { operation, subject, ...fixed };
  if (object === undefined) return { operation, subject, action: "keep", why: NOT_JUDGED };
  const former = isNew ? undefined : { uid: knownUid(state, resource) };
  const sight = await readable(look(resource, object, former));
  if (sight instanceof Refused) return { operation, subject, action: "unread", why: unreadText(sight) };
  if (sight instanceof ClusterError) throw sight;
  const isForced = take.includes(`${object.kind}/${object.metadata.name}`);
  const holder = holderOf(state, resource, sight.live);
  const evidence = { operation, ...sight, stackSince: sinceOf(state), isForced, ...(holder && { holder }) };
  return { operation, subject, ...whereTo(judge(evidence), sight) };
}

/** The next `pulumi up` updates the object only if the program names the group that the cluster serves. */
function whereTo(verdict: Verdict, { movedTo }: Sight): Verdict {
  if (movedTo === undefined) return verdict;
  return { ...verdict, why: `${verdict.why}; the cluster has it as ${movedTo}: set this apiVersion in your program` };
}

const NOT_JUDGED = "it is not a Kubernetes object; run `pulumi refresh`";

/** What is decided without a cluster: providers only exist in the state, and files are written anew. */
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

/** The earliest time at which this stack could have created anything. */
function sinceOf({ deployment }: ExportedState): Date | undefined {
  const times = (deployment.resources ?? []).flatMap(({ created }) => (created === undefined ? [] : [created]));
  const [first] = times.sort();
  return first === undefined ? undefined : new Date(first);
}

import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { isPatch, type PendingOperation, type StateResource } from "./state.ts";

/**
 * Names the stack that owns an object, as `ORGANIZATION/PROJECT/STACK`: components set it on every object that they
 * own.
 */
export const STACK_MARK = "kserve-llm/stack";
/**
 * With this annotation the kubernetes plugin takes the name of its field manager from an object instead of generating
 * one.
 */
const NAMED_MANAGER = "pulumi.com/patchFieldManager";

/**
 * What becomes of an operation that was interrupted.
 * - `adopt`: the object was made; it comes into the state, and the next `pulumi up` updates it.
 * - `again`: the resource is in the state, and the next `pulumi up` updates it, whatever was done of it.
 * - `forget`: the object is gone, so the resource leaves the state.
 * - `drop`: nothing was done; only the operation leaves the state.
 * - `refuse`: another owner's object has this name; the operation stays in the state.
 * - `keep`: it cannot be judged here; the operation stays in the state.
 * - `unread`: the API server does not let the object be read; the operation stays in the state.
 * - `held`: the state has the object already, as another resource; only the operation leaves the state.
 */
export type Action = "adopt" | "again" | "forget" | "drop" | "refuse" | "keep" | "unread" | "held";

export interface Verdict {
  action: Action;
  why: string;
  /** The owner of the object's fields, according to the API server; only with `adopt`. */
  manager?: string;
  /** The namespace of the object, which its inputs need not contain; only with `adopt`. */
  namespace?: string;
}

export interface Evidence {
  operation: PendingOperation;
  /** The object in the cluster, if it exists. */
  live: KubernetesObject | undefined;
  /** Why a missing object may still exist. */
  unclear?: string;
  /** Another resource of the state that stands for the live object. */
  holder?: StateResource;
  /** When the first resource of the stack was created: the stack did not create older objects. */
  stackSince: Date | undefined;
  /** Set if the object is taken over even if another owner created it. */
  isForced?: boolean;
}

/** Decides about one operation on an object of a cluster. */
export function judge(evidence: Evidence): Verdict {
  const { operation, live, unclear } = evidence;
  if (unclear !== undefined) return { action: "keep", why: unclear };
  switch (operation.type) {
    case "creating":
      return isPatch(operation.resource) ? judgePatch(operation, live) : judgeCreate(evidence);
    case "updating":
      if (live === undefined)
        return { action: "forget", why: "the object no longer exists; `pulumi up` creates it again" };
      return { action: "again", why: "the update may be incomplete; `pulumi up` applies it again" };
    case "deleting":
      if (live === undefined) return { action: "forget", why: "the object no longer exists" };
      return { action: "again", why: "the object still exists" };
    default:
      return { action: "drop", why: "a read changes nothing" };
  }
}

function judgeCreate({ operation, live, holder, stackSince, isForced }: Evidence): Verdict {
  if (live === undefined) return { action: "drop", why: "the object was not created; `pulumi up` creates it" };
  if (holder !== undefined) return { action: "held", why: heldText(holder) };
  const stranger = isForced ? undefined : strangerOf(operation, live, stackSince);
  if (stranger !== undefined) return { action: "refuse", why: stranger };
  const { namespace } = live.metadata;
  return {
    action: "adopt",
    why: `created ${createdAt(live) ?? ""}`.trim(),
    manager: managerOf(live, operation),
    ...(namespace !== undefined && { namespace }),
  };
}

/**
 * Two resources for one object end in its deletion: the next `pulumi up` deletes the one that the program no longer
 * has.
 */
function heldText({ urn }: StateResource): string {
  return `the state contains it as ${urn}; add this URN to the aliases of the resource in your program`;
}

/** Fields of an object that exists anyway: they belong to the stack if its field manager has written some. */
function judgePatch(operation: PendingOperation, live: KubernetesObject | undefined): Verdict {
  const manager = namedManager(operation);
  const isApplied = manager !== undefined && managersOf(live).some((entry) => entry.manager === manager);
  if (!isApplied) return { action: "drop", why: "the fields were not applied; `pulumi up` applies them" };
  return { action: "adopt", why: `its fields were applied by ${manager}`, manager };
}

/** Why the object cannot be the one that the interrupted run created; undefined if it can. */
function strangerOf(
  { resource }: PendingOperation,
  live: KubernetesObject,
  stackSince: Date | undefined,
): string | undefined {
  const [ours, theirs] = [markOf(resource.inputs as Partial<KubernetesObject> | undefined), markOf(live)];
  if (ours !== undefined && ours === theirs) return undefined;
  if (theirs !== undefined) return `it belongs to the stack ${theirs}`;
  if (ours !== undefined) return `${madeBy(live)} created it: it lacks the annotation ${STACK_MARK}: ${ours}`;
  const owner = live.metadata.ownerReferences?.[0];
  if (owner !== undefined) return `it belongs to ${owner.kind} ${owner.name}`;
  if (!managersOf(live).some(isPlugins)) return `${madeBy(live)} created it, not Pulumi`;
  const since = createdAt(live);
  if (since !== undefined && stackSince !== undefined && new Date(since).getTime() < stackSince.getTime() - SKEW_MS) {
    return `it was created ${since}, before this stack`;
  }
  return undefined;
}

/** Clocks of the API server and of the engine's computer may differ. */
const SKEW_MS = 5 * 60_000;

/**
 * What happened to an object that exists according to the state, without a pending operation. Undefined if cluster and
 * state agree. The answer to a delete or an update may be lost, and the state may be an older copy.
 */
export function judgeKept(resource: StateResource, live: KubernetesObject | undefined): Verdict | undefined {
  if (live === undefined)
    return { action: "forget", why: "the cluster does not contain the object; `pulumi up` creates it again" };
  if (!isAhead(resource, live)) return undefined;
  return { action: "again", why: "the stack changed it, and the state does not contain the change" };
}

/** Whether the stack's own field manager changed the object after the last change that the state records. */
function isAhead({ outputs, modified }: StateResource, live: KubernetesObject): boolean {
  const manager = outputs?.["__fieldManager"];
  if (typeof manager !== "string" || modified === undefined) return false;
  const modifiedMs = new Date(modified).getTime();
  return managersOf(live).some((one) => one.manager === manager && Date.parse(one.time ?? "") > modifiedMs + ANSWER_MS);
}

/**
 * Tolerance between a change and its record in the state, because clocks differ a little. One update too many changes
 * nothing.
 */
const ANSWER_MS = 2_000;

interface ManagedFields {
  manager?: string;
  operation?: string;
  time?: string;
  subresource?: string;
}

function managersOf(live: KubernetesObject | undefined): readonly ManagedFields[] {
  return ((live?.metadata as { managedFields?: ManagedFields[] } | undefined)?.managedFields ?? []).filter(
    ({ subresource }) => subresource === undefined || subresource === "",
  );
}

/**
 * Field managers of the kubernetes plugin: a generated name, or the plugin's own name, with which versions from 4.29 on
 * create objects.
 */
function isPlugins({ manager = "" }: ManagedFields): boolean {
  return /^pulumi-(kubernetes|resource-kubernetes)/.test(manager);
}

function madeBy(live: KubernetesObject): string {
  return managersOf(live).find(({ manager }) => manager !== undefined)?.manager ?? "another owner";
}

function markOf(object: Partial<KubernetesObject> | undefined): string | undefined {
  return object?.metadata?.annotations?.[STACK_MARK];
}

function namedManager({ resource }: PendingOperation): string | undefined {
  const { metadata } = (resource.inputs ?? {}) as Partial<KubernetesObject>;
  return metadata?.annotations?.[NAMED_MANAGER];
}

/**
 * The manager that applied the object: with that name the plugin continues without a conflict. Versions from 4.29 on
 * create objects under a name that they replace at the first update, so any name works.
 */
function managerOf(live: KubernetesObject, operation: PendingOperation): string {
  const applied = managersOf(live).find((entry) => entry.operation === "Apply" && isPlugins(entry))?.manager;
  return namedManager(operation) ?? applied ?? "pulumi-kubernetes-recovered";
}

function createdAt({ metadata }: KubernetesObject): string | undefined {
  return (metadata as { creationTimestamp?: string }).creationTimestamp;
}

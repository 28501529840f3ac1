import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";

/** A resource as `pulumi stack export` writes it; only what recovery reads is named. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: JsonObject;
  outputs?: JsonObject;
  parent?: string;
  dependencies?: string[];
  /** `URN::ID` of the provider. */
  provider?: string;
  /** The object must be deleted: another one with this URN replaced it. */
  delete?: boolean;
  /** The object was deleted already, and another one with this URN must be created. */
  pendingReplacement?: boolean;
  /** The next `pulumi up` updates a resource with one, even if its inputs are the same. */
  initErrors?: string[];
  created?: string;
  /** When the engine last recorded a change of it. */
  modified?: string;
  [field: string]: unknown;
}

/** An operation that an interrupted run had begun, and of which the state does not know the outcome. */
export interface PendingOperation {
  type: string;
  resource: StateResource;
}

/** The output of `pulumi stack export`, and the input of `pulumi stack import`. */
export interface ExportedState {
  version: number;
  deployment: {
    resources?: StateResource[];
    pending_operations?: PendingOperation[];
    [field: string]: unknown;
  };
}

export function isExportedState(value: unknown): value is ExportedState {
  return isObject(value) && isObject(value["deployment"]);
}

export function pendingOperations({ deployment }: ExportedState): readonly PendingOperation[] {
  return deployment.pending_operations ?? [];
}

/** True for a resource that stands for an object of Kubernetes, or for some fields of one (`NamespacePatch`). */
export function isKubernetes({ type }: StateResource): boolean {
  return type.startsWith("kubernetes:");
}

/**
 * True for a resource that owns some fields of an object that may have another owner: it never creates or deletes the
 * object.
 */
export function isPatch({ type }: StateResource): boolean {
  return type.endsWith("Patch");
}

/**
 * The object that a resource stands for, as it is looked up, from the inputs of the resource. Undefined for a resource
 * that is not an object with a name, such as a Helm release. `namespace` is the provider's own default.
 */
export function objectOf(resource: StateResource, namespace?: string): KubernetesObject | undefined {
  const { apiVersion, kind, metadata } = (resource.inputs ?? {}) as Partial<KubernetesObject>;
  if (!isKubernetes(resource) || typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  if (typeof metadata?.name !== "string") return undefined;
  const name = isPatch(resource) ? kind.replace(/Patch$/, "") : kind;
  return { apiVersion, kind: name, metadata: { ...(namespace !== undefined && { namespace }), ...metadata } };
}

/** The provider of a resource, as the state has it. */
export function providerOf({ deployment }: ExportedState, { provider }: StateResource): StateResource | undefined {
  return deployment.resources?.find(({ urn, id }) => `${urn}::${id}` === provider);
}

/** The UID that the API server gave an object, from a resource's outputs or from a live object. */
export function uidOf(object: object | undefined): string | undefined {
  const uid = (object as { metadata?: { uid?: unknown } } | undefined)?.metadata?.uid;
  return typeof uid === "string" ? uid : undefined;
}

/**
 * The UID of the object that a resource stands for; undefined if the state does not contain it. The resource of a
 * pending update has no outputs yet: the state has those of the last change.
 */
export function knownUid(state: ExportedState, resource: StateResource): string | undefined {
  return uidOf(resource.outputs) ?? uidOf(recordedOf(state, resource)?.outputs);
}

/** The resource of the state that an update or a delete is about. */
export function recordedOf({ deployment }: ExportedState, resource: StateResource): StateResource | undefined {
  return deployment.resources?.find((one) => isSame(one, resource));
}

/**
 * Whether an operation's resource is this one of the state. One URN may occur twice: for an object to be deleted, and
 * for its replacement. The engine may record an update before its resource has an id.
 */
export function isSame(one: StateResource, { urn, id, delete: isGoing }: StateResource): boolean {
  return one.urn === urn && (one.delete === true) === (isGoing === true) && (id === undefined || one.id === id);
}

/**
 * Another resource of the state that already stands for a live object: its name in the program changed, or its kind
 * moved to another group, without an alias.
 */
export function holderOf(
  { deployment }: ExportedState,
  { urn }: StateResource,
  live: KubernetesObject | undefined,
): StateResource | undefined {
  const uid = uidOf(live);
  if (uid === undefined) return undefined;
  return deployment.resources?.find((one) => one.urn !== urn && isWhole(one) && uidOf(one.outputs) === uid);
}

/** Whether a resource stands for a whole object, which the stack made or took over. */
export function isWhole(resource: StateResource): boolean {
  return isKubernetes(resource) && !isPatch(resource) && resource["external"] !== true;
}

import type { LLMInferenceService } from "../../api/service.ts";
import { FINALIZER } from "../../contract/names.ts";
import { asObject, type KubernetesObject, objectKey } from "../../kubernetes/objects.ts";

/**
 * One write to the cluster. `uid` is that of the object as it was read: another object with its name is not touched.
 */
export interface Step {
  what: "owner reference" | "finalizer" | "object";
  object: Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">;
  method: "PATCH" | "DELETE";
  body: object;
  /** The reason, for reviewers of the plan. */
  text: string;
}

type Meta = KubernetesObject["metadata"] & {
  uid?: string;
  finalizers?: string[];
  ownerReferences?: { uid: string; kind: string; name: string }[];
};

/**
 * Takes a service over from KServe, in an order in which nothing can be lost: first the objects stop belonging to the
 * service, so that the garbage collector does not delete them with it; then its finalizers are removed; then the
 * LLMInferenceService is deleted, and any overlooked dependents are orphaned.
 */
export function handOver(service: LLMInferenceService, objects: readonly KubernetesObject[]): Step[] {
  const own = asObject(service);
  const { uid, finalizers = [] } = own.metadata as Meta;
  const isOwned = ({ metadata }: KubernetesObject): boolean =>
    ((metadata as Meta).ownerReferences ?? []).some((owner) => owner.uid === uid);
  const released = objects.filter(isOwned).map((object) => release(object, uid));
  const hasFinalizer = finalizers.includes(FINALIZER);
  return [...released, ...(hasFinalizer ? [unhold(own)] : []), remove(own)];
}

/** The objects that nothing manages after a hand-over. */
export function orphans(steps: readonly Step[], planned: readonly KubernetesObject[]): Step["object"][] {
  const managed = new Set(planned.map(objectKey));
  return steps.flatMap(({ what, object }) =>
    what === "owner reference" && !managed.has(objectKey(object)) ? [object] : [],
  );
}

function release(object: KubernetesObject, owner: string | undefined): Step {
  const { uid, ownerReferences = [] } = object.metadata as Meta;
  const rest = ownerReferences.filter((reference) => reference.uid !== owner);
  return {
    ...{ what: "owner reference", object: identity(object), method: "PATCH" },
    body: { metadata: { uid, ownerReferences: rest.length > 0 ? rest : null } },
    text: `${object.kind} ${object.metadata.name}: owner reference to the LLMInferenceService removed`,
  };
}

function unhold(service: KubernetesObject): Step {
  const { uid, finalizers = [] } = service.metadata as Meta;
  return {
    ...{ what: "finalizer", object: identity(service), method: "PATCH" },
    body: { metadata: { uid, finalizers: finalizers.filter((one) => one !== FINALIZER) } },
    text: `LLMInferenceService ${service.metadata.name}: finalizer ${FINALIZER} removed`,
  };
}

function remove(service: KubernetesObject): Step {
  const { uid } = service.metadata as Meta;
  return {
    ...{ what: "object", object: identity(service), method: "DELETE" },
    body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Orphan", preconditions: { uid } },
    text: `LLMInferenceService ${service.metadata.name}: deleted; its dependents are kept`,
  };
}

function identity({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): Step["object"] {
  return { apiVersion, kind, metadata: { name, namespace } };
}

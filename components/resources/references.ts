import { isA, type KindName } from "../../core/contract/kinds.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";

/**
 * Which fields name an object that must exist first. Only kinds that are not awaited count: a scheduler's pods are not
 * ready before its InferencePool exists, so nothing may depend on a workload.
 */
const REFERENCES: readonly { kind: KindName; field: string; within?: string }[] = [
  { kind: "ServiceAccount", field: "serviceAccountName" },
  { kind: "Secret", field: "secretName" },
  { kind: "Secret", field: "name", within: "secretKeyRef" },
  { kind: "Secret", field: "name", within: "secretRef" },
  { kind: "ConfigMap", field: "name", within: "configMap" },
  { kind: "ConfigMap", field: "name", within: "configMapKeyRef" },
  { kind: "ConfigMap", field: "name", within: "configMapRef" },
  { kind: "PersistentVolumeClaim", field: "claimName" },
  { kind: "ResourceClaimTemplate", field: "resourceClaimTemplateName" },
  { kind: "Role", field: "name", within: "roleRef" },
  { kind: "ServiceAccount", field: "name", within: "subjects" },
];

/**
 * The objects of the list that this one refers to, by kind and name in its own namespace, in the list's order; and the Jobs
 * that fill a claim which it mounts.
 */
export function referencesOf(object: KubernetesObject, objects: readonly KubernetesObject[]): KubernetesObject[] {
  const named = namedIn(object);
  const claims = [...named].filter((name) => name.startsWith(CLAIM));
  const fills = (other: KubernetesObject): boolean => {
    if (!isA(other, "Job") || isA(object, "Job") || claims.length === 0) return false;
    const filled = namedIn(other);
    return claims.some((claim) => filled.has(claim));
  };
  return objects.filter(
    (other) =>
      other !== object &&
      other.metadata.namespace === object.metadata.namespace &&
      (named.has(`${other.kind}/${other.metadata.name}`) || fills(other)),
  );
}

const CLAIM = "PersistentVolumeClaim/";

function namedIn(object: KubernetesObject): Set<string> {
  const named = new Set<string>();
  collect(object, "", named);
  return named;
}

/** `within` is the key of the nearest map above, without list positions. */
function collect(value: unknown, within: string, named: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, within, named);
  else if (typeof value === "object" && value !== null)
    for (const [field, item] of Object.entries(value)) {
      if (typeof item !== "string") collect(item, field, named);
      else for (const kind of kindsNamedBy(field, within)) named.add(`${kind}/${item}`);
    }
}

function kindsNamedBy(field: string, within: string): KindName[] {
  const isNaming = (one: (typeof REFERENCES)[number]): boolean =>
    one.field === field && (one.within ?? within) === within;
  return REFERENCES.filter(isNaming).map(({ kind }) => kind);
}

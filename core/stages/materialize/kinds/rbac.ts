import { KINDS, typeMeta } from "../../../contract/kinds.ts";
import { groupOf, type KubernetesObject } from "../../../kubernetes/objects.ts";

const RBAC = groupOf(KINDS.Role.apiVersion);

export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}
interface Meta {
  name: string;
  namespace: string;
  labels: Record<string, string>;
}

/** A Role in the service's namespace. */
export function buildRole(parts: Meta & { rules: PolicyRule[] }): KubernetesObject {
  const { rules, ...metadata } = parts;
  return { ...typeMeta("Role"), metadata, rules };
}

/** Grants a Role to a ServiceAccount of the same namespace. */
export function buildRoleBinding(parts: Meta & { role: string; serviceAccount: string }): KubernetesObject {
  const { role, serviceAccount, ...metadata } = parts;
  return {
    ...typeMeta("RoleBinding"),
    metadata,
    roleRef: { apiGroup: RBAC, kind: "Role", name: role },
    subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace: parts.namespace }],
  };
}

/** Grants a ClusterRole to a ServiceAccount; it has no namespace itself. */
export function buildClusterRoleBinding(parts: {
  name: string;
  labels: Record<string, string>;
  clusterRole: string;
  serviceAccount: { name: string; namespace: string };
}): KubernetesObject {
  const { name, labels, clusterRole, serviceAccount } = parts;
  return {
    ...typeMeta("ClusterRoleBinding"),
    metadata: { name, labels },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: clusterRole },
    subjects: [{ kind: "ServiceAccount", ...serviceAccount }],
  };
}

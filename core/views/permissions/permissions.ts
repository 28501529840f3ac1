import { isA, kindOf } from "../../contract/kinds.ts";
import { asText, type JsonObject, objectOf, objectsOf, textsOf } from "../../kubernetes/json.ts";
import { groupOf, type KubernetesObject } from "../../kubernetes/objects.ts";

/** A rule of a Role, as Kubernetes writes it. */
interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** The deploying identity: a subject of a RoleBinding. */
export interface Subject {
  kind: "User" | "Group" | "ServiceAccount";
  name: string;
  namespace?: string;
}

const RBAC = "rbac.authorization.k8s.io";
const NAME = "kserve-llm-deployer";

/**
 * The Kubernetes plugin reads an object, applies it on the server, waits for its deletion by a list and a watch, and
 * deletes it.
 */
const LIFECYCLE = ["create", "delete", "get", "list", "patch", "watch"];
const READ = ["get", "list", "watch"];

/**
 * What the Kubernetes plugin reads while it waits for a kind, in addition to the object. Source: the awaiters of
 * pulumi-kubernetes, provider/pkg/await.
 */
const READ_WHILE_WAITING: readonly { kind: "Deployment" | "Job"; group: string; resources: string[] }[] = [
  { kind: "Deployment", group: "", resources: ["events", "persistentvolumeclaims", "pods"] },
  { kind: "Deployment", group: "apps", resources: ["replicasets"] },
  { kind: "Job", group: "", resources: ["events", "pods"] },
];

/**
 * The Roles, one per namespace, and the ClusterRole with which an identity can create, change and delete the objects
 * by Pulumi, and their bindings if a subject is given. RBAC only permits granting rights that the granting identity
 * has, so the rules of the Roles among the objects are part of it, and `bind` for the ClusterRoles that they refer to.
 * Source:
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function permissionsFor(objects: readonly KubernetesObject[], subject?: Subject): KubernetesObject[] {
  const places = Map.groupBy(objects, placeOf);
  const namespaces = [...places.keys()].filter((place) => place !== "").sort();
  return ["", ...namespaces].flatMap((namespace) => {
    const rules = combine((places.get(namespace) ?? []).flatMap(rulesOf));
    if (rules.length === 0) return [];
    const role = roleOf(namespace, rules);
    return subject === undefined ? [role] : [role, bindingOf(role, subject)];
  });
}

/** The namespace of an object; "" for a cluster-wide one. */
function placeOf(object: KubernetesObject): string {
  return kindOf(object)?.isClusterWide ? "" : (object.metadata.namespace ?? "");
}

function rulesOf(object: KubernetesObject): Rule[] {
  const plural = kindOf(object)?.plural;
  if (plural === undefined) return [];
  const waits = READ_WHILE_WAITING.filter(({ kind }) => isA(object, kind));
  return [
    { apiGroups: [groupOf(object.apiVersion)], resources: [plural], verbs: LIFECYCLE },
    ...waits.map(({ group, resources }): Rule => ({ apiGroups: [group], resources, verbs: READ })),
    ...(isA(object, "Role") ? objectsOf(object["rules"]).map(asRule) : []),
    ...boundBy(object),
  ];
}

function asRule({ apiGroups, resources, resourceNames, verbs }: JsonObject): Rule {
  const names = textsOf(resourceNames);
  return {
    apiGroups: textsOf(apiGroups),
    resources: textsOf(resources),
    ...(names.length > 0 && { resourceNames: names }),
    verbs: textsOf(verbs),
  };
}

/**
 * A ClusterRole that a binding refers to is not among the objects, so its rules are unknown: `bind` permits the
 * reference.
 */
function boundBy(object: KubernetesObject): Rule[] {
  const { kind, name } = objectOf(object["roleRef"]);
  if (kind !== "ClusterRole") return [];
  return [{ apiGroups: [RBAC], resources: ["clusterroles"], resourceNames: [asText(name)], verbs: ["bind"] }];
}

/** A rule about one resource of one group. */
interface Single {
  group: string;
  resource: string;
  resourceNames?: string[];
  verbs: string[];
}

/** The same rights in as few rules as there are sets of verbs. */
function combine(rules: readonly Rule[]): Rule[] {
  const singles = rules.flatMap(({ apiGroups, resources, ...rest }) =>
    apiGroups.flatMap((group) => resources.map((resource): Single => ({ group, resource, ...rest }))),
  );
  const whole = join(singles, ({ group, resource, resourceNames }) => [group, resource, resourceNames]).map((same) => ({
    ...same.one,
    verbs: sorted(same.all.flatMap(({ verbs }) => verbs)),
  }));
  return join(whole, ({ group, resourceNames, verbs }) => [group, resourceNames, verbs])
    .map(({ one: { group, resourceNames, verbs }, all }): Rule => {
      const resources = sorted(all.map(({ resource }) => resource));
      return { apiGroups: [group], resources, ...(resourceNames && { resourceNames }), verbs };
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Rules that have the same key, each group with its first. */
function join(rules: readonly Single[], key: (rule: Single) => unknown[]): { one: Single; all: Single[] }[] {
  const groups = Map.groupBy(rules, (rule) => JSON.stringify(key(rule)));
  return [...groups.values()].flatMap((all) => all.slice(0, 1).map((one) => ({ one, all })));
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

function roleOf(namespace: string, rules: readonly Rule[]): KubernetesObject {
  const kind = namespace === "" ? "ClusterRole" : "Role";
  const metadata = { name: NAME, ...(namespace !== "" && { namespace }) };
  return { apiVersion: `${RBAC}/v1`, kind, metadata, rules };
}

function bindingOf({ kind, metadata }: KubernetesObject, subject: Subject): KubernetesObject {
  const group = subject.kind === "ServiceAccount" ? {} : { apiGroup: RBAC };
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: RBAC, kind, name: NAME },
    subjects: [{ ...group, ...subject }],
  };
}

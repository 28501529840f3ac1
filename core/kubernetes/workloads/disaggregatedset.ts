import { asText, field, type Json, type JsonObject, objectOf, objectsOf } from "../json.ts";
import type { KubernetesObject } from "../objects.ts";
import { revisionOf } from "./revision.ts";

/**
 * A set whose roles roll as one: its controller makes a LeaderWorkerSet of each role at each revision. Code that
 * reads the workloads of a service gets the LeaderWorkerSets of the roles instead. They are as the controller makes
 * them, except for their names, which contain a revision there, and their API version, which marks them as not being
 * objects of the plan. Source: lws_manager.go and utils.go of disaggregatedset, LeaderWorkerSet v0.9 and v0.10.
 */
const KIND = "DisaggregatedSet";
/** The object through which an autoscaler scales a role; from LeaderWorkerSet v0.10 on. */
export const ROLE_SCALER = "DisaggregatedSetRoleScaler";

/** Labels of the pods and LeaderWorkerSets of a role. */
export const ROLE_LABELS = {
  set: "disaggregatedset.x-k8s.io/name",
  role: "disaggregatedset.x-k8s.io/role",
  revision: "disaggregatedset.x-k8s.io/revision",
} as const;

/** Hex digits of the controller's revision. */
const LENGTH = 8;

export function isDisaggregatedSet(object: KubernetesObject): boolean {
  return object.kind === KIND;
}

/** The name of a role's scaler, and of the LeaderWorkerSet that stands for the role here. */
export function roleObjectName(set: string, role: string): string {
  return `${set}-${role}`;
}

/**
 * The length of the suffix that the controller adds to the set's name for a role's LeaderWorkerSet: slice, revision and
 * role.
 */
export function roleSuffixLength(role: string): number {
  return `-0-${"0".repeat(LENGTH)}-${role}`.length;
}

/** What messages call a role. */
export function roleTitle(set: string, role: string): string {
  return `role ${role} of ${KIND} ${set}`;
}

/**
 * What messages call an object: `Deployment chat-kserve`; an object that stands for a role is named as the role,
 * because it will not exist itself.
 */
export function titleOf({ kind, metadata: { name, labels = {} } }: KubernetesObject): string {
  const { [ROLE_LABELS.set]: set, [ROLE_LABELS.role]: role } = labels;
  return set === undefined || role === undefined ? `${kind} ${name}` : roleTitle(set, role);
}

/** The objects, with each set replaced by a LeaderWorkerSet for each of its roles. */
export function withRoles(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  if (!objects.some(isDisaggregatedSet)) return objects;
  return objects.flatMap((object) => (isDisaggregatedSet(object) ? rolesOf(object) : [object]));
}

function rolesOf({ apiVersion, metadata, spec }: KubernetesObject): KubernetesObject[] {
  const roles = objectsOf(field(spec, "roles"));
  // The revision follows from the templates of all roles, so a change of one is a new revision of all. Replicas do not
  // count.
  const templates = roles.map(({ name, spec }) => ({ name, template: field(spec, "leaderWorkerTemplate") }));
  const revision = revisionOf(templates, LENGTH);
  return roles.map((role) => {
    const name = asText(role["name"]);
    const labels = { [ROLE_LABELS.set]: metadata.name, [ROLE_LABELS.role]: name, [ROLE_LABELS.revision]: revision };
    const own = objectOf(role["spec"]);
    const template = objectOf(own["leaderWorkerTemplate"]);
    const pods = Object.entries(template).map(([key, value = null]): [string, Json] => [
      key,
      key.endsWith("Template") ? labelled(value, labels) : value,
    ]);
    return {
      apiVersion,
      kind: "LeaderWorkerSet",
      metadata: {
        ...objectOf(role["metadata"]),
        name: roleObjectName(metadata.name, name),
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        labels: { ...labelsIn(role), ...labels },
      },
      spec: { ...own, leaderWorkerTemplate: Object.fromEntries(pods) },
    };
  });
}

function labelsIn(holder: Json | undefined): Record<string, string> {
  return objectOf(field(field(holder, "metadata"), "labels")) as Record<string, string>;
}

function labelled(template: Json | undefined, labels: Record<string, string>): JsonObject {
  const { metadata, ...rest } = objectOf(template);
  return {
    ...rest,
    metadata: { ...objectOf(metadata), labels: { ...labelsIn({ metadata: metadata ?? {} }), ...labels } },
  };
}

import { asText, field, type Json, type JsonObject, objectOf, objectsOf } from "../json.ts";
import type { KubernetesObject } from "../objects.ts";
import { revisionOf } from "./revision.ts";

/**
 * A set whose roles roll as one: its controller makes a LeaderWorkerSet of each role at each revision. Those who look at the
 * workloads of a service look at the LeaderWorkerSets of the roles instead, as the controller makes them but for their names,
 * which hold a revision, and their API, which says that they are no objects of the plan. Source: lws_manager.go and utils.go of disaggregatedset, LeaderWorkerSet v0.9 and v0.10.
 */
const KIND = "DisaggregatedSet";
/** What an autoscaler scales of a role; from LeaderWorkerSet v0.10 on. */
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

/** The name of a role's scaler; of the LeaderWorkerSet that stands for the role here, too. */
export function roleObjectName(set: string, role: string): string {
  return `${set}-${role}`;
}

/** The length of what stands behind the set's name in the name of a role's LeaderWorkerSet: slice, revision and role. */
export function roleSuffixLength(role: string): number {
  return `-0-${"0".repeat(LENGTH)}-${role}`.length;
}

/** How messages call a role. */
export function roleTitle(set: string, role: string): string {
  return `role ${role} of ${KIND} ${set}`;
}

/** How messages call an object: `Deployment chat-kserve`; one that stands for a role by that, for no such object will be there. */
export function titleOf({ kind, metadata: { name, labels = {} } }: KubernetesObject): string {
  const { [ROLE_LABELS.set]: set, [ROLE_LABELS.role]: role } = labels;
  return set === undefined || role === undefined ? `${kind} ${name}` : roleTitle(set, role);
}

/** The objects, with a LeaderWorkerSet for each role in the place of each set. */
export function withRoles(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  if (!objects.some(isDisaggregatedSet)) return objects;
  return objects.flatMap((object) => (isDisaggregatedSet(object) ? rolesOf(object) : [object]));
}

function rolesOf({ apiVersion, metadata, spec }: KubernetesObject): KubernetesObject[] {
  const roles = objectsOf(field(spec, "roles"));
  // The templates of all roles make the revision, so a change of one is a new one for all. Replicas do not count.
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

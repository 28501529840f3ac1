import { field, isObject, type Json, type JsonObject, objectOf, objectsOf } from "../json.ts";
import type { KubernetesObject, PodSpec } from "../objects.ts";
import { entryOf } from "../table.ts";
import { ROLE_LABELS, ROLE_SCALER, withRoles } from "./disaggregatedset.ts";

/**
 * The content of a Deployment or a LeaderWorkerSet; no other file reads these. Values that are not set get the API
 * server's defaults. Nothing here throws on an incomplete object, because users' files are read too.
 */

export type WorkloadKind = "Deployment" | "LeaderWorkerSet";
export type WorkloadObject = KubernetesObject & { kind: WorkloadKind };

export function isDeployment(object: KubernetesObject): object is WorkloadObject & { kind: "Deployment" } {
  return object.kind === "Deployment";
}

/** Whether an object makes groups of pods. */
export function isLeaderWorkerSet(object: KubernetesObject): object is WorkloadObject & { kind: "LeaderWorkerSet" } {
  return object.kind === "LeaderWorkerSet";
}

export function isWorkload(object: KubernetesObject): object is WorkloadObject {
  return isDeployment(object) || isLeaderWorkerSet(object);
}

/** The pods that a template is for: those of a Deployment or Job, or the leader or the others of a group. */
export type TemplatePlace = "single" | "leader" | "worker";

/** The paths of the templates in the spec of an object. */
export const TEMPLATE_PATHS: Readonly<Record<TemplatePlace, readonly [string, ...string[]]>> = {
  single: ["template"],
  leader: ["leaderWorkerTemplate", "leaderTemplate"],
  worker: ["leaderWorkerTemplate", "workerTemplate"],
};
const PLACES: readonly TemplatePlace[] = ["single", "leader", "worker"];

export interface PodTemplate {
  place: TemplatePlace;
  labels: Record<string, string>;
  spec: PodSpec;
}

/** The pod templates of a Deployment, Job or LeaderWorkerSet, the leader's before that of the other pods. */
export function templatesOf({ spec }: KubernetesObject): PodTemplate[] {
  return PLACES.flatMap((place): PodTemplate[] => {
    const template = TEMPLATE_PATHS[place].reduce<unknown>(field, spec);
    if (!isObject(template)) return [];
    return [{ place, labels: labelsIn(field(template["metadata"], "labels")), spec: podSpecIn(template["spec"]) }];
  });
}

/** A pod with only those containers that are objects. */
function podSpecIn(value: unknown): PodSpec {
  const spec = objectOf(value);
  const isSound = (list: unknown): boolean => list === undefined || isListOfObjects(list);
  const odd = ["containers", "initContainers"].filter((list) => !isSound(entryOf(spec, list)));
  const sound = odd.map((list) => [list, objectsOf(field(spec, list))]);
  return (odd.length === 0 ? spec : { ...spec, ...Object.fromEntries(sound) }) as PodSpec;
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

/** The object with labels added to the pods of all its templates. */
export function withTemplateLabels(object: KubernetesObject, labels: Record<string, string>): KubernetesObject {
  const spec = templatesOf(object).reduce(
    (one, { place }) => withLabelsAt(one, TEMPLATE_PATHS[place], labels),
    objectOf(object.spec),
  );
  return { ...object, spec };
}

function withLabelsAt(value: JsonObject, path: readonly string[], labels: Record<string, string>): JsonObject {
  const [step, ...rest] = path;
  if (step !== undefined) {
    const entry = { [step]: withLabelsAt(objectOf(field(value, step)), rest, labels) };
    return { ...value, ...entry };
  }
  const metadata = objectOf(value["metadata"]);
  return { ...value, metadata: { ...metadata, labels: { ...objectOf(metadata["labels"]), ...labels } } };
}

/** The pods of all templates of an object. */
export function podSpecsOf(object: KubernetesObject): PodSpec[] {
  return templatesOf(object).map(({ spec }) => spec);
}

/** Labels as a map of texts; empty for any other value. */
export function labelsIn(value: unknown): Record<string, string> {
  return objectOf(value) as Record<string, string>;
}

/**
 * The number of pods or groups that the object sets itself; undefined if an autoscaler or the default of 1 decides it.
 */
export function replicasOf({ spec }: KubernetesObject): number | undefined {
  const replicas = field(spec, "replicas");
  return replicas === undefined ? undefined : Number(replicas);
}

/** The labels by which a Deployment selects its pods. */
export function selectorOf({ spec }: KubernetesObject): Record<string, string> | undefined {
  const labels = field(field(spec, "selector"), "matchLabels");
  return labels === undefined ? undefined : labelsIn(labels);
}

/** The label that the LeaderWorkerSet controller puts on every pod of a set, with the set's name. */
export const SET_NAME_LABEL = "leaderworkerset.sigs.k8s.io/name";
/** The label with a pod's index in its group; the leader has 0. */
export const WORKER_INDEX_LABEL = "leaderworkerset.sigs.k8s.io/worker-index";

/** The labels by which the pods of a workload are selected. */
export function podLabelsOf(object: WorkloadObject): Record<string, string> {
  if (isDeployment(object)) return selectorOf(object) ?? {};
  const { [ROLE_LABELS.set]: set, [ROLE_LABELS.role]: role } = object.metadata.labels ?? {};
  if (set !== undefined && role !== undefined) return { [ROLE_LABELS.set]: set, [ROLE_LABELS.role]: role };
  return { [SET_NAME_LABEL]: object.metadata.name };
}

/** Whether a LeaderWorkerSet stands for a role of a DisaggregatedSet. */
export function isOfRole({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[ROLE_LABELS.set] !== undefined;
}

/** The numbers of a workload. A unit is what rolls as one: a pod of a Deployment, a group of a LeaderWorkerSet. */
export interface Workload {
  object: WorkloadObject;
  /** Number of units: fixed, or the autoscaler's minimum. */
  count: number;
  /** The autoscaler's maximum; `count` without an autoscaler. */
  most: number;
  pods: PodKind[];
  /** Extra units that a rollout may run temporarily. */
  surge: number;
  /** Whether a rollout may stop a unit before the new one runs. */
  mayStopFirst: boolean;
  /** Whether all units stop before the first new one starts. */
  recreates: boolean;
}

/** The pods of one template in a unit. */
export interface PodKind {
  /** Set in a group whose pods differ. */
  part?: "leader" | "worker";
  perUnit: number;
  labels: Record<string, string>;
  spec: PodSpec;
}

/**
 * The workloads among some objects, including the roles of a DisaggregatedSet; autoscalers among the objects give the
 * bounds of the workloads that they scale.
 */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return withRoles(objects)
    .filter(isWorkload)
    .map((object) => {
      const bounds = boundsOf(object, objects);
      const count = replicasOf(object) ?? bounds?.least ?? 1;
      const most = Math.max(count, bounds?.most ?? count);
      return { object, count, most, pods: podKindsOf(object), ...rolloutOf(object, count) };
    });
}

const SCALERS = ["HorizontalPodAutoscaler", "ScaledObject"];

/** The autoscaler that sets a workload's number of pods. */
export function scalerOf(
  workload: KubernetesObject,
  objects: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const kind = isOfRole(workload) ? ROLE_SCALER : workload.kind;
  return objects.find((object) => {
    const target = field(object.spec, "scaleTargetRef");
    const isTarget =
      field(target, "name") === workload.metadata.name && (field(target, "kind") ?? "Deployment") === kind;
    return SCALERS.includes(object.kind) && isTarget;
  });
}

/** The field of an autoscaler's minimum; KEDA's may be lower while the service is idle. */
const LEAST = ["idleReplicaCount", "minReplicaCount", "minReplicas"];

function boundsOf(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
): { least: number; most?: number } | undefined {
  const scaler = scalerOf(object, objects);
  if (scaler === undefined) return undefined;
  const least = LEAST.map((name) => field(scaler.spec, name)).find((value) => value !== undefined) ?? 1;
  const most = field(scaler.spec, "maxReplicas") ?? field(scaler.spec, "maxReplicaCount");
  return { least: Number(least), ...(most !== undefined && { most: Number(most) }) };
}

const NO_TEMPLATE = { labels: {}, spec: {} };

/** Without a separate template the leader has the workers'. */
function podKindsOf(object: WorkloadObject): PodKind[] {
  const templates = templatesOf(object);
  const at = (place: TemplatePlace): Pick<PodTemplate, "labels" | "spec"> => {
    const { labels, spec } = templates.find((one) => one.place === place) ?? NO_TEMPLATE;
    return { labels, spec };
  };
  if (isDeployment(object)) return [{ perUnit: 1, ...at("single") }];
  const size = Number(field(field(object.spec, "leaderWorkerTemplate"), "size") ?? 1);
  if (!templates.some(({ place }) => place === "leader")) return [{ perUnit: size, ...at("worker") }];
  return [
    { part: "leader", perUnit: 1, ...at("leader") },
    ...(size > 1 ? [{ part: "worker" as const, perUnit: size - 1, ...at("worker") }] : []),
  ];
}

export function podsPerUnit({ pods }: Pick<Workload, "pods">): number {
  return pods.reduce((sum, { perUnit }) => sum + perUnit, 0);
}

/** A number of units, or a percentage of those that are wanted. */
export type Amount = number | string;

/** An amount as a number of units; `round` is the direction for percentages. */
export function share(value: Amount, units: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return round((Number.parseFloat(value) / 100) * units);
}

/** How the units of a workload are replaced. */
export interface Rollout {
  maxSurge?: Amount;
  maxUnavailable?: Amount;
}

/** The defaults of the two fields. Sources: Deployment of apps/v1; rolloutStrategy of LeaderWorkerSet v0.9. */
export const ROLLOUT_DEFAULTS: Readonly<Record<WorkloadKind, Required<Rollout>>> = {
  Deployment: { maxSurge: "25%", maxUnavailable: "25%" },
  LeaderWorkerSet: { maxSurge: 0, maxUnavailable: 1 },
};

/** Where the two kinds have their rollout settings. */
const ROLLOUT_FIELDS: Readonly<Record<WorkloadKind, readonly [strategy: string, settings: string]>> = {
  Deployment: ["strategy", "rollingUpdate"],
  LeaderWorkerSet: ["rolloutStrategy", "rollingUpdateConfiguration"],
};

function rolloutOf(object: WorkloadObject, count: number): Pick<Workload, "surge" | "mayStopFirst" | "recreates"> {
  const strategy = field(object.spec, ROLLOUT_FIELDS[object.kind][0]);
  if (field(strategy, "type") === "Recreate") return { surge: 0, mayStopFirst: true, recreates: true };
  const { maxSurge, maxUnavailable } = rollingUpdateOf(object);
  return {
    surge: share(maxSurge, count, Math.ceil),
    mayStopFirst: share(maxUnavailable, count, Math.floor) > 0,
    recreates: false,
  };
}

/** How the units of a workload are replaced, with the defaults for what is not set. */
export function rollingUpdateOf({ kind, spec }: WorkloadObject): Required<Rollout> {
  const [strategyField, settingsField] = ROLLOUT_FIELDS[kind];
  const settings = field(field(spec, strategyField), settingsField);
  const amount = (name: keyof Rollout): Amount => amountIn(field(settings, name)) ?? ROLLOUT_DEFAULTS[kind][name];
  return { maxSurge: amount("maxSurge"), maxUnavailable: amount("maxUnavailable") };
}

function amountIn(value: Json | undefined): Amount | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

/** The workload with another rolling update. */
export function withRollingUpdate(object: WorkloadObject, rollout: Rollout): WorkloadObject {
  const [strategyField, settingsField] = ROLLOUT_FIELDS[object.kind];
  const spec = objectOf(object.spec);
  const before: JsonObject = isDeployment(object) ? { type: "RollingUpdate" } : objectOf(entryOf(spec, strategyField));
  return { ...object, spec: { ...spec, [strategyField]: { ...before, [settingsField]: { ...rollout } } } };
}

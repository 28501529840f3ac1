import { isObject } from "./json.ts";
import type { KubernetesObject, PodSpec } from "./objects.ts";
import { entryOf } from "./table.ts";

/** A workload in numbers. A unit is what rolls as one: a pod of a Deployment, a group of a LeaderWorkerSet. */
export interface Workload {
  object: KubernetesObject;
  /** Units: fixed, or the autoscaler's floor. */
  count: number;
  /** The autoscaler's ceiling; `count` where there is none. */
  most: number;
  pods: PodKind[];
  /** Units beyond the wanted number that a rollout may run meanwhile. */
  surge: number;
  /** Whether all units stop before the first new one starts. */
  recreates: boolean;
}

/** The pods of one template in a unit. */
export interface PodKind {
  /** In a group whose pods differ. */
  part?: "leader" | "worker";
  perUnit: number;
  spec: PodSpec;
}

const KINDS = ["Deployment", "LeaderWorkerSet"];

export function isWorkload({ kind }: { kind: string }): boolean {
  return KINDS.includes(kind);
}

/** The workloads among some objects; autoscalers among them give the bounds of those they scale. */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return objects.filter(isWorkload).map((object) => {
    const bounds = boundsOf(object, objects);
    const count = Number(fieldOf(object.spec, "replicas") ?? bounds?.least ?? 1);
    const { surge, recreates } = rolloutOf(object, count);
    return { object, count, most: Math.max(count, bounds?.most ?? count), pods: podsOf(object), surge, recreates };
  });
}

const SCALERS = ["HorizontalPodAutoscaler", "ScaledObject"];

/** The autoscaler that sets a workload's number of pods. */
export function scalerOf(
  { kind, metadata }: KubernetesObject,
  objects: readonly KubernetesObject[],
): KubernetesObject | undefined {
  return objects.find((object) => {
    const target = fieldOf(object.spec, "scaleTargetRef");
    const isTarget = fieldOf(target, "name") === metadata.name && (fieldOf(target, "kind") ?? "Deployment") === kind;
    return SCALERS.includes(object.kind) && isTarget;
  });
}

/** Where an autoscaler's floor stands: KEDA's may be lower while nothing is to do. */
const LEAST = ["idleReplicaCount", "minReplicaCount", "minReplicas"];

function boundsOf(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
): { least: number; most?: number } | undefined {
  const scaler = scalerOf(object, objects);
  if (scaler === undefined) return undefined;
  const least = LEAST.map((field) => fieldOf(scaler.spec, field)).find((value) => value !== undefined) ?? 1;
  const most = fieldOf(scaler.spec, "maxReplicas") ?? fieldOf(scaler.spec, "maxReplicaCount");
  return { least: Number(least), ...(most !== undefined && { most: Number(most) }) };
}

function podsOf({ kind, spec }: KubernetesObject): PodKind[] {
  if (kind === "Deployment") return [{ perUnit: 1, spec: podSpecIn(fieldOf(spec, "template")) }];
  const group = fieldOf(spec, "leaderWorkerTemplate");
  const size = Number(fieldOf(group, "size") ?? 1);
  const worker = podSpecIn(fieldOf(group, "workerTemplate"));
  const leader = fieldOf(group, "leaderTemplate");
  if (leader === undefined) return [{ perUnit: size, spec: worker }];
  return [
    { part: "leader", perUnit: 1, spec: podSpecIn(leader) },
    ...(size > 1 ? [{ part: "worker" as const, perUnit: size - 1, spec: worker }] : []),
  ];
}

function podSpecIn(template: unknown): PodSpec {
  return (fieldOf(template, "spec") ?? {}) as PodSpec;
}

/** A Deployment may run a quarter more meanwhile, rounded up; a LeaderWorkerSet no group more, unless they say otherwise. */
function rolloutOf({ kind, spec }: KubernetesObject, count: number): { surge: number; recreates: boolean } {
  const strategy = fieldOf(spec, kind === "Deployment" ? "strategy" : "rolloutStrategy");
  if (fieldOf(strategy, "type") === "Recreate") return { surge: 0, recreates: true };
  const settings = fieldOf(strategy, kind === "Deployment" ? "rollingUpdate" : "rollingUpdateConfiguration");
  const surge = fieldOf(settings, "maxSurge") ?? (kind === "Deployment" ? "25%" : 0);
  const percent = /^(\d+)%$/.exec(String(surge))?.[1];
  return {
    surge: percent === undefined ? Number(surge) : Math.ceil((count * Number(percent)) / 100),
    recreates: false,
  };
}

export function podsPerUnit({ pods }: Workload): number {
  return pods.reduce((sum, { perUnit }) => sum + perUnit, 0);
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? (entryOf(value, name) ?? undefined) : undefined;
}

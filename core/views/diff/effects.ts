import type { KindName } from "../../contract/kinds.ts";
import { KUEUE_QUEUE } from "../../contract/names.ts";

/**
 * What a change does to running pods. `restart`: the pods are replaced, or restarted in place, in turn; `resize`: pods
 * are added or removed; `replace`: the object is deleted and created again, because the field cannot change; `none`:
 * pods are not affected.
 */
export type Effect = "none" | "resize" | "restart" | "replace";

/** From the least to the most. */
export const EFFECTS: readonly Effect[] = ["none", "resize", "restart", "replace"];

/** How a change writes a label of the workload itself. */
const QUEUE = new RegExp(`^metadata\\.labels\\[${KUEUE_QUEUE.replaceAll(".", "\\.")}\\]$`);

interface EffectRule {
  kind: KindName;
  path: RegExp;
  effect: Effect;
  /** The reason, for readers of the table. */
  why: string;
}

const POD_TEMPLATE = "a changed pod template restarts the pods";
const IMMUTABLE = "the field is immutable";

const QUEUED = "Kueue does not allow running workloads to enter, change or leave a queue";

/** The first row that matches counts; a field without a row has no effect on pods. */
export const EFFECT_RULES: readonly EffectRule[] = [
  { kind: "Deployment", path: /^spec\.selector\b/, effect: "replace", why: IMMUTABLE },
  { kind: "Deployment", path: /^spec\.template\b/, effect: "restart", why: POD_TEMPLATE },
  { kind: "Deployment", path: /^spec\.replicas$/, effect: "resize", why: "the number of pods" },
  {
    kind: "LeaderWorkerSet",
    path: /^spec\.leaderWorkerTemplate\.(size|subGroupPolicy)\b/,
    effect: "replace",
    why: "a running group cannot change its number of pods",
  },
  {
    kind: "LeaderWorkerSet",
    path: /^spec\.(leaderWorkerTemplate|networkConfig)\b/,
    effect: "restart",
    why: POD_TEMPLATE,
  },
  { kind: "LeaderWorkerSet", path: /^spec\.replicas$/, effect: "resize", why: "the number of groups" },
  {
    kind: "DisaggregatedSet",
    path: /^spec\.roles\[[^\]]*\]\.spec\.(leaderWorkerTemplate|networkConfig)\b/,
    effect: "restart",
    why: "a change of one role's template gives both roles a new revision",
  },
  {
    kind: "DisaggregatedSet",
    path: /^spec\.roles\[[^\]]*\]\.spec\.replicas$/,
    effect: "resize",
    why: "the number of groups of a role",
  },
  {
    kind: "HorizontalPodAutoscaler",
    path: /^spec\.(min|max)Replicas$/,
    effect: "resize",
    why: "the bounds of the number of pods",
  },
  {
    kind: "ScaledObject",
    path: /^spec\.(min|max|idle)ReplicaCount$/,
    effect: "resize",
    why: "the bounds of the number of pods",
  },
  { kind: "Deployment", path: QUEUE, effect: "replace", why: QUEUED },
  { kind: "LeaderWorkerSet", path: QUEUE, effect: "replace", why: QUEUED },
  { kind: "Service", path: /^spec\.clusterIPs?\b/, effect: "replace", why: IMMUTABLE },
  { kind: "RoleBinding", path: /^roleRef\b/, effect: "replace", why: IMMUTABLE },
  { kind: "ClusterRoleBinding", path: /^roleRef\b/, effect: "replace", why: IMMUTABLE },
  { kind: "Secret", path: /^type$/, effect: "replace", why: IMMUTABLE },
  { kind: "PersistentVolumeClaim", path: /^spec\.resources\b/, effect: "none", why: "a volume can be expanded" },
  { kind: "PersistentVolumeClaim", path: /^spec\b/, effect: "replace", why: IMMUTABLE },
  { kind: "ResourceClaimTemplate", path: /^spec\b/, effect: "replace", why: IMMUTABLE },
];

export function effectOf(kind: string, path: string): Effect {
  return EFFECT_RULES.find((rule) => rule.kind === kind && rule.path.test(path))?.effect ?? "none";
}

/** The strongest of several effects. */
export function strongest(effects: readonly Effect[]): Effect {
  return EFFECTS[Math.max(0, ...effects.map((effect) => EFFECTS.indexOf(effect)))] ?? "none";
}

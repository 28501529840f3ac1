import { LABEL } from "../../contract/names.ts";
import { gpusPerUnit } from "../../knowledge/accelerators/devices.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { withRoles } from "../../kubernetes/workloads/disaggregatedset.ts";
import { isOfRole, podsPerUnit, type Workload, workloadsOf } from "../../kubernetes/workloads/workloads.ts";
import { diffObjects, identityOf, type ObjectChange, type ObjectReference, referenceTo } from "./diff.ts";
import type { Effect } from "./effects.ts";
import { costPerUnit, type PriceList } from "./prices.ts";

/** What a change does to one workload. */
interface WorkloadImpact {
  object: ObjectReference;
  change: ObjectChange["change"];
  effect: Effect;
  /** Number of pods, with an autoscaler at its minimum. */
  pods: { before: number; after: number };
  /** Number of pods that stop and start again. */
  restarts: number;
  gpus: Gpus;
}

/**
 * `peak`: the maximum number that runs at once during the rollout. `lost`: the number that is missing until
 * replacements run.
 */
interface Gpus {
  before: number;
  after: number;
  peak: number;
  lost: number;
}

/** What a change does to the cluster. */
export interface Impact {
  /** The workloads that change. */
  workloads: WorkloadImpact[];
  podsRestarted: number;
  /** Totals of all workloads, including unchanged ones. */
  gpus: { before: number; after: number; delta: number; peak: number; lost: number };
  /** The same with every autoscaler at its maximum. */
  gpusAtMost: { before: number; after: number };
  /** Per hour, with autoscalers at their minimum; undefined if no price is known. */
  cost?: { before: number; after: number; delta: number; unpriced: string[] };
}

/** The rollout from one set of objects to another: which pods restart, and how many GPUs it needs at its peak. */
export function impactOf(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
  prices?: PriceList,
): Impact {
  const changes = new Map(
    diffObjects(withRoles(before), withRoles(after)).map((change) => [keyOf(change.object), change]),
  );
  const [earlier, later] = [byIdentity(before), byIdentity(after)];
  const unready = takenOverUnready(earlier, later);
  const all = [...new Set([...later.keys(), ...earlier.keys()])].map((key) => {
    const [old, now] = [earlier.get(key), later.get(key)];
    const impact = workloadImpact(old, now, changes);
    return old !== undefined && unready.has(key) ? { ...impact, ...replacedUnready(old) } : impact;
  });
  const sum = (pick: (one: WorkloadImpact) => number): number => all.reduce((total, one) => total + pick(one), 0);
  const gpus = { before: sum((one) => one.gpus.before), after: sum((one) => one.gpus.after) };
  const cost = prices && costOf([...earlier.values()], [...later.values()], prices);
  return {
    workloads: all.filter(({ object }) => changes.has(keyOf(object))),
    podsRestarted: sum(({ restarts }) => restarts),
    gpus: {
      ...gpus,
      delta: gpus.after - gpus.before,
      peak: sum((one) => one.gpus.peak),
      lost: sum((one) => one.gpus.lost),
    },
    gpusAtMost: { before: atMost([...earlier.values()]), after: atMost([...later.values()]) },
    ...(cost && { cost }),
  };
}

function byIdentity(objects: readonly KubernetesObject[]): Map<string, Workload> {
  return new Map(workloadsOf(objects).map((workload) => [identityOf(workload.object), workload]));
}

/**
 * Workloads that a new DisaggregatedSet replaces. Its controller writes no condition that the pods are ready, so the
 * set is not awaited, and the old pods are deleted at once. In the other direction the new workloads are awaited.
 */
function takenOverUnready(
  earlier: ReadonlyMap<string, Workload>,
  later: ReadonlyMap<string, Workload>,
): ReadonlySet<string> {
  const fresh = [...later].filter(([key, { object }]) => !earlier.has(key) && isOfRole(object));
  const roles = new Set(fresh.map(([, { object }]) => roleKey(object)));
  const gone = [...earlier].filter(([key, { object }]) => !later.has(key) && !isOfRole(object));
  return new Set(gone.flatMap(([key, { object }]) => (roles.has(roleKey(object)) ? [key] : [])));
}

/** The service and the role of a workload's pods. */
function roleKey({ metadata: { namespace = "", labels = {} } }: KubernetesObject): string {
  return [namespace, labels[LABEL.name] ?? "", labels[LABEL.role] ?? ""].join("|");
}

function replacedUnready(workload: Workload): Pick<WorkloadImpact, "effect" | "restarts"> & { gpus: Gpus } {
  const gpus = gpusIn(workload);
  return { effect: "replace", restarts: podsIn(workload), gpus: { before: gpus, after: 0, peak: gpus, lost: gpus } };
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectReference): string {
  return identityOf({ apiVersion, kind, metadata: { namespace, name } });
}

function workloadImpact(
  before: Workload | undefined,
  after: Workload | undefined,
  changes: ReadonlyMap<string, ObjectChange>,
): WorkloadImpact {
  const { object } = (after ?? before) as Workload;
  const change = changes.get(identityOf(object));
  // The set that a role had before stays until the new one has taken over.
  const isRolled = change?.effect === "replace" && isOfRole(object);
  const effect = isRolled ? "restart" : (change?.effect ?? "none");
  const pods = { before: podsIn(before), after: podsIn(after) };
  const gpus = { before: gpusIn(before), after: gpusIn(after) };
  const isAnew = change?.change === "update" && (effect === "restart" || effect === "replace");
  return {
    object: referenceTo(object),
    change: change?.change ?? "update",
    effect,
    pods,
    restarts: isAnew ? Math.min(pods.before, pods.after) : 0,
    gpus: {
      ...gpus,
      peak: before && after && effect === "restart" ? peakOf(before, after) : Math.max(gpus.before, gpus.after),
      lost: effect === "replace" ? gpus.before : 0,
    },
  };
}

function podsIn(workload: Workload | undefined): number {
  return workload === undefined ? 0 : workload.count * podsPerUnit(workload);
}

function gpusIn(workload: Workload | undefined): number {
  return workload === undefined ? 0 : workload.count * gpusPerUnit(workload);
}

function atMost(workloads: readonly Workload[]): number {
  return workloads.reduce((sum, workload) => sum + workload.most * gpusPerUnit(workload), 0);
}

/**
 * The maximum number of GPUs that old and new units use together, over all combinations that a rolling update can pass
 * through.
 */
function peakOf(before: Workload, after: Workload): number {
  if (after.recreates) return Math.max(gpusIn(before), gpusIn(after));
  const units = Math.max(before.count, after.count) + after.surge;
  const [old, fresh] = [gpusPerUnit(before), gpusPerUnit(after)];
  const mixtures = Array.from(
    { length: before.count + 1 },
    (_, left) => left * old + Math.min(units - left, after.count) * fresh,
  );
  return Math.max(...mixtures);
}

function costOf(before: readonly Workload[], after: readonly Workload[], prices: PriceList): Impact["cost"] {
  const priced = (workloads: readonly Workload[]) =>
    workloads.map((workload) => ({ count: workload.count, ...costPerUnit(workload, prices) }));
  const [earlier, later] = [priced(before), priced(after)];
  const total = (list: typeof earlier): number => cents(list.reduce((sum, { count, cost }) => sum + count * cost, 0));
  const unpriced = [...new Set([...earlier, ...later].flatMap((one) => one.unpriced))].sort();
  const isPriced = [...earlier, ...later].some(({ cost }) => cost > 0);
  if (!isPriced) return undefined;
  return { before: total(earlier), after: total(later), delta: cents(total(later) - total(earlier)), unpriced };
}

/** Sums of prices, rounded to remove errors of binary fractions. */
function cents(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

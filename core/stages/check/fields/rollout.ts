import { podsOfGroup } from "../../../api/shorthands/parallelism.ts";
import type { WorkloadSpec } from "../../../api/workload.ts";
import { ROLLOUT_DEFAULTS, share } from "../../../kubernetes/workloads/workloads.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import { devicesOf } from "../devices/devices.ts";
import type { Engine } from "../engine.ts";

export const ROLLOUT_CHECK: Check = {
  name: "a rollout finds the accelerators for its surge",
  source:
    "rolloutStrategy, else operations.rollout, else the default rolling update of Deployments (25 %), against the devices that are free",
  codes: ["RolloutSurge"],
  judge: (subject) => {
    const { freeDevices = {} } = subject;
    const needed = new Map<string, number>();
    for (const engine of subject.engines) {
      const { resource, count } = surgeOf(engine, subject);
      if (resource !== undefined) needed.set(resource, (needed.get(resource) ?? 0) + count);
    }
    return Object.entries(freeDevices).flatMap(([resource, free]): CheckFinding[] => {
      const count = needed.get(resource) ?? 0;
      if (count <= free) return [];
      const message = `a rollout starts new pods with ${count} ${resource} before old pods stop, but only ${free} are free: it would never finish`;
      const fix = `free ${count - free} more of them, or set rolloutStrategy to { maxSurge: 0, maxUnavailable: 1 }`;
      return [{ code: "RolloutSurge", path: "spec.replicas", layer: "merged", message, fix }];
    });
  },
};

function surgeOf(engine: Engine, subject: CheckSubject): { resource?: string; count: number } {
  const { workload } = engine;
  const devices = devicesOf(engine, subject);
  if (devices === undefined) return { count: 0 };
  const isGroups = workload.worker !== undefined;
  const defaults = ROLLOUT_DEFAULTS[isGroups ? "LeaderWorkerSet" : "Deployment"];
  const { maxSurge = defaults.maxSurge } = { ...subject.operations?.rollout, ...workload.rolloutStrategy };
  const replicas = workload.replicas ?? workload.scaling?.minReplicas ?? 1;
  const each = isGroups ? podsOfKind(engine, subject) : 1;
  const count = share(maxSurge, isGroups ? replicas : replicas * copiesOf(workload), Math.ceil) * each;
  return { resource: devices.resource, count: count * devices.count };
}

function copiesOf({ parallelism: { data = 1, dataLocal = 1 } = {} }: WorkloadSpec): number {
  return Math.max(1, Math.floor(data / dataLocal));
}

/** Pods of this kind in one group: its leader, or the others. */
function podsOfKind({ pod, role, workload }: Engine, { groupSizes }: CheckSubject): number {
  const size = podsOfGroup(role, workload, groupSizes) ?? 1;
  if (pod === "template") return 1;
  return workload.template === undefined ? size : size - 1;
}

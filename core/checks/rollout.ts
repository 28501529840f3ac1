import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import type { Engine } from "./engine.ts";
import { devicesOf } from "./shape.ts";

/** Kubernetes' default for Deployments: a quarter of the pods, rounded up, start before old ones stop. Groups have no surge. */
const SURGE = 0.25;

export const ROLLOUT_CHECK: Check = {
  name: "a rollout finds the accelerators for its surge",
  source: "the default rolling update of Deployments (25 %), against the devices that the stack says are free",
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
      const message = `a rollout starts pods with ${count} ${resource} before old ones stop, and ${free} are free: it would wait for ever`;
      const fix = `free ${count - free} more, or roll out with maxSurge 0`;
      return [{ code: "RolloutSurge", path: "spec.replicas", layer: "merged", message, fix }];
    });
  },
};

function surgeOf(engine: Engine, subject: CheckSubject): { resource?: string; count: number } {
  const { workload, pod } = engine;
  const devices = devicesOf(engine, subject);
  if (pod === "worker" || workload.worker !== undefined || devices === undefined) return { count: 0 };
  const { data = 1, dataLocal = 1 } = workload.parallelism ?? {};
  const replicas = workload.replicas ?? workload.scaling?.minReplicas ?? 1;
  const pods = replicas * Math.max(1, Math.floor(data / dataLocal));
  return { resource: devices.resource, count: Math.ceil(pods * SURGE) * devices.count };
}

import type { PodSpec } from "../../kubernetes/objects.ts";
import { quantityNumber } from "../../kubernetes/quantity.ts";
import { entryOf, setEntry } from "../../kubernetes/table.ts";
import type { PodKind, Workload } from "../../kubernetes/workloads/workloads.ts";
import { DEVICES } from "./recognise.ts";
/** Accelerators of one pod, by the resource that counts them. */
export function devicesOf({ containers = [], initContainers = [] }: PodSpec): Record<string, number> {
  const sidecars = initContainers.filter((container) => container.restartPolicy === "Always");
  const devices: Record<string, number> = {};
  for (const { resources } of [...containers, ...sidecars]) {
    const asked = { ...resources?.requests, ...resources?.limits };
    for (const [name, count] of Object.entries(asked)) {
      if (DEVICES.test(name)) setEntry(devices, name, (entryOf(devices, name) ?? 0) + quantityNumber(count));
    }
  }
  return devices;
}

/** Number of GPUs of one unit, of any vendor. */
export function gpusPerUnit({ pods }: Workload): number {
  const perPod = ({ spec }: PodKind): number => Object.values(devicesOf(spec)).reduce((sum, count) => sum + count, 0);
  return pods.reduce((sum, kind) => sum + kind.perUnit * perPod(kind), 0);
}

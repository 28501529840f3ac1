import { unused } from "../issues.ts";
import type { RoleContext } from "./role.ts";

/**
 * Number of pods of a workload without groups. `data` counts copies of the model, of which a pod runs `dataLocal`; each
 * replica has all of them. Undefined if an autoscaler decides. KServe leaves the default to the API; here it is
 * written, so that a service that removes its autoscaler has a number again.
 */
export function replicasOf({ workload, behaviour, path, report }: RoleContext): number | undefined {
  const { replicas, scaling, parallelism: { data, dataLocal = 1, dataRPCPort } = {} } = workload;
  if (!behaviour.dataParallelCopies) return replicas;
  if (dataRPCPort !== undefined) {
    const message =
      "the field has no effect without worker: only the pods of a group connect to each other on this port";
    report(unused(`${path}.parallelism.dataRPCPort`, message, "remove it, or set worker"));
  }
  if (scaling === undefined) return (replicas ?? 1) * ((data ?? 1) / (data === undefined ? 1 : dataLocal));
  if (data === undefined) return replicas;
  const message = "data has no effect together with scaling: the autoscaler sets the number of replicas";
  report(unused(`${path}.parallelism.data`, message, "remove data, or set replicas instead of scaling"));
  return undefined;
}

/** Number of groups of a workload; undefined if an autoscaler decides, or the API's default applies. */
export function groupsOf({ workload: { replicas, scaling }, behaviour }: RoleContext): number | undefined {
  return behaviour.dataParallelCopies && scaling === undefined ? (replicas ?? 1) : replicas;
}

import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext, OperatedContext } from "../context.ts";
import { withCompileCache } from "./compilecache.ts";
import { withDisaggregatedSet } from "./disaggregatedset.ts";
import { withExclusiveTopology } from "./exclusivetopology.ts";
import { withGangScheduling } from "./gangscheduling.ts";
import { withHeldRequests } from "./heldrequests.ts";
import { buildNetworkPolicy } from "./networkpolicy.ts";
import { withPairedRollout } from "./pairedrollout.ts";
import { buildPodDisruptionBudgets } from "./poddisruptionbudget.ts";
import { buildPodMonitors } from "./podmonitor.ts";
import { withPriorityClass } from "./priorityclass.ts";
import { withRollout } from "./rollout.ts";
import { withScaleToZero } from "./scaletozero.ts";
import { buildServiceMonitor } from "./servicemonitor.ts";
import { withTopologySpread } from "./topologyspread.ts";

/** Each returns the objects with the changes of one switch. */
type Pass = (objects: readonly KubernetesObject[], context: OperatedContext) => readonly KubernetesObject[];
/**
 * Gangs come after the topologies that they must agree with; revisions come after everything that changes templates.
 */
const PASSES: readonly Pass[] = [
  withRollout,
  withPriorityClass,
  withTopologySpread,
  withExclusiveTopology,
  withCompileCache,
  withGangScheduling,
  withScaleToZero,
  withHeldRequests,
  withPairedRollout,
];

/** Each makes the objects that one switch adds. */
type Builder = (objects: readonly KubernetesObject[], context: OperatedContext) => KubernetesObject[];
const BUILDERS: readonly Builder[] = [
  buildPodDisruptionBudgets,
  buildNetworkPolicy,
  buildPodMonitors,
  buildServiceMonitor,
];

/**
 * The objects of a service as `operations` configures them: the existing ones changed, followed by those that are
 * added.
 */
export function withOperations(objects: readonly KubernetesObject[], context: MaterializeContext): KubernetesObject[] {
  const { operations } = context;
  if (operations === undefined) return [...objects];
  const operated = { ...context, operations };
  const changed = PASSES.reduce((done, pass) => pass(done, operated), objects);
  return [...withDisaggregatedSet([...changed, ...BUILDERS.flatMap((build) => build(changed, operated))], operated)];
}

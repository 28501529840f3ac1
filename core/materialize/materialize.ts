import type { KubernetesObject } from "../spec/kubernetes.ts";
import { adoptLive } from "./adopt.ts";
import type { MaterializeContext } from "./context.ts";
import { reportingOnce } from "./issues.ts";
import { isStopped } from "./metadata.ts";
import { withOperations } from "./operations/operations.ts";
import { buildRouter } from "./router/router.ts";
import { buildScaling } from "./scaling/scaling.ts";
import { buildCaBundle } from "./storage/cabundle.ts";
import { buildWorkloads } from "./workload/workloads.ts";

/** The objects of a service. Each part returns what it makes; a name appears once. */
export function materialize(request: MaterializeContext): KubernetesObject[] {
  const context = reportingOnce(request);
  if (isStopped(context.service)) return buildCaBundle(context);
  const objects = [...buildWorkloads(context), ...buildRouter(context), ...buildScaling(context)];
  return adoptLive(withOperations(objects, context), context);
}

import { isStopped } from "../../contract/stopped.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { adoptLive } from "./adopt.ts";
import type { MaterializeContext } from "./context.ts";
import { reportingOnce } from "./issues.ts";
import { buildCompileCache } from "./operations/compilecache.ts";
import { withOperations } from "./operations/operations.ts";
import { buildRouter } from "./router/router.ts";
import { buildScaling } from "./scaling/scaling.ts";
import { buildCaBundle } from "./storage/cabundle.ts";
import { buildModelCache } from "./storage/modelcache.ts";
import { buildWorkloads } from "./workload/workloads.ts";

/** Objects that pods share and find again, and that outlive the pods, also those of a stopped service. */
function buildCaches(context: MaterializeContext): KubernetesObject[] {
  return [...buildModelCache(context), ...buildCompileCache(context)];
}

/** The objects of a service. Each part returns what it makes; each name appears once. */
export function materialize(request: MaterializeContext): KubernetesObject[] {
  const context = reportingOnce(request);
  if (isStopped(context.service)) return [...buildCaBundle(context), ...buildCaches(context)];
  const objects = [
    ...buildCaches(context),
    ...buildWorkloads(context),
    ...buildRouter(context),
    ...buildScaling(context),
  ];
  return adoptLive(withOperations(objects, context), context);
}

import type { KubernetesObject } from "../spec/kubernetes.ts";
import type { MaterializeContext } from "./context.ts";
import { buildRouter } from "./router/router.ts";
import { buildScaling } from "./scaling/scaling.ts";
import { buildWorkloads } from "./workload/workloads.ts";

/** The objects of a service. Each part returns what it makes; a name appears once. */
export function materialize(context: MaterializeContext): KubernetesObject[] {
  return [...buildWorkloads(context), ...buildRouter(context), ...buildScaling(context)];
}

import { keepsBoth } from "../../../contract/behaviour.ts";
import { nameOf, POD_PART } from "../../../contract/names.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { initContainerNamed, withAddedEnv, withInitContainer } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";

/** The proxy before a decode engine; an init container that keeps running. */

export function hasSidecar(pod: PodSpec | undefined): boolean {
  return pod !== undefined && initContainerNamed(pod, POD_PART.sidecar) !== undefined;
}

/** Passes the name of its pool to the routing sidecar, if the service has a router. */
export function withPoolName(pod: PodSpec, { service, spec, behaviour }: MaterializeContext): PodSpec {
  const { router } = spec;
  if (router === undefined) return pod;
  const value = router.scheduler?.pool?.ref?.name || nameOf(service.metadata.name, "inferencePool");
  return withInitContainer(pod, POD_PART.sidecar, (sidecar) =>
    withAddedEnv(sidecar, [{ name: "INFERENCE_POOL_NAME", value }], keepsBoth(behaviour)),
  );
}

import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import { startupBudget } from "../../knowledge/models/startup.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";

/**
 * The spec with startup probes that wait long enough for its model, in every pod that serves. `isWritten` says whether
 * a user wrote a field, by its path in provenance; such a field stays.
 */
export function withStartup(
  spec: LLMInferenceServiceSpec,
  seconds: number,
  isWritten: (path: string) => boolean,
): LLMInferenceServiceSpec {
  const pod = <Workload extends Pick<WorkloadSpec, "template">>(workload: Workload, prefix: string): Workload => {
    const { template } = workload;
    const containers = template?.containers?.map((container) =>
      container.name !== MAIN || isWritten(`${prefix}template.containers[name=${MAIN}].startupProbe.failureThreshold`)
        ? container
        : withStartupBudget(container, seconds),
    );
    return containers === undefined ? workload : { ...workload, template: { ...template, containers } };
  };
  return { ...pod(spec, ""), ...(spec.prefill && { prefill: pod(spec.prefill, "prefill.") }) };
}

/** The container with a startup probe that waits long enough for its model; one that waits longer already stays. */
function withStartupBudget(container: Container, seconds: number): Container {
  const { startupProbe } = container;
  const budget = startupBudget(container);
  if (startupProbe === undefined || budget === undefined || budget >= seconds) return container;
  const { periodSeconds = 10, initialDelaySeconds = 0 } = startupProbe;
  const failureThreshold = Math.ceil((seconds - initialDelaySeconds) / periodSeconds);
  return { ...container, startupProbe: { ...startupProbe, failureThreshold } };
}

import { storedBytes } from "../fit/parts.ts";
import type { ModelFacts } from "../models/facts.ts";
import type { Container } from "../spec/kubernetes.ts";
import type { LLMInferenceServiceSpec } from "../spec/service.ts";
import type { WorkloadSpec } from "../spec/workload.ts";

/** Reading weights from a network disk; a local one is faster. Where it is known, `loadBytesPerSecond` says it. */
const BYTES_PER_SECOND = 250e6;
/** Besides the weights: imports, compilation, graph capture. */
const BASE_SECONDS = 300;

/** How long an engine may take to start, in seconds, by the size of its model. */
export function startupSeconds(model: ModelFacts, bytesPerSecond = BYTES_PER_SECOND): number {
  return Math.ceil(BASE_SECONDS + storedBytes(model) / bytesPerSecond);
}

/** How long a container's startup probe waits; undefined where it has none. */
export function startupBudget({ startupProbe }: Container): number | undefined {
  if (startupProbe === undefined) return undefined;
  const { periodSeconds = 10, failureThreshold = 3, initialDelaySeconds = 0 } = startupProbe;
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

/**
 * The spec with startup probes that wait long enough for its model, in every pod that serves. `isWritten` tells whether a person
 * wrote a field, by its path in provenance: that one stays.
 */
export function withStartup(
  spec: LLMInferenceServiceSpec,
  seconds: number,
  isWritten: (path: string) => boolean,
): LLMInferenceServiceSpec {
  const pod = <Workload extends Pick<WorkloadSpec, "template">>(workload: Workload, prefix: string): Workload => {
    const { template } = workload;
    const containers = template?.containers?.map((container) =>
      container.name !== "main" || isWritten(`${prefix}template.containers[name=main].startupProbe.failureThreshold`)
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

import type { Container } from "../../kubernetes/objects.ts";
import { storedBytes } from "../memory/parts.ts";
import type { ModelFacts } from "./facts.ts";

/** Speed of reading weights from a network disk; a local one is faster. If it is known, set `loadBytesPerSecond`. */
const BYTES_PER_SECOND = 250e6;

/** Time in addition to the weights: imports, compilation, graph capture. */
const BASE_SECONDS = 300;

/** How long an engine may take to start, in seconds, by the size of its model. */
export function startupSeconds(model: ModelFacts, bytesPerSecond = BYTES_PER_SECOND): number {
  return Math.ceil(BASE_SECONDS + storedBytes(model) / bytesPerSecond);
}

/** How long a container's startup probe waits; undefined without a probe. */
export function startupBudget({ startupProbe }: Container): number | undefined {
  if (startupProbe === undefined) return undefined;
  const { periodSeconds = 10, failureThreshold = 3, initialDelaySeconds = 0 } = startupProbe;
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

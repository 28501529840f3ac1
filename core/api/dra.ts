import type { LLMInferenceService } from "./service.ts";

const PREFIX = "serving.kserve.io/exp-dra-";

/**
 * Managed devices (DRA): annotations of a service request devices, and each of its pods claims them. Source:
 * pkg/constants and managed_dra.go, KServe v0.20.0.
 */
export const DRA = {
  deviceClass: `${PREFIX}device-class`,
  deviceCount: `${PREFIX}device-count`,
  celSelector: `${PREFIX}cel-selector`,
  containerName: `${PREFIX}container-name`,
} as const;

/** Whether a service requests managed devices; an empty class counts, and is refused elsewhere. */
export function hasManagedDevices({ metadata }: Pick<LLMInferenceService, "metadata">): boolean {
  return metadata.annotations?.[DRA.deviceClass] !== undefined;
}

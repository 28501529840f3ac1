import type { LLMInferenceService } from "./service.ts";
export const PREFIX = "serving.kserve.io/exp-dra-";

/** Annotations that ask for a managed device claim. Source: pkg/constants, KServe v0.20.0. */
export const DRA = {
  deviceClass: `${PREFIX}device-class`,
  deviceCount: `${PREFIX}device-count`,
  celSelector: `${PREFIX}cel-selector`,
  containerName: `${PREFIX}container-name`,
} as const;

/**
 * Managed devices (DRA): annotations of a service ask for devices, and every pod of it claims them.
 * Source: managed_dra.go, KServe v0.20.0.
 */
export const DEVICE_CLASS = "serving.kserve.io/exp-dra-device-class";

/** Whether a service asks for managed devices; an empty class counts, and is refused elsewhere. */
export function hasManagedDevices({ metadata }: Pick<LLMInferenceService, "metadata">): boolean {
  return metadata.annotations?.[DEVICE_CLASS] !== undefined;
}

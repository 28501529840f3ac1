import type { LLMInferenceService } from "../../../api/service.ts";
import type { Behaviour } from "../../../contract/behaviour.ts";
import { nameOf } from "../../../contract/names.ts";
import { SERVICE_PORT } from "../../../knowledge/presets/parts.ts";
import { isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";

/** The rules of a route; each is an object, however little a user wrote. */
export type Rule = JsonObject;

/** The API group of InferencePools since they are stable, and the one before. */
export const POOL_V1 = "inference.networking.k8s.io";
export const POOL_ALPHA = "inference.networking.x-k8s.io";

/** Whether a backend is the pool that the service has of its own, in whichever group. */
export function isDefaultPool(backend: Json, service: Pick<LLMInferenceService, "metadata">): backend is JsonObject {
  return (
    isObject(backend) &&
    backend["kind"] === "InferencePool" &&
    backend["name"] === nameOf(service.metadata.name, "inferencePool")
  );
}

/** The API group through which routes lead to pools. */
export function poolGroup({ inferencePools }: Behaviour): string {
  return inferencePools[0]?.split("/")[0] ?? "";
}

/** A backend of a route, on the port that all engines serve at. */
export function backendOf(kind: "InferencePool" | "Service", name: string, group?: string): JsonObject {
  return { ...(group !== undefined && { group }), kind, name, port: SERVICE_PORT };
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

import type { LLMInferenceService } from "../../../../api/service.ts";
import type { Behaviour } from "../../../../contract/behaviour.ts";
import { KINDS } from "../../../../contract/kinds.ts";
import { nameOf, PORT } from "../../../../contract/names.ts";
import { isObject, type Json, type JsonObject } from "../../../../kubernetes/json.ts";
import { groupOf } from "../../../../kubernetes/objects.ts";

/** The rules of a route; each is an object, even if the user wrote something else. */
export type Rule = JsonObject;

/** The API group of InferencePools since they became stable, and the one before. */
export const POOL_V1 = groupOf(KINDS.InferencePool.apiVersion);
export const POOL_ALPHA = groupOf(KINDS.AlphaInferencePool.apiVersion);

/** Whether a backend is the pool that the service creates, in either API group. */
export function isDefaultPool(backend: Json, service: Pick<LLMInferenceService, "metadata">): backend is JsonObject {
  return (
    isObject(backend) &&
    backend["kind"] === "InferencePool" &&
    backend["name"] === nameOf(service.metadata.name, "inferencePool")
  );
}

/** The API group through which routes lead to pools. */
export function poolGroup({ inferencePools }: Behaviour): string {
  return groupOf(inferencePools[0] ?? "");
}

/** A backend of a route, on the port that all engines serve at. */
export function backendOf(kind: "InferencePool" | "Service", name: string, group?: string): JsonObject {
  return { ...(group !== undefined && { group }), kind, name, port: PORT.service };
}

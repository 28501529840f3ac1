import { z } from "zod";
import { isObject, type JsonObject } from "../kubernetes/json.ts";
import type { PodSpec } from "../kubernetes/objects.ts";
import type { StructuralSchema } from "../kubernetes/schema/schema.ts";

export const podSpec = z
  .custom<PodSpec>(isObject)
  .describe(
    "A Kubernetes PodSpec with any subset of its fields. It is merged over lower layers by Kubernetes' strategic merge.",
  )
  .meta({ $ref: "PodSpec", required: [] });

/** Types of other APIs that the spec embeds, by their name in the generated table. */
const EMBEDDED = {
  PersistentVolumeClaimSpec: "A Kubernetes PersistentVolumeClaimSpec",
  HorizontalPodAutoscalerBehavior: "The `behavior` of a Kubernetes HorizontalPodAutoscaler (autoscaling/v2)",
  HTTPRouteSpec: "A Gateway API HTTPRouteSpec",
  InferencePoolSpec: "The spec of an InferencePool (inference.networking.k8s.io/v1)",
  KedaFallback: "The `fallback` of a KEDA ScaledObject",
  KedaAdvancedConfig: "The `advanced` part of a KEDA ScaledObject",
} as const;

/** An embedded type of another API, kept as it is. */
export function embedded(name: keyof typeof EMBEDDED): z.ZodType<JsonObject> {
  return z.custom<JsonObject>(isObject).describe(`${EMBEDDED[name]}, as that API defines it.`).meta({ $ref: name });
}

export const quantity = z
  .union([z.string(), z.number()])
  .describe('A Kubernetes quantity, for example "80Gi" or "500m".')
  .meta({ type: "string", format: "quantity" });
export const stringMap = z.record(z.string(), z.string());

/** Adds what CRDs have and zod does not: defaults that the API server fills in, CEL rules, list types. */
export function inCrd<T extends z.ZodType>(schema: T, extra: Omit<StructuralSchema, "description">): T {
  return schema.meta({ ...schema.meta(), ...extra }) as T;
}

const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
/** Name of an object in a route or gateway reference. */
export const objectName = z.string().min(1).max(253);
export const namespaceName = z
  .string()
  .min(1)
  .max(63)
  .regex(new RegExp(`^${DNS_LABEL}$`));
export const sectionName = z
  .string()
  .min(1)
  .max(253)
  .regex(new RegExp(`^${DNS_LABEL}(\\.${DNS_LABEL})*$`));
/** A reference to an object of the same namespace. */
export const localRef = inCrd(z.strictObject({ name: z.string().optional().describe("Name of the object.") }), {
  "x-kubernetes-map-type": "atomic",
});

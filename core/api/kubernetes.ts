import type {
  Container as K8sContainer,
  PersistentVolumeClaimSpec as K8sPersistentVolumeClaimSpec,
  PodSpec as K8sPodSpec,
  Volume as K8sVolume,
} from "kubernetes-types/core/v1.js";
import type { ObjectMeta as K8sObjectMeta } from "kubernetes-types/meta/v1.js";
import { z } from "zod";
import type { JsonObject } from "../json.ts";
import type { StructuralSchema } from "./structure.ts";

/** Kubernetes' own types where the spec embeds them; their fields stand in the generated table (`generated/types.ts`). */

/** A container of a partial pod template; all fields but the name may be missing until the layers are merged. */
export type Container = Partial<K8sContainer> & { name: string };
/** A volume, with the image source of Kubernetes 1.31 and later. */
export type Volume = K8sVolume & { image?: { reference?: string; pullPolicy?: string } };
/** A pod template as one layer writes it: any subset of a PodSpec. */
export type PodSpec = Omit<Partial<K8sPodSpec>, "containers" | "initContainers" | "volumes"> & {
  containers?: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
};
export type PersistentVolumeClaimSpec = K8sPersistentVolumeClaimSpec;
export type ObjectMeta = Pick<
  K8sObjectMeta,
  "name" | "namespace" | "labels" | "annotations" | "finalizers" | "ownerReferences"
>;

/** Any object of the Kubernetes API. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  [field: string]: unknown;
}

/** `apiVersion|kind|namespace|name`: what makes an object that very object. */
export function objectKey(object: {
  apiVersion: string;
  kind: string;
  metadata: { namespace?: string; name?: string };
}): string {
  const { namespace = "", name = "" } = object.metadata;
  return `${object.apiVersion}|${object.kind}|${namespace}|${name}`;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const podSpec = z
  .custom<PodSpec>(isPlainObject)
  .describe("A Kubernetes PodSpec; any subset of its fields. Merged by Kubernetes' strategic merge.")
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
  return z
    .custom<JsonObject>(isPlainObject)
    .describe(`${EMBEDDED[name]}, as its own API defines it.`)
    .meta({ $ref: name });
}

export const quantity = z
  .union([z.string(), z.number()])
  .describe('A Kubernetes quantity, such as "80Gi" or "500m".')
  .meta({ type: "string", format: "quantity" });
export const stringMap = z.record(z.string(), z.string());

/** Adds what CRDs say and zod does not: defaults that the API server fills in, CEL rules, list types. */
export function inCrd<T extends z.ZodType>(schema: T, extra: Omit<StructuralSchema, "description">): T {
  return schema.meta({ ...schema.meta(), ...extra }) as T;
}

const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
/** Name of an object that a route or gateway reference points at. */
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

/** The group of an API version: `apps/v1` → `apps`; "" for the core's, which has no name. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** The pods of a workload: of a Deployment or Job one, of a LeaderWorkerSet its leader's and the others'. */
export function podSpecsOf({ spec }: KubernetesObject): PodSpec[] {
  const { template, leaderWorkerTemplate } = (spec ?? {}) as Record<string, Record<string, { spec?: PodSpec }>>;
  const specs = [
    template?.["spec"],
    leaderWorkerTemplate?.["leaderTemplate"]?.spec,
    leaderWorkerTemplate?.["workerTemplate"]?.spec,
  ];
  return specs.filter((found): found is PodSpec => found !== undefined);
}

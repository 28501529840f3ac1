import type {
  Container as K8sContainer,
  PodSpec as K8sPodSpec,
  Volume as K8sVolume,
} from "kubernetes-types/core/v1.js";
import type { ObjectMeta as K8sObjectMeta } from "kubernetes-types/meta/v1.js";
import { z } from "zod";
import type { JsonObject } from "../json.ts";

/** Kubernetes' own types where the spec embeds them. They stay open: the API server, not this schema, is their judge. */

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

export const podSpec = z
  .custom<PodSpec>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
  .describe("A Kubernetes PodSpec; any subset of its fields. Merged by Kubernetes' strategic merge.");

/** An embedded type of another API (HTTPRoute, InferencePool, KEDA …), kept as it is. */
export function embedded(name: string): z.ZodType<JsonObject> {
  return z
    .custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
    .describe(`${name}, as its own API defines it.`);
}

export const quantity = z.union([z.string(), z.number()]).describe('A Kubernetes quantity, such as "80Gi" or "500m".');
export const stringMap = z.record(z.string(), z.string());

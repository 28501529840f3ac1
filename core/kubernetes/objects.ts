import type {
  Container as K8sContainer,
  PodSpec as K8sPodSpec,
  Volume as K8sVolume,
} from "kubernetes-types/core/v1.js";
import type { ObjectMeta as K8sObjectMeta } from "kubernetes-types/meta/v1.js";
import { type JsonObject, objectOf } from "./json.ts";

/** Kubernetes' own types where the spec embeds them; their fields are in the generated table (`generated/types.ts`). */

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

/** `apiVersion|kind|namespace|name`, which identifies an object. */
export function objectKey(object: {
  apiVersion: string;
  kind: string;
  metadata: { namespace?: string; name?: string };
}): string {
  const { namespace = "", name = "" } = object.metadata;
  return `${object.apiVersion}|${object.kind}|${namespace}|${name}`;
}

/** The group of an API version: `apps/v1` → `apps`; "" for the core's, which has no name. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** The spec of any object, as a map. */
export function specOf({ spec }: KubernetesObject): JsonObject {
  return objectOf(spec);
}

/** A value that is known to be an object of the Kubernetes API, such as an LLMInferenceService or a server's answer. */
export function asObject(value: object): KubernetesObject {
  return value as KubernetesObject;
}

import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../core/spec/kubernetes.ts";
import { annotate, isAwaited, timeoutsOf } from "./await.ts";
import { certificateOptions } from "./certificate.ts";
import { referencesOf } from "./references.ts";
import { ignoredFields, withOwnership } from "./replicas.ts";

/**
 * The one place that creates resources. They are registered by type token, without @pulumi/kubernetes at run time: it is
 * large and slow to load, and knows no custom resources anyway.
 */

/** `apps/v1` and `Deployment` → `kubernetes:apps/v1:Deployment`; the group without a name is `core`. */
export function typeToken(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

export interface RegisterOptions {
  parent: pulumi.Resource;
  /** Prefix of the resource names: the component's name, so that two components never collide. */
  prefix: string;
  dependsOn?: readonly pulumi.Resource[];
  /** False: nothing is waited for. */
  await?: boolean;
  /** The component's own; they hold for what is awaited. */
  customTimeouts?: pulumi.CustomTimeouts;
}

/** Registers the objects of a plan. An object waits for those it refers to, and never for one that is awaited itself. */
export function registerObjects(
  objects: readonly KubernetesObject[],
  options: RegisterOptions,
): pulumi.CustomResource[] {
  const registered = new Map<KubernetesObject, pulumi.CustomResource>();
  const register = (object: KubernetesObject): pulumi.CustomResource => {
    const before = registered.get(object);
    if (before !== undefined) return before;
    const needed = referencesOf(object, objects).map(register);
    const resource = registerObject(object, {
      ...options,
      dependsOn: [...(options.dependsOn ?? []), ...needed],
      ignoreChanges: ignoredFields(object, objects),
    });
    registered.set(object, resource);
    return resource;
  };
  return objects.map(register);
}

class KubernetesResource extends pulumi.CustomResource {}

/** Registers one object under `prefix/name`. */
export function registerObject(
  object: KubernetesObject,
  options: RegisterOptions & { retainOnDelete?: boolean; patch?: boolean; ignoreChanges?: string[] },
): pulumi.CustomResource {
  const { parent, prefix, dependsOn = [], retainOnDelete, patch, ignoreChanges = [] } = options;
  const awaited = options.await !== false && isAwaited(object);
  const type = typeToken(object.apiVersion, patch ? `${object.kind}Patch` : object.kind);
  return new KubernetesResource(
    type,
    `${prefix}/${object.metadata.name}`,
    { ...annotate(withOwnership(object), awaited) },
    {
      parent,
      ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
      ...(retainOnDelete && { retainOnDelete }),
      customTimeouts: { ...timeoutsOf(object, awaited), ...(awaited && options.customTimeouts) },
      ...(ignoreChanges.length > 0 && { ignoreChanges }),
      ...certificateOptions(object),
      ...(object.kind === "Secret" && { additionalSecretOutputs: ["data", "stringData"] }),
    },
  );
}

import * as pulumi from "@pulumi/pulumi";
import type { KindName } from "../core/contract/kinds.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { typeToken } from "../core/kubernetes/token.ts";
import { annotate, isAwaited, timeoutsOf } from "./await.ts";
import { certificateOptions } from "./certificate.ts";
import { queueOptions } from "./queue.ts";
import { referencesOf } from "./references.ts";
import { ignoredFields, withOwnership } from "./replicas.ts";

/**
 * The one place that creates resources. They are registered by type token, without @pulumi/kubernetes at run time: it is
 * large and slow to load, and knows no custom resources anyway.
 */

export interface RegisterOptions {
  parent: pulumi.Resource;
  /** Prefix of the resource names: the component's name, so that two components never collide. */
  prefix: string;
  dependsOn?: readonly pulumi.Resource[];
  /** The objects ran before: what the API server gave them stays, though the plan does not say it. */
  adopted?: boolean;
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

/** Fields that the API server fills in, and of which the kubernetes plugin takes the absence for a replacement. */
const GIVEN: Readonly<{ [kind in KindName]?: readonly string[] }> = { Service: ["spec.clusterIP", "spec.clusterIPs"] };

class KubernetesResource extends pulumi.CustomResource {}

/** Registers one object under `prefix/name`. */
export function registerObject(
  object: KubernetesObject,
  options: RegisterOptions & { retainOnDelete?: boolean; patch?: boolean; ignoreChanges?: string[] },
): pulumi.CustomResource {
  const { parent, prefix, dependsOn = [], retainOnDelete, patch, ignoreChanges = [] } = options;
  const awaited = options.await !== false && isAwaited(object);
  const given = options.adopted ? (GIVEN[object.kind as KindName] ?? []) : [];
  const ignored = [...ignoreChanges, ...given];
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
      ...(ignored.length > 0 && { ignoreChanges: ignored }),
      ...certificateOptions(object),
      ...queueOptions(object),
      ...(object.kind === "Secret" && { additionalSecretOutputs: ["data", "stringData"] }),
    },
  );
}

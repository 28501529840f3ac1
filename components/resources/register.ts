import * as pulumi from "@pulumi/pulumi";
import type { KindName } from "../../core/contract/kinds.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { typeToken } from "../../core/kubernetes/token.ts";
import { insideOf } from "../inputs/outputs.ts";
import type { Planned } from "../inputs/restore.ts";
import { certificateOptions } from "../planning/certificate.ts";
import { annotate, isAwaited, timeoutsOf } from "./await.ts";
import { queueOptions } from "./queue.ts";
import { referencesOf } from "./references.ts";
import { ignoredFields, withOwnership } from "./replicas.ts";
import { withoutStacks } from "./stacks.ts";

/**
 * The one place that creates resources. They are registered by type token, without @pulumi/kubernetes at run time: it is
 * large and slow to load, and knows no custom resources anyway.
 */

export interface RegisterOptions {
  parent: pulumi.Resource;
  /** Prefix of the resource names: the component's name, so that two components never collide. */
  prefix: string;
  dependsOn?: readonly pulumi.Resource[];
  /**
   * The objects ran before this stack managed them: fields that the API server set stay, although the plan does not
   * have them.
   */
  adopted?: boolean;
  /** False: nothing is waited for. */
  await?: boolean;
  /** The component's own time-outs; they apply to awaited objects. */
  customTimeouts?: pulumi.CustomTimeouts;
}

/** Adds to every object, before it is registered, how it is awaited and which stack owns its fields. */
export function annotating(wait: boolean | undefined): (object: KubernetesObject) => KubernetesObject {
  return (object) => annotate(withOwnership(object), wait !== false && isAwaited(object));
}

/** An object without eventual values. */
export function asPlanned(object: KubernetesObject): Planned {
  return { planned: object, inputs: annotating(undefined)(object) };
}

/** An object that others use too, so it carries no owner. */
export function asShared(object: KubernetesObject): Planned {
  return { planned: object, inputs: annotate(object, isAwaited(object)) };
}

/**
 * Registers the objects of a plan. An object waits for the objects that it refers to, but never for one that is awaited
 * itself.
 */
export function registerObjects(objects: readonly Planned[], options: RegisterOptions): pulumi.CustomResource[] {
  const all = objects.map(({ planned }) => planned);
  const registered = new Map<KubernetesObject, pulumi.CustomResource>();
  const register = (object: Planned): pulumi.CustomResource => {
    const { planned } = object;
    const before = registered.get(planned);
    if (before !== undefined) return before;
    const referred = referencesOf(planned, all);
    const needed = objects.filter((other) => referred.includes(other.planned)).map(register);
    const resource = registerObject(object, {
      ...options,
      dependsOn: [...(options.dependsOn ?? []), ...needed],
      ignoreChanges: ignoredFields(planned, all),
    });
    registered.set(planned, resource);
    return resource;
  };
  return objects.map(register);
}

/**
 * Returns the value once the objects that are not awaited are registered, or have failed to register. The engine
 * serializes all that a state holds at each step: a component's outputs, which are larger than most objects, should not
 * be there before the objects are. What is awaited is left out, so that the state has the outputs also when a roll-out
 * fails.
 */
export async function afterObjects<Value>(
  value: Value,
  objects: readonly Planned[],
  resources: readonly pulumi.Resource[],
): Promise<Value> {
  const passing = resources.filter((_, index) => objects[index] !== undefined && !isAwaited(objects[index].planned));
  await Promise.allSettled(passing.map(({ urn }) => insideOf(urn).promise()));
  return value;
}

/** Fields that the API server fills in. Without them in the inputs, the kubernetes plugin would plan a replacement. */
const GIVEN: Readonly<{ [kind in KindName]?: readonly string[] }> = { Service: ["spec.clusterIP", "spec.clusterIPs"] };

class KubernetesResource extends pulumi.CustomResource {}

/** Registers one object under `prefix/name`. */
export function registerObject(
  { planned, inputs, formerNames = [], holdsSecret = false }: Planned,
  options: RegisterOptions & { retainOnDelete?: boolean; patch?: boolean; ignoreChanges?: string[] },
): pulumi.CustomResource {
  const { parent, prefix, dependsOn = [], retainOnDelete, patch, ignoreChanges = [] } = options;
  const awaited = options.await !== false && isAwaited(planned);
  const given = options.adopted ? (entryOf(GIVEN, planned.kind) ?? []) : [];
  const ignored = [...ignoreChanges, ...given];
  const type = typeToken(planned.apiVersion, patch ? `${planned.kind}Patch` : planned.kind);
  const resourceOptions: pulumi.CustomResourceOptions = {
    parent,
    ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
    ...(retainOnDelete && { retainOnDelete }),
    ...(formerNames.length > 0 && { aliases: formerNames.map((name) => ({ name: `${prefix}/${name}` })) }),
    customTimeouts: { ...timeoutsOf(planned, awaited), ...(awaited && options.customTimeouts) },
    ...(ignored.length > 0 && { ignoreChanges: ignored }),
    ...certificateOptions(planned, inputs),
    ...queueOptions(planned),
    ...secretOutputs(planned, holdsSecret),
  };
  return withoutStacks(
    parent,
    () => new KubernetesResource(type, `${prefix}/${planned.metadata.name}`, inputs, resourceOptions),
  );
}

/**
 * The parts of the cluster's answer that would reveal secrets. Its `metadata.managedFields` name items of lists by
 * their values, such as `k:{"containerPort":8000}`, and the kubernetes plugin keeps them among the outputs.
 */
function secretOutputs({ kind }: KubernetesObject, holdsSecret: boolean): pulumi.CustomResourceOptions {
  const outputs = [...(kind === "Secret" ? ["data", "stringData"] : []), ...(holdsSecret ? ["metadata"] : [])];
  return outputs.length > 0 ? { additionalSecretOutputs: outputs } : {};
}

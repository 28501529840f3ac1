import { type KubernetesObject, objectKey } from "./objects.ts";

/**
 * What the plan may look up: objects that exist in the cluster, as an explicit input. The same input gives the same
 * plan. `apiVersion` must be equal as a whole: an InferencePool of one group is not one of another.
 */
export class KnownObjects {
  readonly #byKey: ReadonlyMap<string, KubernetesObject>;

  constructor(objects: readonly KubernetesObject[] = []) {
    this.#byKey = new Map(objects.map((object) => [objectKey(object), object]));
  }

  get(apiVersion: string, kind: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#byKey.get(objectKey({ apiVersion, kind, metadata: { namespace, name } }));
  }

  /** All objects of a kind, in one namespace or in all, in the order in which they were given. */
  list(apiVersion: string, kind: string, namespace?: string): KubernetesObject[] {
    return [...this.#byKey.values()].filter(
      (object) =>
        object.apiVersion === apiVersion &&
        object.kind === kind &&
        (namespace === undefined || object.metadata.namespace === namespace),
    );
  }
}

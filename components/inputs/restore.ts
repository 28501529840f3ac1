import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { type Deferred, type Leaf, tokensIn } from "./deferred.ts";
import { type Followed, type Planning, sourcesOf } from "./dependence.ts";
import { compared, comparedObject, type Handling, type Part, twinsOfObjects } from "./difference.ts";

/**
 * A planned object, and what is registered of it. Names, namespaces, kinds and references are read from the planned
 * one, where they are known by definition; in the inputs any value may be an Output, so their type reveals none.
 */
export interface Planned {
  readonly planned: KubernetesObject;
  readonly inputs: pulumi.Inputs;
  /** Whether a secret is among the inputs. */
  readonly holdsSecret?: boolean;
  /** Whether the name comes from a resource or a secret. */
  readonly isNameEventual?: boolean;
  /** Names under which the resource may have been registered before; they are its aliases. */
  readonly formerNames?: readonly string[];
}

export interface Restored {
  objects: Planned[];
  values: Record<string, pulumi.Input<unknown>>;
  /** Resources whose values shaped the objects in a way that no single leaf shows: depend on them as a whole. */
  dependsOn: pulumi.Resource[];
}

/**
 * Puts the Outputs back into what was planned: where a value is unknown, depends on a secret, or comes from another resource.
 * `annotated` is what is added to an object before it is registered; it must be the same function for the object and its twin.
 */
export function restore(
  { planning, secrets, sources }: Followed<Planning>,
  deferred: Deferred,
  annotated: (object: KubernetesObject) => KubernetesObject = (object) => object,
): Restored {
  const handling = new Outputs(deferred);
  const twinsIn = (twin: Planning | undefined): Part[] => {
    if (twin === undefined) return [];
    return twinsOfObjects(planning.objects, twin.objects).map((object) => ({ value: object && annotated(object) }));
  };
  const [secretTwins, sourceTwins] = [twinsIn(secrets), twinsIn(sources)];
  const objects = planning.objects.map((planned, index) => {
    const [ofSecrets, ofSources] = [secretTwins[index], sourceTwins[index]];
    handling.identity(planned, ofSources);
    const isNameEventual = [ofSecrets, ofSources].some((twin) => twin !== undefined && !isNamed(planned, twin.value));
    const sealed = handling.sealed;
    const inputs = comparedObject(annotated(planned), ofSecrets, ofSources, handling);
    return { planned, isNameEventual, holdsSecret: handling.sealed > sealed, inputs };
  });
  const dependsOn = handling.dependsOn();
  const values = Object.entries(planning.values).map(([key, value]) => {
    const part = (twin: Planning | undefined): Part => twin && { value: entryOf(twin.values, key) };
    return [key, compared(value, part(secrets), part(sources), handling)];
  });
  return { objects, values: Object.fromEntries(values), dependsOn };
}

function isNamed({ metadata }: KubernetesObject, twin: unknown): boolean {
  return metadata.name === (twin as KubernetesObject | undefined)?.metadata.name;
}

class Outputs implements Handling {
  readonly #deferred: Deferred;
  /** The leaves from resources that appear in no text of an object. */
  readonly #pending: Set<Leaf>;
  #isShaped = false;
  /** How many parts were sealed so far. */
  sealed = 0;

  constructor(deferred: Deferred) {
    this.#deferred = deferred;
    this.#pending = new Set(sourcesOf(deferred));
  }

  secret(value: unknown): unknown {
    this.sealed++;
    return pulumi.secret(value);
  }

  shaped(): void {
    this.#isShaped = true;
  }

  /**
   * Names do not become Outputs, so the object, and every other object with it, depends on the sources of the name as a
   * whole.
   */
  identity(object: KubernetesObject, source: Part): void {
    if (source === undefined) return;
    const twin = source.value as KubernetesObject | undefined;
    const isSame = isNamed(object, twin) && twin?.metadata.namespace === object.metadata.namespace;
    if (!isSame) this.shaped();
  }

  text(text: string, source: Part): unknown {
    const carriers = source === undefined || source.value === text ? [] : this.#carriersIn(source.value);
    const unknowns = tokensIn(text, this.#deferred).filter(({ known }) => !known);
    if (unknowns.some(({ secret }) => secret)) this.sealed++;
    const [only] = unknowns;
    if (only !== undefined && text === only.token && carriers.length === 0) return only.output;
    if (unknowns.length + carriers.length === 0) return text;
    return pulumi
      .all([...unknowns, ...carriers].map((leaf) => leaf.output))
      .apply((values) =>
        unknowns.reduce((out, leaf, index) => out.replaceAll(leaf.token, String(values[index])), text),
      );
  }

  #carriersIn(twin: unknown): Leaf[] {
    const found = typeof twin === "string" ? tokensIn(twin, this.#deferred).filter(({ known }) => known) : [];
    for (const leaf of found) this.#pending.delete(leaf);
    if (found.length === 0) this.shaped();
    return found;
  }

  dependsOn(): pulumi.Resource[] {
    const leaves = this.#isShaped ? sourcesOf(this.#deferred) : [...this.#pending];
    return [...new Set(leaves.flatMap(({ resources }) => [...resources]))];
  }
}

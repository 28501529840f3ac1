import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { quantityNumber } from "../../kubernetes/quantity.ts";
import type { ClusterNode, ClusterPod, Resources } from "./facts.ts";

/** Amounts by resource, in the resource's own unit. */
export type Amounts = ReadonlyMap<string, number>;

/**
 * The resources that a pod occupies on a node: its containers together, or the largest initializer plus the sidecars,
 * whichever is more.
 */
export function requestsOf({ containers = [], initContainers = [], overhead = {} }: PodSpec): Amounts {
  const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === "Always";
  const sidecars = initContainers.filter(isSidecar).map(requested);
  const running = [...containers.map(requested), ...sidecars].reduce(plus, new Map());
  const beside = sidecars.reduce(plus, new Map());
  const starting = initContainers
    .filter((container) => !isSidecar(container))
    .map((container) => plus(beside, requested(container)));
  return plus(starting.reduce(most, running), amounts(overhead as Resources));
}

/** Requests default to limits. */
function requested({ resources = {} }: Container): Amounts {
  return amounts({ ...(resources.limits as Resources), ...(resources.requests as Resources) });
}

export function amounts(resources: Resources = {}): Amounts {
  return new Map(Object.entries(resources).map(([name, quantity]) => [name, quantityNumber(quantity)]));
}

function plus(one: Amounts, other: Amounts): Amounts {
  return combine(one, other, (a, b) => a + b);
}

function most(one: Amounts, other: Amounts): Amounts {
  return combine(one, other, Math.max);
}

function combine(one: Amounts, other: Amounts, how: (a: number, b: number) => number): Amounts {
  const names = new Set([...one.keys(), ...other.keys()]);
  return new Map([...names].map((name) => [name, how(one.get(name) ?? 0, other.get(name) ?? 0)]));
}

/** The free resources of nodes while pods are placed on them one by one. */
export class Room {
  readonly #free = new Map<string, Amounts>();

  constructor(nodes: readonly ClusterNode[], pods: readonly ClusterPod[]) {
    for (const { metadata, status } of nodes) this.#free.set(metadata.name, amounts(status?.allocatable));
    for (const { spec } of pods) if (spec?.nodeName !== undefined) this.#take(spec.nodeName, requestsOf(spec));
  }

  /**
   * Places up to `count` such pods on these nodes, the fullest node with room first; returns the number of placed pods.
   */
  place(requests: Amounts, count: number, nodes: readonly ClusterNode[]): number {
    for (let placed = 0; placed < count; placed++) {
      const fitting = nodes.filter(({ metadata }) => fits(requests, this.free(metadata.name)));
      const [fullest] = fitting.sort((a, b) => this.#left(a, requests) - this.#left(b, requests));
      if (fullest === undefined) return placed;
      this.#take(fullest.metadata.name, requests);
    }
    return count;
  }

  free(node: string): Amounts {
    return this.#free.get(node) ?? new Map();
  }

  #left({ metadata }: ClusterNode, requests: Amounts): number {
    const scarce = scarcestOf(requests);
    return scarce === undefined ? 0 : (this.free(metadata.name).get(scarce) ?? 0);
  }

  #take(node: string, requests: Amounts): void {
    this.#free.set(
      node,
      combine(this.free(node), requests, (have, taken) => have - taken),
    );
  }
}

export function fits(requests: Amounts, free: Amounts): boolean {
  return lacking(requests, free).length === 0;
}

/** The resources of which there is not enough. */
export function lacking(requests: Amounts, free: Amounts): string[] {
  return [...requests].filter(([name, amount]) => amount > (free.get(name) ?? 0)).map(([name]) => name);
}

/** The accelerator, if the pod has one: extended resources have a domain in their name. */
export function scarcestOf(requests: Amounts): string | undefined {
  const names = [...requests.keys()];
  return names.find((name) => name.includes("/")) ?? names[0];
}

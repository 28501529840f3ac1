import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { diffObjects, type ObjectChange } from "./diff.ts";
import { type Effect, strongest } from "./effects.ts";
import { type Impact, impactOf } from "./impact.ts";
import type { PriceList } from "./prices.ts";

/** A service by its name, `namespace/name`, with its objects. */
export interface ServiceObjects {
  name: string;
  objects: readonly KubernetesObject[];
}

export interface ServiceDiff {
  service: string;
  /** `same` if no object differs. */
  change: "same" | "update" | "create" | "delete";
  effect: Effect;
  objects: ObjectChange[];
}

export interface Comparison {
  services: ServiceDiff[];
  /** For all services together. */
  impact: Impact;
}

/** Compares services by name: which of them change, in which objects, and what the whole rollout requires. */
export function compareServices(
  before: readonly ServiceObjects[],
  after: readonly ServiceObjects[],
  prices?: PriceList,
): Comparison {
  const [earlier, later] = [byName(before), byName(after)];
  const names = [...new Set([...later.keys(), ...earlier.keys()])];
  const services = names.map((service): ServiceDiff => {
    const [old, now] = [earlier.get(service), later.get(service)];
    const objects = diffObjects(old ?? [], now ?? []);
    const effect = strongest(objects.map((one) => one.effect));
    const whole = old === undefined ? "create" : now === undefined ? "delete" : undefined;
    return { service, change: whole ?? (objects.length === 0 ? "same" : "update"), effect, objects };
  });
  const all = (side: ReadonlyMap<string, readonly KubernetesObject[]>): KubernetesObject[] => [...side.values()].flat();
  return { services, impact: impactOf(all(earlier), all(later), prices) };
}

function byName(services: readonly ServiceObjects[]): Map<string, readonly KubernetesObject[]> {
  return new Map(services.map(({ name, objects }) => [name, objects]));
}

import { asJson, type Json } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { canonicalQuantity } from "../../kubernetes/quantity.ts";
import { type Effect, effectOf } from "../diff/effects.ts";
import { leavesOf } from "../leaves.ts";

/** A planned field that has another value in the cluster, or is missing there. */
export interface Difference {
  kind: string;
  name: string;
  path: string;
  live?: Json;
  planned: Json;
  effect: Effect;
}

/**
 * Where planned objects differ from what runs. What runs may have more: the API server's defaults, and fields of other
 * owners, which server-side apply leaves alone. A missing object is one difference, with an empty path.
 */
export function differences(live: readonly KubernetesObject[], planned: readonly KubernetesObject[]): Difference[] {
  return planned.flatMap((object): Difference[] => {
    const { kind, metadata } = object;
    const found = live.find((one) => one.kind === kind && isSame(one, object));
    const about = { kind, name: metadata.name };
    if (found === undefined) return [{ ...about, path: "", planned: null, effect: "none" }];
    const runs = leavesOf(asJson(found));
    return [...leavesOf(asJson(object))].flatMap(([path, value]): Difference[] => {
      const now = runs.get(path);
      if (agrees(value, now)) return [];
      return [
        { ...about, path, ...(now !== undefined && { live: now }), planned: value, effect: effectOf(kind, path) },
      ];
    });
  });
}

function isSame(one: KubernetesObject, other: KubernetesObject): boolean {
  const group = ({ apiVersion }: KubernetesObject): string => apiVersion.split("/").slice(0, -1).join();
  return one.metadata.name === other.metadata.name && group(one) === group(other);
}

/** The API server writes quantities in their shortest form, and drops empty values. */
function agrees(planned: Json, live: Json | undefined): boolean {
  if (live === undefined) return isEmpty(planned);
  if (JSON.stringify(planned) === JSON.stringify(live)) return true;
  const [one, other] = [planned, live].map(quantityOf);
  return one !== undefined && one === other;
}

function isEmpty(value: Json): boolean {
  return value === null || value === "" || value === false || value === 0 || JSON.stringify(value).length === 2;
}

function quantityOf(value: Json): string | undefined {
  return typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : undefined;
}

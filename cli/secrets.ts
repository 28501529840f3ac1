import { isObject } from "../core/kubernetes/json.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { SECRET } from "./state.ts";

/**
 * Two sides of which values are compared only where both can be read: where the one keeps a value secret, the other's is hidden
 * too. Secrets' own values are never shown.
 */
export function hideSecrets<Side extends { objects: readonly KubernetesObject[] }>(
  before: readonly Side[],
  after: readonly Side[],
): [Side[], Side[]] {
  const all = (sides: readonly Side[]) =>
    new Map(sides.flatMap(({ objects }) => objects).map((one) => [keyOf(one), one]));
  const [earlier, later] = [all(before), all(after)];
  const hide = (sides: readonly Side[], others: ReadonlyMap<string, KubernetesObject>): Side[] =>
    sides.map((side) => ({
      ...side,
      objects: side.objects.map((object) => hidden(redacted(object), others.get(keyOf(object)))),
    }));
  return [hide(before, later), hide(after, earlier)];
}

function keyOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind}/${namespace}/${name}`;
}

function redacted(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Secret") return object;
  const keys = [object["data"], object["stringData"]]
    .flatMap((data) => (isObject(data) ? Object.keys(data) : []))
    .sort();
  const { data: _data, stringData: _stringData, ...rest } = object;
  return { ...rest, data: Object.fromEntries(keys.map((key) => [key, SECRET])) } as KubernetesObject;
}

function hidden<T>(value: T, other: unknown): T {
  if (other === SECRET) return SECRET as T;
  if (Array.isArray(value))
    return value.map((item, i) => hidden(item, Array.isArray(other) ? other[i] : undefined)) as T;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    hidden(item, isObject(other) ? other[key] : undefined),
  ]);
  return Object.fromEntries(entries) as T;
}

import { shownValue } from "../../knowledge/masked.ts";
import { asJson, type Json } from "../../kubernetes/json.ts";
import { groupOf, type KubernetesObject } from "../../kubernetes/objects.ts";
import { objectType } from "../../kubernetes/patch/types/object.ts";
import { withRoles } from "../../kubernetes/workloads/disaggregatedset.ts";
import { isWorkload } from "../../kubernetes/workloads/workloads.ts";
import { type Leaves, leavesOf } from "../leaves.ts";
import { EFFECTS, type Effect, effectOf, strongest } from "./effects.ts";

/** What identifies an object in every version of its API. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** One field that differs; a side is undefined if it does not have the field. */
export interface FieldChange {
  path: string;
  before?: Json;
  after?: Json;
  effect: Effect;
}

/** One object that differs. */
export interface ObjectChange {
  object: ObjectReference;
  change: "create" | "delete" | "update";
  /** The strongest effect of its fields. Pods that are created or deleted with their workload count as `resize`. */
  effect: Effect;
  /** Empty for objects that are created or deleted as a whole. */
  fields: FieldChange[];
}

/**
 * The differences between two sets of objects, in the order of the later one; removed objects come last. Objects are
 * matched by group, kind, namespace and name; list items by their merge key if Kubernetes has one; command lines flag
 * by flag.
 */
export function diffObjects(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): ObjectChange[] {
  const earlier = new Map(before.map((object) => [identityOf(object), object]));
  const later = new Set(after.map(identityOf));
  const changed = after.flatMap((object): ObjectChange[] => {
    const old = earlier.get(identityOf(object));
    if (old === undefined) return [whole(object, "create")];
    const fields = diffFields(old, object);
    if (fields.length === 0) return [];
    const effect = strongest(fields.map((field) => field.effect));
    return [{ object: referenceTo(object), change: "update", effect, fields }];
  });
  const gone = before.filter((object) => !later.has(identityOf(object)));
  return [...changed, ...gone.map((object) => whole(object, "delete"))];
}

export function referenceTo({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}

/** `group|kind|namespace|name`: a later version of an API names the same object. */
export function identityOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [groupOf(apiVersion), kind, metadata.namespace ?? "", metadata.name].join("|");
}

function whole(object: KubernetesObject, change: "create" | "delete"): ObjectChange {
  return {
    object: referenceTo(object),
    change,
    effect: withRoles([object]).some(isWorkload) ? "resize" : "none",
    fields: [],
  };
}

function diffFields(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  const { kind } = after;
  const byKey = diffLeaves(leaves(before, objectType(kind)), leaves(after, objectType(kind)), kind);
  const byPlace = diffLeaves(leaves(before), leaves(after), kind);
  // A comparison by keys ignores the order of items and flags, but pods restart for a new order too.
  const most = EFFECTS.indexOf(strongest(byKey.map(({ effect }) => effect)));
  return [...byKey, ...byPlace.filter(({ effect }) => byKey.length === 0 || EFFECTS.indexOf(effect) > most)];
}

function leaves(object: KubernetesObject, type?: string): Leaves {
  return leavesOf(asJson(object), type);
}

function diffLeaves(before: Leaves, after: Leaves, kind: string): FieldChange[] {
  const paths = [...new Set([...after.keys(), ...before.keys()])];
  return paths.flatMap((path): FieldChange[] => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now || JSON.stringify(old) === JSON.stringify(now)) return [];
    const sides = {
      ...(old !== undefined && { before: shownIn(before, path, old) }),
      ...(now !== undefined && { after: shownIn(after, path, now) }),
    };
    return [{ path, ...sides, effect: effectOf(kind, path) }];
  });
}

/** In `env[0].value` the name of the variable is the leaf `env[0].name`; `args[1]` may be the value of a flag at `args[0]`. */
function shownIn(side: Leaves, path: string, value: Json): Json {
  const name = path.endsWith("].value") ? side.get(`${path.slice(0, -"value".length)}name`) : flagBefore(side, path);
  return shownValue(path, value, name);
}

/** The flag whose value an item of a command line may be; undefined for other leaves. */
function flagBefore(side: Leaves, path: string): Json | undefined {
  const open = path.endsWith("]") ? path.lastIndexOf("[") : -1;
  const list = path.slice(0, Math.max(open, 0));
  for (let index = Number(path.slice(open + 1, -1)) - 1; open >= 0 && index >= 0; index--) {
    const word = side.get(`${list}[${index}]`);
    if (typeof word !== "string" || word.startsWith("-")) return word;
  }
  return undefined;
}

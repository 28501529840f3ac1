import type { Json, JsonObject } from "../json.ts";

/** How a field of two layers becomes one. The walk asks; it knows no field itself. */
export type Rule =
  /** The later value, whole. */
  | { how: "replace" }
  /** Field by field; `type` names the fields' own rules. */
  | { how: "map"; type?: string }
  /** Item by item: those with the same `key` are merged, each as a map of `type`. */
  | { how: "keyed"; key: string; type?: string }
  /** The union of two lists of scalars. */
  | { how: "set" }
  /** A function of both values. */
  | {
      how: "combine";
      combine: (base: Json, added: Json) => Json;
      remove?: (base: Json, removed: readonly Json[]) => Json;
    }
  /** Two values cannot be merged. */
  | { how: "refuse"; reason: string };

export interface Meeting {
  base: JsonObject;
  patch: JsonObject;
}

export interface Policy {
  /** The rule for a field of a type; `path` is where the field stands, list items by their key. */
  rule(type: string | undefined, field: string, path: string): Rule;
  /** Groups of a type's fields that exclude each other: who sets one takes the earlier others away. */
  alternatives(type: string | undefined): readonly (readonly string[])[];
  /** What of a map and a patch of it meets, where fields of both decide it together; both as they are otherwise. */
  meeting?(type: string | undefined, path: string, base: JsonObject, patch: JsonObject): Meeting;
  /** Whether `$patch: delete` takes a map's field away, or leaves an empty map as Kubernetes does. */
  deleteRemoves: boolean;
}

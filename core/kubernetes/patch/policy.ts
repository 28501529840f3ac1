import type { Json, JsonObject } from "../json.ts";

/** How a field of two layers is merged. The walk asks the policy and knows no field itself. */
export type Rule =
  /** The later value as a whole. */
  | { how: "replace" }
  /** Field by field; `type` names the rules of the fields. */
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
  /** The rule for a field of a type; `path` is the path of the field, with list items by their key. */
  rule(type: string | undefined, field: string, path: string): Rule;
  /** Mutually exclusive fields of a type: setting one removes the others that earlier layers set. */
  alternatives(type: string | undefined): readonly (readonly string[])[];
  /**
   * The parts of a map and of its patch that are merged, if several fields decide it together; by default both as they
   * are.
   */
  meeting?(type: string | undefined, path: string, base: JsonObject, patch: JsonObject): Meeting;
  /** Whether `$patch: delete` removes a map's field, or leaves an empty map as Kubernetes does. */
  deleteRemoves: boolean;
}

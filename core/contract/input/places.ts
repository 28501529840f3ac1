import { rememberingOf } from "../../kubernetes/remember.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { resolved } from "../../kubernetes/schema/structural.ts";

/** The depth of the fields of a pod's security context in prefill. */
export const DEEPEST_OF_ALL = 4;

/** All places of a name in the objects of a schema down to that depth; lists are not searched. */
export function placesOf(name: string, schema: StructuralSchema, deepest: number): readonly string[][] {
  return (placesByName(schema).get(name) ?? []).filter(({ length }) => length <= deepest + 1);
}

/** Built once per schema, because a document may hold thousands of unknown fields. */
const placesByName = rememberingOf((schema: StructuralSchema): ReadonlyMap<string, string[][]> => {
  const places = new Map<string, string[][]>();
  const visit = (node: StructuralSchema, above: readonly string[]): void => {
    for (const [name, inner] of Object.entries(resolved(node).properties ?? {})) {
      const path = [...above, name];
      places.set(name, [...(places.get(name) ?? []), path]);
      if (path.length <= DEEPEST_OF_ALL) visit(inner, path);
    }
  };
  visit(schema, []);
  return places;
});

import type { Json } from "../json.ts";
import { entryOf } from "../table.ts";
import { OBJECT_TYPES } from "./types/object.ts";
import { POD_TYPES } from "./types/pod.ts";
import { ROUTE_TYPES } from "./types/route.ts";
import { SERVICE_TYPES } from "./types/service.ts";
import { VOLUME_TYPES } from "./types/volume.ts";

/**
 * What the merge knows of the API's types, as tables of words (`types/`):
 *
 *     Type: name…        one word a field
 *     image  name!  port!0  replicas?        a scalar; `!` written even when unset, as the zero given; `?` keeps a set zero
 *     template?:PodSpec  resources:Resources  a struct; `?` may be unset; also Quantity and Uri, scalars in canonical form
 *     limits{Quantity}  labels{}              a map, of quantities or of strings
 *     args[]  tolerations[Toleration]         a list, replaced as a whole
 *     env[EnvVar/name]  finalizers[/]         a list merged item by item by that key; a set of scalars
 *
 * Source: the Go types' json tags and their patchStrategy and patchMergeKey tags.
 */
type FieldShape = "scalar" | "struct" | "map" | "list" | "keyed" | "set";

export interface Field {
  shape: FieldShape;
  /** The struct's, the map values' or the list items' type; undefined for scalars. */
  type?: string;
  /** The merge key of a `keyed` list. */
  key?: string;
  /** Whether the Go field is a pointer, so that a zero that is set is kept. */
  pointer: boolean;
  /** What Go writes if nothing is set; undefined if it writes nothing. */
  zero?: Json;
}

export type TypeInfo = ReadonlyMap<string, Field>;

export const ROOT_TYPE = "LLMInferenceServiceSpec";
/** Scalars that Go reads into a specific type, and writes back in canonical form. */
export const QUANTITY = "Quantity";
export const URI = "Uri";
/** A field that holds any document of another API. */
export const RAW = "Raw";

/** The fields of a type; undefined for types whose fields are not in the tables (maps, raw documents). */
export function typeNamed(name: string | undefined): TypeInfo | undefined {
  return name === undefined ? undefined : TYPES.get(name);
}

function parseType(line: string): [string, TypeInfo] {
  const [name = "", words = ""] = line.split(/:\s+(.*)/s);
  return [name, new Map(words.trim().split(/\s+/).map(parseField))];
}

const WORD =
  /^(?<name>[\w$]+)(?<always>!(?<zero>\w*))?(?<pointer>\?)?(?::(?<struct>.+)|\{(?<map>.*)\}|\[(?<list>.*)\])?$/;

function parseField(word: string): [string, Field] {
  const { name = "", always, zero: written, pointer, struct, map, list } = WORD.exec(word)?.groups ?? {};
  const common = { pointer: pointer !== undefined || written === "null" };
  if (struct !== undefined) {
    const zero = pointer === undefined ? entryOf(CANONICAL_ZEROS, struct) : undefined;
    return [name, { ...common, shape: "struct", type: struct, ...(zero !== undefined && { zero }) }];
  }
  const isNull = always !== undefined && { zero: null };
  if (map !== undefined) return [name, { ...common, ...isNull, shape: "map", ...(map && { type: map }) }];
  if (list !== undefined) return [name, { ...common, ...parseList(list), ...isNull }];
  return [
    name,
    { ...common, shape: "scalar", ...(always !== undefined && { zero: entryOf(ZEROS, written ?? "") ?? null }) },
  ];
}

const CANONICAL_ZEROS: Record<string, string> = { [QUANTITY]: "0", [URI]: "" };
const ZEROS: Record<string, Json> = { "": "", "0": 0, false: false };

function parseList(list: string): Pick<Field, "shape" | "type" | "key"> {
  const [type, key] = list.split("/");
  const items = type ? { type } : {};
  if (key === undefined) return { shape: "list", ...items };
  return key === "" ? { shape: "set" } : { shape: "keyed", key, ...items };
}

const TYPES: ReadonlyMap<string, TypeInfo> = new Map(
  [SERVICE_TYPES, POD_TYPES, VOLUME_TYPES, ROUTE_TYPES, OBJECT_TYPES].flatMap((table) =>
    table
      .trim()
      .split(/\n(?! )/)
      .map(parseType),
  ),
);

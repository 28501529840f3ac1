import { canonicalUri } from "../go/gourl.ts";
import { isObject, type Json, type JsonObject, withoutNulls } from "../json.ts";
import { canonicalQuantity } from "../quantity.ts";
import { entryOf, setEntry } from "../table.ts";
import { type Field, QUANTITY, RAW, ROOT_TYPE, typeNamed, URI } from "./schema.ts";

/**
 * A spec as it comes back from KServe's Go types: unknown fields are removed, and so are null, false, 0, "" and empty
 * lists and maps if the Go field is not a pointer; fields without omitempty are present with their zero; quantities and
 * URIs are canonical. So a later layer can neither set such a field to zero nor unset it: rule `zeroOverrides` of the
 * behaviour table. Source: encoding/json over v1alpha2.LLMInferenceServiceSpec, KServe v0.20.0.
 */
export function typedSpec(spec: unknown): JsonObject {
  const typed = writeStruct(isObject(spec) ? spec : {}, ROOT_TYPE);
  const model = isObject(typed["model"]) ? typed["model"] : {};
  return withoutNulls({ ...typed, model: { uri: "", ...model } });
}

/**
 * The same for a later layer, as the patch that KServe derives from it: null where Go writes an unset list or pointer,
 * which then deletes; without `model.uri` if none is set.
 */
export function typedPatch(spec: unknown): JsonObject {
  const patch = writeStruct(isObject(spec) ? spec : {}, ROOT_TYPE);
  if (!isObject(patch["model"]) || patch["model"]["uri"] !== "") return patch;
  const { uri: _unset, ...model } = patch["model"];
  return { ...patch, model };
}

function writeStruct(value: JsonObject, type: string): JsonObject {
  const fields = typeNamed(type);
  if (fields === undefined) return value;
  const out: JsonObject = {};
  for (const [name, field] of fields) {
    const written = writeField(entryOf(value, name), field);
    if (written !== undefined) setEntry(out, name, written);
  }
  return out;
}

function writeField(value: Json | undefined, field: Field): Json | undefined {
  const set = value === undefined || value === null ? undefined : value;
  if (field.shape === "scalar") return writeScalar(set, field);
  if (field.shape === "struct") return writeStructField(set, field);
  if (set === undefined) return field.zero;
  return Array.isArray(set) ? writeList(set, field) : writeMap(set, field);
}

function writeScalar(value: Json | undefined, field: Field): Json | undefined {
  if (value === undefined) return field.zero;
  const isZero = value === "" || value === 0 || value === false;
  if (isZero && !field.pointer) return field.zero;
  return value;
}

function writeStructField(value: Json | undefined, field: Field): Json | undefined {
  const { type = "" } = field;
  if (type === RAW) return value;
  if (type === QUANTITY) return value === undefined ? field.zero : writeQuantity(value);
  if (type === URI) return typeof value === "string" ? canonicalUri(value) : (value ?? field.zero);
  if (value === undefined && field.pointer) return undefined;
  if (value !== undefined && !isObject(value)) return value;
  const written = writeStruct(value ?? {}, type);
  return !field.pointer && Object.keys(written).length === 0 ? undefined : written;
}

function writeQuantity(value: Json): Json {
  if (typeof value !== "string" && typeof value !== "number") return value;
  return canonicalQuantity(value) ?? value;
}

function writeList(items: readonly Json[], field: Field): Json | undefined {
  if (items.length === 0) return field.zero === null ? [] : undefined;
  const { type } = field;
  // Go decodes null as the zero value of the items' type, here an empty text.
  if (type === undefined) return items.map((item) => item ?? "");
  return items.map((item) => (isObject(item) || item === null ? writeStruct(item ?? {}, type) : item));
}

function writeMap(value: Json, field: Field): Json | undefined {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    if (field.type === QUANTITY) return [key, writeQuantity(item ?? "0")];
    return [key, item ?? ""];
  });
  if (entries.length === 0) return field.zero === null ? {} : undefined;
  return Object.fromEntries(entries);
}

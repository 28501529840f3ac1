import { isObject, type JsonObject } from "../json.ts";
import { specSchema } from "./schemas.ts";
import { withDefaults } from "./shape.ts";

/** Stands in for convert.ts and defaults.ts until they exist. */
export function convertV1alpha1(object: JsonObject): JsonObject {
  return { ...object, apiVersion: "serving.kserve.io/v1alpha2" };
}
export function applyDefaults(object: JsonObject): JsonObject {
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const model = isObject(spec["model"]) ? spec["model"] : {};
  return { ...object, spec: { ...spec, model: { ...model, name: model["name"] || metadata["name"] } } };
}
export function applySchemaDefaults(object: JsonObject): JsonObject {
  const schema = specSchema("LLMInferenceService", { kserve: true });
  return { ...object, spec: withDefaults(object["spec"] ?? {}, schema) };
}

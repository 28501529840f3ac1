import type { Dialect } from "../../api/deviations.ts";
import { specSchema } from "../../api/schemas.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { LABEL } from "../../contract/names.ts";
import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { withDefaults } from "../../kubernetes/schema/shape.ts";

/**
 * What KServe's mutating webhook fills in: the model's name from the service's, and the label of the routing group,
 * which is removed without a group. If defaults come after the merge, the name is left out, because a config may still
 * set it. Source: llm_inference_service_defaults.go, KServe v0.20.0.
 */
export function applyDefaults(object: JsonObject, { apiDefaults }: Pick<Behaviour, "apiDefaults">): JsonObject {
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const model = isObject(spec["model"]) ? spec["model"] : {};
  const named = apiDefaults === "merged" ? withoutEmptyName(model) : withName(model, metadata);
  return { ...object, metadata: withGroupLabel(metadata, groupOf(spec)), spec: { ...spec, model: named } };
}

function withName(model: JsonObject, metadata: JsonObject): JsonObject {
  return { ...model, name: model["name"] || (metadata["name"] ?? null) };
}

/** The webhook treats an empty name as missing. */
function withoutEmptyName(model: JsonObject): JsonObject {
  const { name, ...others } = model;
  return name === "" ? others : model;
}

/** The defaults that the CRD declares, wherever the object that contains the field exists. */
export function applySchemaDefaults(object: JsonObject, dialect: Dialect = "own"): JsonObject {
  const schema = specSchema("LLMInferenceService", { dialect });
  return { ...object, spec: withDefaults(object["spec"] ?? {}, schema) };
}

function groupOf(spec: JsonObject): string {
  const route = isObject(spec["router"]) ? spec["router"]["route"] : undefined;
  const group = isObject(route) ? route["group"] : undefined;
  return typeof group === "string" ? group : "";
}

function withGroupLabel(metadata: JsonObject, group: string): JsonObject {
  const labels = isObject(metadata["labels"]) ? metadata["labels"] : {};
  if (group !== "") return { ...metadata, labels: { ...labels, [LABEL.routingGroup]: group } };
  if (!(LABEL.routingGroup in labels)) return metadata;
  const { [LABEL.routingGroup]: _removed, ...others } = labels;
  return { ...metadata, labels: others };
}

import { isObject, type Json, type JsonObject } from "../kubernetes/json.ts";
import { API_VERSION } from "./service.ts";

const MODEL_CRITICALITY = "internal.serving.kserve.io/model-criticality";
const LORA_CRITICALITIES = "internal.serving.kserve.io/lora-criticalities";

/**
 * An LLMInferenceService or LLMInferenceServiceConfig of v1alpha1 as one of v1alpha2: the InferencePool takes its v1
 * shape, and criticalities, which v1alpha2 does not have, are kept in annotations. Everything else is the same in both.
 * Source: v1alpha1/llm_inference_service_conversion.go and gie/v1alpha2pool, KServe v0.20.0.
 */
export function convertV1alpha1(object: JsonObject): JsonObject {
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const model = isObject(spec["model"]) ? spec["model"] : undefined;
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const kept = model === undefined ? {} : criticalities(model);
  const annotations = isObject(metadata["annotations"]) ? metadata["annotations"] : {};
  return {
    ...object,
    apiVersion: API_VERSION,
    metadata: Object.keys(kept).length > 0 ? { ...metadata, annotations: { ...annotations, ...kept } } : metadata,
    spec: {
      ...spec,
      ...(model !== undefined && { model: convertModel(model) }),
      ...(isObject(spec["router"]) && { router: convertRouter(spec["router"]) }),
    },
  };
}

function criticalities(model: JsonObject): Record<string, string> {
  const own = text(model["criticality"]);
  const adapters = adaptersOf(model).map((adapter) => (isObject(adapter) ? text(adapter["criticality"]) : ""));
  const byIndex = adapters.flatMap((criticality, index) => (criticality === "" ? [] : [[String(index), criticality]]));
  return {
    ...(own !== "" && { [MODEL_CRITICALITY]: own }),
    ...(byIndex.length > 0 && { [LORA_CRITICALITIES]: JSON.stringify(Object.fromEntries(byIndex)) }),
  };
}

/** `confidential` came with v1alpha2: the conversion does not know it. */
function convertModel(model: JsonObject): JsonObject {
  const { criticality: _criticality, confidential: _confidential, ...rest } = model;
  if (!isObject(model["lora"])) return rest;
  const adapters = adaptersOf(model).map((adapter) => (isObject(adapter) ? convertModel(adapter) : adapter));
  return { ...rest, lora: { ...model["lora"], ...(adapters.length > 0 && { adapters }) } };
}

function adaptersOf(model: JsonObject): Json[] {
  const lora = isObject(model["lora"]) ? model["lora"] : {};
  return Array.isArray(lora["adapters"]) ? lora["adapters"] : [];
}

function convertRouter(router: JsonObject): JsonObject {
  const scheduler = router["scheduler"];
  if (!isObject(scheduler) || !isObject(scheduler["pool"]) || !isObject(scheduler["pool"]["spec"])) return router;
  const pool = { ...scheduler["pool"], spec: convertPool(scheduler["pool"]["spec"]) };
  return { ...router, scheduler: { ...scheduler, pool } };
}

/** The port on which a scheduler answers pools. */
export const PICKER_PORT = 9002;

/** An InferencePool's spec of inference.networking.x-k8s.io/v1alpha2 in the shape of inference.networking.k8s.io/v1. */
function convertPool(spec: JsonObject): JsonObject {
  const { targetPortNumber, extensionRef, selector, ...rest } = spec;
  return {
    ...rest,
    ...(isObject(selector) && { selector: { matchLabels: selector } }),
    targetPorts: [{ number: typeof targetPortNumber === "number" ? targetPortNumber : 0 }],
    endpointPickerRef: convertPickerRef(isObject(extensionRef) ? extensionRef : {}),
  };
}

/** A Service without a port gets the scheduler's own: v1 requires one. */
function convertPickerRef(extension: JsonObject): JsonObject {
  const { portNumber, kind = "Service", failureMode = "FailClose", ...reference } = extension;
  const number = portNumber || (kind === "Service" || kind === "" ? PICKER_PORT : undefined);
  return { ...reference, kind, failureMode, ...(number !== undefined && { port: { number } }) };
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import { LABEL, labelsOf, PORT } from "../../contract/names.ts";
import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { withScheduler } from "./scheduler.ts";

/**
 * Completes the InferencePool that the scheduler creates: without labels it selects every pod that serves the service,
 * and an endpoint picker that is a Service is called on the port of the scheduler's gRPC, which the v1 API requires.
 */
export function completePool(spec: LLMInferenceServiceSpec, service: LLMInferenceService): LLMInferenceServiceSpec {
  const pool = spec.router?.scheduler?.pool;
  if (!pool?.spec) return spec;
  const { selector, endpointPickerRef } = pool.spec;
  const completed = {
    ...pool.spec,
    selector: completeSelector(selector, service),
    endpointPickerRef: completePicker(endpointPickerRef),
  };
  return withScheduler(spec, { pool: { ...pool, spec: completed } });
}

function completeSelector(selector: JsonObject[string], service: LLMInferenceService): JsonObject {
  const written = isObject(selector) ? selector : {};
  const labels = written["matchLabels"];
  if (isObject(labels) && Object.keys(labels).length > 0) return written;
  return { ...written, matchLabels: { ...labelsOf(service.metadata.name), [LABEL.kserveComponent]: "workload" } };
}

function completePicker(ref: JsonObject[string]): JsonObject {
  const written = isObject(ref) ? ref : {};
  const { kind, port } = written;
  const isService = !kind || kind === "Service";
  const hasPort = isObject(port) && Boolean(port["number"]);
  return isService && !hasPort ? { ...written, port: { number: PORT.picker } } : written;
}

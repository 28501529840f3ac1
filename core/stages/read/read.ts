import type { LLMInferenceService, LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { metadataOf, type OpenedDocument, openConfig, openDocument } from "../../contract/input/document.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { JsonObject } from "../../kubernetes/json.ts";
import { rememberingOfBoth } from "../../kubernetes/remember.ts";
import { applyDefaults, applySchemaDefaults } from "./defaults.ts";

interface Read<T> {
  value?: T;
  issues: readonly Issue[];
}

/**
 * Reads a service: unknown fields are reported, v1alpha1 is converted, and the webhook's and the CRD's defaults are
 * filled in; defaults of the API only if the behaviour applies them before the merge.
 */
export function readService(document: unknown, behaviour: Behaviour): Read<LLMInferenceService> {
  return completeService(openDocument(document, "LLMInferenceService", behaviour), behaviour);
}

/** An opened service with the webhook's and the CRD's defaults. */
export function completeService(opened: OpenedDocument, behaviour: Behaviour): Read<LLMInferenceService> {
  return completed(opened, behaviour, (object) => applyDefaults(object, behaviour));
}

/** Reads configs, presets among them. */
export function readConfigs(
  documents: readonly unknown[],
  behaviour: Behaviour,
): { configs: LLMInferenceServiceConfig[]; issues: Issue[] } {
  const all = documents.map((document) => readConfig(document, behaviour));
  const configs = all.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return { configs, issues: all.flatMap(({ issues }) => issues) };
}

/** Reads one config or preset; one that was read before is not read again. */
export function readConfig(document: unknown, behaviour: Behaviour): Read<LLMInferenceServiceConfig> {
  return readOnce(openConfig(document, behaviour), behaviour);
}
const readOnce = rememberingOfBoth((opened: OpenedDocument, behaviour: Behaviour) =>
  completed<LLMInferenceServiceConfig>(opened, behaviour, (object) => object),
);

/** A document that was opened without errors, and completed by this stage, has the type of its kind. */
function completed<T extends LLMInferenceService | LLMInferenceServiceConfig>(
  { content, issues }: OpenedDocument,
  behaviour: Behaviour,
  complete: (object: JsonObject) => JsonObject,
): Read<T> {
  if (content === undefined) return { issues };
  const named = complete(withNamespace(content.current));
  const value = behaviour.apiDefaults === "documents" ? applySchemaDefaults(named, behaviour.dialect) : named;
  return { value: value as unknown as T, issues };
}

/** Objects without a namespace are in the namespace `default`, as for every client of Kubernetes. */
function withNamespace(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  return { ...object, metadata: { ...metadata, namespace: metadata["namespace"] ?? "default" } };
}

import { convertV1alpha1 } from "../../api/convert.ts";
import { type DocumentKind, specSchema } from "../../api/schemas.ts";
import type { LLMInferenceService, LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { identify, layerOf, metadataOf, unknownField } from "../../contract/document.ts";
import type { Issue } from "../../contract/issue.ts";
import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { pruned } from "../../kubernetes/schema/shape.ts";
import { applyDefaults, applySchemaDefaults } from "./defaults.ts";

type Read<T> = { value?: T; issues: Issue[] };

/** Reads one document: unknown fields found, v1alpha1 converted, the webhook's and the CRD's defaults filled in. */
export function readService(
  document: unknown,
  behaviour: Behaviour,
): { service?: LLMInferenceService; issues: Issue[] } {
  const { value, issues } = read(document, "LLMInferenceService", behaviour, applyDefaults);
  return value === undefined ? { issues } : { service: value as unknown as LLMInferenceService, issues };
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

/** Reads one config, a preset perhaps. A document that was read before is not read again: presets come with every plan. */
export function readConfig(document: unknown, behaviour: Behaviour): Read<LLMInferenceServiceConfig> {
  const known = readBefore.get(behaviour)?.get(document as object);
  if (known !== undefined) return known;
  const result = read(document, "LLMInferenceServiceConfig", behaviour, (config) => config);
  const config = result as unknown as Read<LLMInferenceServiceConfig>;
  if (!isObject(document)) return config;
  const cache = readBefore.get(behaviour) ?? new WeakMap();
  readBefore.set(behaviour, cache.set(document, config));
  return config;
}
const readBefore = new WeakMap<Behaviour, WeakMap<object, Read<LLMInferenceServiceConfig>>>();

function read(
  document: unknown,
  kind: DocumentKind,
  behaviour: Behaviour,
  complete: (object: JsonObject) => JsonObject,
): Read<JsonObject> {
  const identified = identify(document, kind);
  if ("issue" in identified) return { issues: [identified.issue] };
  const { object, version } = identified;
  const layer = layerOf(object, kind);
  const schema = specSchema(kind, { version, kserve: behaviour.crdMistakes });
  const { value: spec, unknown } = pruned(object["spec"] ?? {}, schema);
  const issues = unknown.map((field) => unknownField(field, behaviour, layer));
  const current = version === "v1alpha1" ? convertV1alpha1({ ...object, spec }) : { ...object, spec };
  const named = complete(withNamespace(current));
  return { value: behaviour.schemaDefaults ? applySchemaDefaults(named) : named, issues };
}

/** Objects without a namespace are of the namespace `default`, as with every client of Kubernetes. */
function withNamespace(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  return { ...object, metadata: { ...metadata, namespace: metadata["namespace"] ?? "default" } };
}

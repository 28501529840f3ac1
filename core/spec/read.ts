import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import { formatPath, isObject, type Json, type JsonObject } from "../json.ts";
import { convertV1alpha1 } from "./convert.ts";
import { applyDefaults, applySchemaDefaults } from "./defaults.ts";
import { didYouMean } from "./nearest.ts";
import { type DocumentKind, type DocumentVersion, specSchema } from "./schemas.ts";
import { GROUP, type LLMInferenceService, type LLMInferenceServiceConfig } from "./service.ts";
import { pruned, type UnknownField, withZeroItems } from "./shape.ts";

/** A document whose kind and version are known. */
export interface ApiDocument {
  object: JsonObject;
  kind: DocumentKind;
  version: DocumentVersion;
}

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
  const { value, unknown } = pruned(object["spec"] ?? {}, schema);
  const spec = behaviour.admission === "goTypes" ? withZeroItems(value, schema) : value;
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

/**
 * An object's metadata as every later stage reads it: what is null is not set, and what has another type than its field is
 * not there. The rules of metadata judge what is written, so nothing is lost unseen.
 */
export function metadataOf({ metadata }: JsonObject): JsonObject {
  if (!isObject(metadata)) return {};
  const entries = Object.entries(metadata).flatMap(([field, value]): [string, Json][] => {
    const read = Object.hasOwn(METADATA, field) ? METADATA[field]?.(value ?? null) : (value ?? undefined);
    return read === undefined ? [] : [[field, read]];
  });
  return Object.fromEntries(entries);
}

const METADATA: Readonly<Record<string, (value: Json) => Json | undefined>> = {
  name: textOf,
  namespace: (value) => textOf(value) || undefined,
  labels: textsOf,
  annotations: textsOf,
};

function textOf(value: Json): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(value: Json): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
}

/** What kind and version of document this is, or why it cannot be read as one. */
export function identify(document: unknown, kind: DocumentKind): ApiDocument | { issue: Issue } {
  const refuse = (path: string, message: string, fix: string): { issue: Issue } => ({
    issue: { code: "UnreadableInput", severity: "error", path, layer: layerOf(document, kind), message, fix },
  });
  if (!isObject(document)) {
    return refuse(
      "",
      `a mapping with apiVersion, kind, metadata and spec was expected, not ${describe(document)}`,
      `write an ${kind}`,
    );
  }
  if (document["kind"] !== kind) {
    return refuse("kind", `the kind is ${describe(document["kind"])}, not ${kind}`, `write kind: ${kind}`);
  }
  const [group, version] = String(document["apiVersion"] ?? "").split("/");
  if (group !== GROUP || (version !== "v1alpha1" && version !== "v1alpha2")) {
    const found = describe(document["apiVersion"]);
    return refuse(
      "apiVersion",
      `the apiVersion is ${found}, which is not served`,
      `write apiVersion: ${GROUP}/v1alpha2`,
    );
  }
  if (!isObject(document["metadata"])) {
    return refuse("metadata", "there is no metadata", "write metadata with name and namespace");
  }
  if (document["spec"] !== undefined && document["spec"] !== null && !isObject(document["spec"])) {
    return refuse("spec", `a mapping was expected, not ${describe(document["spec"])}`, "write the spec as a mapping");
  }
  return { object: document, kind, version };
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : JSON.stringify(value);
}

/** What issues call a document: `service`, or `config NAMESPACE/NAME`. */
export function layerOf(document: unknown, kind: DocumentKind): string {
  if (kind === "LLMInferenceService") return "service";
  const { namespace, name } = isObject(document) ? metadataOf(document) : {};
  return `config ${namespace ?? "default"}/${name ?? ""}`;
}

/** What to say of a field that the API does not have. */
export function unknownField({ path, known }: UnknownField, behaviour: Behaviour, layer: string): Issue {
  const name = String(path.at(-1) ?? "");
  const severity = behaviour.unknownFields;
  return {
    code: "UnknownField",
    severity,
    path: formatPath(["spec", ...path]),
    layer,
    message: severity === "error" ? `there is no field ${name}` : `there is no field ${name}; it is left out`,
    fix: didYouMean(name, known) ?? (known.length > 0 ? `remove it; known here: ${known.join(", ")}` : "remove it"),
  };
}

import { convertV1alpha1 } from "../../api/convert.ts";
import { type DocumentKind, type DocumentVersion, specSchema } from "../../api/schemas.ts";
import { GROUP } from "../../api/service.ts";
import { asText, isObject, type Json, type JsonObject, objectOf } from "../../kubernetes/json.ts";
import { rememberingOfBoth } from "../../kubernetes/remember.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { pruned, withZeroItems } from "../../kubernetes/schema/shape.ts";
import { tableOf } from "../../kubernetes/table.ts";
import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../issues/issue.ts";
import { unknownField } from "./unknownfield.ts";
import { unknownAround } from "./unknownroot.ts";

/** A document whose kind and version are known. */
interface ApiDocument {
  object: JsonObject;
  kind: DocumentKind;
  version: DocumentVersion;
}

/** A document that can be read, without the fields that the API does not have. */
export interface DocumentContent extends ApiDocument {
  /** As {@link metadataOf} reads it. */
  metadata: JsonObject;
  /** The spec in the version that it is written in. */
  spec: JsonObject;
  /** The schema of that version. */
  schema: StructuralSchema;
  /** The whole document in the current version of the API. */
  current: JsonObject;
}

/** A document as every stage receives it: its content, or why it cannot be read, and its unknown fields. */
export interface OpenedDocument {
  content?: DocumentContent;
  /** What issues call the document. */
  layer: string;
  issues: readonly Issue[];
}

/**
 * Opens a document of a kind: identifies it, leaves out unknown fields and converts it. This is done here and nowhere
 * else. `written` is the document with its shorthands, which fixes of unknown fields must not overwrite.
 */
export function openDocument(
  document: unknown,
  kind: DocumentKind,
  behaviour: Behaviour,
  written: unknown = document,
): OpenedDocument {
  const layer = layerOf(document, kind);
  const identified = identify(document, kind);
  if ("issue" in identified) return { layer, issues: [identified.issue] };
  const { object, version } = identified;
  const schema = specSchema(kind, { version, dialect: behaviour.dialect });
  const { value, unknown } = pruned(object["spec"] ?? {}, schema);
  const spec = value as JsonObject;
  const merged = (behaviour.admission === "goTypes" ? withZeroItems(spec, schema) : spec) as JsonObject;
  const current = version === "v1alpha1" ? convertV1alpha1({ ...object, spec: merged }) : { ...object, spec: merged };
  const place = { spec: isObject(written) ? written["spec"] : undefined, schema, kind, layer, behaviour };
  const issues = [...unknownAround(object, written, place), ...unknown.map((field) => unknownField(field, place))];
  return { content: { ...identified, metadata: metadataOf(object), spec, schema, current }, layer, issues };
}

/** Opens a config. A config that was opened before is not opened again: presets come with every plan. */
export function openConfig(document: unknown, behaviour: Behaviour): OpenedDocument {
  return isObject(document) ? openedOnce(document, behaviour) : openDocument(document, CONFIG_KIND, behaviour);
}
const CONFIG_KIND = "LLMInferenceServiceConfig";
const openedOnce = rememberingOfBoth((document: JsonObject, behaviour: Behaviour) =>
  openDocument(document, CONFIG_KIND, behaviour),
);

/** What kind and version of document this is, or why it cannot be read as one. */
function identify(document: unknown, kind: DocumentKind): ApiDocument | { issue: Issue } {
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
    return refuse(
      "kind",
      `the kind ${kind} was expected, but it is ${describe(document["kind"])}`,
      `write kind: ${kind}`,
    );
  }
  const [group, version] = asText(document["apiVersion"] ?? "").split("/");
  if (group !== GROUP || (version !== "v1alpha1" && version !== "v1alpha2")) {
    const found = describe(document["apiVersion"]);
    return refuse(
      "apiVersion",
      `the apiVersion is ${found}${found === NOT_SET ? "" : ", which is not served"}`,
      `write apiVersion: ${GROUP}/v1alpha2`,
    );
  }
  if (!isObject(document["metadata"])) {
    return refuse("metadata", "metadata is not set", "write metadata with name and namespace");
  }
  if (document["spec"] !== undefined && document["spec"] !== null && !isObject(document["spec"])) {
    return refuse("spec", `a mapping was expected, not ${describe(document["spec"])}`, "write the spec as a mapping");
  }
  return { object: document, kind, version };
}

const NOT_SET = "not set";

function describe(value: unknown): string {
  if (value === undefined || value === null) return NOT_SET;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : JSON.stringify(value);
}

/** What issues call a document: `service`, or `config NAMESPACE/NAME`. */
export function layerOf(document: unknown, kind: DocumentKind): string {
  if (kind === "LLMInferenceService") return "service";
  const metadata = isObject(document) ? objectOf(document["metadata"]) : {};
  return `config ${textOf(metadata["namespace"]) || "default"}/${textOf(metadata["name"]) ?? ""}`;
}

/** Names of presets, also of one release (`v0-20-0-kserve-config-llm-template`). */
const PRESET = /^(v[\d-]+-)?kserve-config-llm-/;

/** Whether a document is a config under the name of a preset that names no namespace, as KServe's repository has them. */
export function isPlacelessPreset(document: unknown): boolean {
  if (!isObject(document) || document["kind"] !== "LLMInferenceServiceConfig") return false;
  const { name, namespace } = objectOf(document["metadata"]);
  return !textOf(namespace) && typeof name === "string" && PRESET.test(name);
}

/** A config under the name of a preset is the system namespace's, where it names none; any other document stays as it is. */
export function withPresetNamespace(document: unknown, systemNamespace: string): unknown {
  if (!isObject(document) || !isPlacelessPreset(document)) return document;
  const before = placedBefore.get(document);
  if (before?.systemNamespace === systemNamespace) return before.placed;
  const { metadata } = document;
  const placed = { ...document, metadata: { ...(isObject(metadata) && metadata), namespace: systemNamespace } };
  placedBefore.set(document, { systemNamespace, placed });
  return placed;
}
/** A config stays the same object after it is placed, because stages keep results by its identity. */
const placedBefore = new WeakMap<object, { systemNamespace: string; placed: JsonObject }>();

/**
 * An object's metadata as every later stage reads it: a null field counts as not set, and a field of the wrong type
 * as absent. The rules of metadata judge the written document, so every such field is reported.
 */
export function metadataOf({ metadata }: JsonObject): JsonObject {
  if (!isObject(metadata)) return {};
  const entries = Object.entries(metadata).flatMap(([field, value]): [string, Json][] => {
    const read = METADATA.has(field) ? METADATA.get(field)?.(value ?? null) : (value ?? undefined);
    return read === undefined ? [] : [[field, read]];
  });
  return Object.fromEntries(entries);
}

const METADATA = tableOf<(value: Json) => Json | undefined>({
  name: textOf,
  namespace: (value) => textOf(value) || undefined,
  labels: textsOf,
  annotations: textsOf,
});

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(value: Json): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
}

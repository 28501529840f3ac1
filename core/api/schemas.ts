import { mapNodes, type Overlay, overlaid } from "../kubernetes/schema/overlay.ts";
import type { StructuralSchema } from "../kubernetes/schema/schema.ts";
import { structuralOf } from "../kubernetes/schema/structural.ts";
import { DEVIATIONS, type Dialect, MERGED_DEVIATIONS } from "./deviations.ts";
import { CONFIG_SPEC, SERVICE_SPEC } from "./generated/specs.ts";
import { serviceSpecV1alpha1 } from "./v1alpha1.ts";

/** Which API document a schema describes. */
export type DocumentKind = "LLMInferenceService" | "LLMInferenceServiceConfig";
export type DocumentVersion = "v1alpha1" | "v1alpha2";

export interface SchemaOptions {
  version?: DocumentVersion;
  dialect: Dialect;
}

/**
 * The schema of a document's `spec`: made from zod (`generated/`), with the deviations of the CRD that is used. By
 * default a document is one layer of several, in which only items of lists must be complete. Made once.
 */
export function specSchema(kind: DocumentKind, { version = "v1alpha2", dialect }: SchemaOptions): StructuralSchema {
  return once(`${kind} ${version} ${dialect}`, () => {
    const written = mapNodes(writtenOf(kind, version), dialect === "own" ? asLayer : asKServe);
    return overlaid(written, deviationsOf(kind, version, dialect));
  });
}

/** The schema of a spec whose layers are merged: no required field may be missing. */
export function mergedSchema(): StructuralSchema {
  return once("merged", () => overlaid(SERVICE_SPEC, MERGED_DEVIATIONS));
}

const made = new Map<string, StructuralSchema>();
function once(key: string, make: () => StructuralSchema): StructuralSchema {
  const schema = made.get(key) ?? make();
  made.set(key, schema);
  return schema;
}

function asLayer(node: StructuralSchema, inList: boolean): StructuralSchema {
  if (inList) return node;
  // A keyword next to a reference overrides that of the referenced type.
  if (node.$ref !== undefined) return { ...node, required: [] };
  if (node.required === undefined) return node;
  const { required: _later, ...rest } = node;
  return rest;
}

function asKServe(node: StructuralSchema): StructuralSchema {
  const { "x-kubernetes-validations": rules, ...rest } = node;
  const kept = rules?.filter(({ added }) => added !== true) ?? [];
  return kept.length === 0 ? rest : { ...rest, "x-kubernetes-validations": kept };
}

function writtenOf(kind: DocumentKind, version: DocumentVersion): StructuralSchema {
  if (version === "v1alpha1") return structuralOf(serviceSpecV1alpha1);
  return kind === "LLMInferenceService" ? SERVICE_SPEC : CONFIG_SPEC;
}

function deviationsOf(kind: DocumentKind, version: DocumentVersion, dialect: Dialect): Overlay[] {
  const { both, config } = DEVIATIONS[dialect];
  const deviations = kind === "LLMInferenceServiceConfig" ? [...both, ...config] : [...both];
  return version === "v1alpha2" ? deviations : deviations.filter(({ at }) => !at.startsWith(OTHER_POOL));
}
/** The pool of v1alpha1 has another type, whose labels every config may write. */
const OTHER_POOL = "router.scheduler.pool.spec";

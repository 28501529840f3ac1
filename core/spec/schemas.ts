import type { z } from "zod";
import { CONFIG_DEVIATIONS, KSERVE_CONFIG_DEVIATIONS, KSERVE_DEVIATIONS } from "./deviations.ts";
import { type Overlay, overlaid } from "./overlay.ts";
import { configSpec, serviceSpec } from "./service.ts";
import { type StructuralSchema, structuralOf } from "./structural.ts";
import { serviceSpecV1alpha1 } from "./v1alpha1.ts";

/** Which API document a schema describes. */
export type DocumentKind = "LLMInferenceService" | "LLMInferenceServiceConfig";
export type DocumentVersion = "v1alpha1" | "v1alpha2";

export interface SchemaOptions {
  version?: DocumentVersion;
  /** With KServe's own deviations from the published types, its mistakes among them. */
  kserve: boolean;
}

/** The schema of a document's `spec`: made from zod, with the deviations of the CRD that is meant. Made once. */
export function specSchema(kind: DocumentKind, { version = "v1alpha2", kserve }: SchemaOptions): StructuralSchema {
  const key = `${kind} ${version} ${kserve}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const schema = overlaid(structuralOf(zodOf(kind, version)), deviationsOf(kind, version, kserve));
  made.set(key, schema);
  return schema;
}
const made = new Map<string, StructuralSchema>();

function zodOf(kind: DocumentKind, version: DocumentVersion): z.ZodType {
  if (version === "v1alpha1") return serviceSpecV1alpha1;
  return kind === "LLMInferenceService" ? serviceSpec : configSpec;
}

function deviationsOf(kind: DocumentKind, version: DocumentVersion, kserve: boolean): Overlay[] {
  const isConfig = kind === "LLMInferenceServiceConfig";
  const deviations = [
    ...(kserve ? KSERVE_DEVIATIONS : []),
    ...(isConfig ? CONFIG_DEVIATIONS : []),
    ...(isConfig && kserve ? KSERVE_CONFIG_DEVIATIONS : []),
    ...(isConfig && version === "v1alpha1" && !kserve ? [{ at: "", set: { required: undefined } }] : []),
  ];
  return version === "v1alpha2" ? deviations : deviations.filter(({ at }) => !at.startsWith(OTHER_POOL));
}
/** The pool of v1alpha1 is of another type, whose labels every config may write. */
const OTHER_POOL = "router.scheduler.pool.spec";

import { API_VERSION } from "../../../api/service.ts";
import { layerOf } from "../../../contract/input/document.ts";
import type { Fix, Issue } from "../../../contract/issues/issue.ts";
import { isNear, isOption } from "../../../contract/issues/remaining.ts";
import { isObject, itemAt, type Json, type JsonObject, textsOf, valueAt } from "../../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../../kubernetes/path.ts";
import { applyEdits, editsOf } from "./edits.ts";
import { type Edit, locate } from "./place.ts";

/** The documents that the user wrote for a plan. */
export interface WrittenDocuments {
  service: unknown;
  configs: readonly unknown[];
}

/** What happened at the place of an error: its fix was applied, or the value was removed. */
export interface Correction {
  paths: readonly string[];
  by: "fix" | "removal";
}

/** Documents without some of their errors, so that later stages can judge them. */
export interface Corrected {
  documents: WrittenDocuments;
  corrections: readonly Correction[];
}

/**
 * The documents with the fix of each error applied. A refused value without a fix is removed, so that the value of a
 * lower layer, or none, takes effect. A refused option is already left out. Undefined if an error belongs to no
 * document or nothing helps: then the plan without it is unknown.
 */
export function correctedDocuments(written: WrittenDocuments, errors: readonly Issue[]): Corrected | undefined {
  let documents = written;
  const corrections: Correction[] = [];
  for (const error of errors) {
    const isDone = isOption(error) || corrections.some(({ paths }) => paths.some((path) => isNear(path, error.path)));
    const corrected = withConfig(documents, error) ?? withEdits(documents, error);
    if (corrected === undefined || (corrected.documents === documents && !isDone)) return undefined;
    documents = corrected.documents;
    corrections.push(corrected.correction);
  }
  return { documents, corrections };
}

interface OneCorrected {
  documents: WrittenDocuments;
  correction: Correction;
}

/** A missing config counts as an empty one, so that the service's other configs keep their places. */
function withConfig({ service, configs }: WrittenDocuments, { code, path }: Issue): OneCorrected | undefined {
  const name = isObject(service) ? itemAt(service, locate(service, pathSteps(path)).at) : undefined;
  if (code !== "ConfigNotFound" || !path.startsWith("spec.baseRefs") || typeof name !== "string") return undefined;
  const namespace = valueAt(service, ["metadata", "namespace"]);
  const metadata = { name, ...(typeof namespace === "string" && { namespace }) };
  const config = { apiVersion: API_VERSION, kind: CONFIG, metadata, spec: {} };
  return { documents: { service, configs: [...configs, config] }, correction: { paths: [path], by: "removal" } };
}

function withEdits(documents: WrittenDocuments, error: Issue): OneCorrected | undefined {
  const document = documentOf(documents, error);
  const own = document && correctionOf(document, error);
  if (document !== undefined && own !== undefined && own.edits.length > 0)
    return {
      documents: withDocument(documents, document, applyEdits(document, own.edits)),
      correction: own.correction,
    };
  return withConfigs(documents, error) ?? (own && { documents, correction: own.correction });
}

/** The configs without the refused values of layers that the service does not write: presets, a platform, a config in a group. */
function withConfigs({ service, configs }: WrittenDocuments, error: Issue): OneCorrected | undefined {
  const path = error.path.replace(IN_GROUP, "spec.");
  const found = configs.map((config) => {
    if (!isObject(config)) return { config, correction: undefined };
    const { edits, correction } = correctionOf(config, { ...error, path, layer: "config " });
    return edits.length === 0 ? { config, correction: undefined } : { config: applyEdits(config, edits), correction };
  });
  const corrections = found.flatMap(({ correction }) => (correction === undefined ? [] : [correction]));
  const [first] = corrections;
  if (first === undefined) return undefined;
  const paths = [error.path, ...new Set(corrections.flatMap((correction) => correction.paths))];
  return { documents: { service, configs: found.map(({ config }) => config) }, correction: { paths, by: first.by } };
}

const IN_GROUP = /^spec\.groups\.[^.]+\./;

/** Layers whose values the service may have written; some stages do not know the layer. */
const OWN: readonly string[] = ["service", "merged"];
const CONFIG = "LLMInferenceServiceConfig";

/**
 * The document of an error: the config that its layer names; the values of any other layer can be changed in the
 * service.
 */
export function documentOf({ service, configs }: WrittenDocuments, { layer }: Issue): JsonObject | undefined {
  const document = layer.startsWith("config ") ? configs.find((config) => layerOf(config, CONFIG) === layer) : service;
  return isObject(document) ? document : undefined;
}

function withDocument({ service, configs }: WrittenDocuments, old: JsonObject, document: JsonObject): WrittenDocuments {
  if (service === old) return { service: document, configs };
  return { service, configs: configs.map((config) => (config === old ? document : config)) };
}

const MODEL_PATH = "spec.model";
const MODEL: readonly string[] = [MODEL_PATH, "spec.model.uri"];
/**
 * A model in the place of a missing one, so that the objects can be made and judged; findings about it follow from the
 * error.
 */
const STAND_IN: Fix = { path: "spec.model.uri", value: "hf://example/model" };

function correctionOf(document: JsonObject, error: Issue): { edits: readonly Edit[]; correction: Correction } {
  const { path, layer, fixes = [] } = error;
  const made = fixes.flatMap((fix) => editsOf(document, fix));
  if (made.length > 0) return { edits: made, correction: { paths: [path, ...fixes.map(placeOf)], by: "fix" } };
  if (error.code === "MissingField" && MODEL.includes(path))
    return { edits: editsOf(document, STAND_IN), correction: { paths: [MODEL_PATH], by: "removal" } };
  if (VARIABLE.test(path))
    return { edits: editsOf(document, { path, value: "" }), correction: { paths: [path], by: "removal" } };
  const unset = unsetBy(error, document);
  if (unset !== undefined)
    return { edits: editsOf(document, { path }), correction: { paths: [path, ...unset], by: "fix" } };
  const isOwn = OWN.includes(layer) || layer.startsWith("config ");
  // Unknown fields are also reported outside of the spec.
  const isOutside = error.code === "UnknownField" && pathSteps(path)[0] !== "spec";
  const place = isOutside ? path : isOwn ? removable(path, document) : undefined;
  const edits = place === undefined ? [] : editsOf(document, { path: place });
  return { edits, correction: { paths: [path, place ?? path], by: isMeaningless(error) ? "fix" : "removal" } };
}

/** The value of an environment variable: without it, the indexes of the other variables stay. */
const VARIABLE = /\.env\[\d+\]\.value$/;
const UNSET = /\.unset$/;

/** The fields that a document sets and unsets; undefined for another error. Without `unset`, the document sets them. */
function unsetBy({ code, path }: Issue, document: JsonObject): string[] | undefined {
  if (code !== "Conflict" || !UNSET.test(path)) return undefined;
  const place = path.replace(UNSET, "");
  return textsOf(valueAt(document, pathSteps(path).map(bareStep))).map((text) => `${place}.${text}`);
}

/** An unknown field that is like no other: nothing follows from its removal. */
function isMeaningless({ code, fix = "" }: Issue): boolean {
  return code === "UnknownField" && /^remove it(?:$|, or use )/.test(fix);
}

/** A fix that removes an item of a list shifts the items after it. */
function placeOf({ path, value }: Fix): string {
  return value === undefined ? path.replace(/\[\d+\]$/, "") : path;
}

/** Lists whose items have names and are addressed by them. */
const CONTAINERS: readonly string[] = ["containers", "initContainers"];

/** What can be removed as a whole around a refused or missing value: a field, or the list that contains it. */
function removable(path: string, document: Json): string | undefined {
  const steps = pathSteps(path);
  const isOfList = (step: string, i: number): boolean => isIndex(step) && !CONTAINERS.includes(steps[i - 1] ?? "");
  const list = steps.findIndex(isOfList);
  const kept = list < 0 ? steps : steps.slice(0, list);
  while (kept.length > 0 && (isIndex(kept.at(-1) ?? "") || !exists(kept, document))) kept.pop();
  const isOfRole = kept.length < (kept[1] === "prefill" ? 3 : 2);
  if (kept[0] !== "spec" || isOfRole) return undefined;
  return kept.map((step, i) => (i === 0 || step.startsWith("[") ? step : `.${step}`)).join("");
}

function isIndex(step: string): boolean {
  return /^\[\d+\]$/.test(step);
}

function exists(steps: readonly string[], document: Json): boolean {
  return locate(document, steps).isThere;
}

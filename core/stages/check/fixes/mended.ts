import { API_VERSION } from "../../../api/service.ts";
import { layerOf } from "../../../contract/input/document.ts";
import { isNear, isOption } from "../../../contract/issues/further.ts";
import type { Fix, Issue } from "../../../contract/issues/issue.ts";
import { isObject, itemAt, type Json, type JsonObject, valueAt } from "../../../kubernetes/json.ts";
import { pathSteps } from "../../../kubernetes/path.ts";
import { applyEdits, editsOf } from "./edits.ts";
import { type Edit, locate } from "./place.ts";

/** The documents that the user wrote for a plan. */
export interface WrittenDocuments {
  service: unknown;
  configs: readonly unknown[];
}

/** What happened at the place of an error: its fix was applied, or the value was removed. */
export interface Mend {
  paths: readonly string[];
  by: "fix" | "removal";
}

/** Documents without some of their errors, so that later stages can judge them. */
export interface Mended {
  documents: WrittenDocuments;
  mends: readonly Mend[];
}

/**
 * The documents with the fix of each error applied. A refused value without a fix is removed, so that the value of a
 * lower layer, or none, takes effect. A refused option is already left out. Undefined if an error belongs to no
 * document or nothing helps: then the plan without it is unknown.
 */
export function mendedDocuments(written: WrittenDocuments, errors: readonly Issue[]): Mended | undefined {
  let documents = written;
  const mends: Mend[] = [];
  for (const error of errors) {
    const isDone = isOption(error) || mends.some(({ paths }) => paths.some((path) => isNear(path, error.path)));
    const mended = withConfig(documents, error) ?? withEdits(documents, error);
    if (mended === undefined || (mended.documents === documents && !isDone)) return undefined;
    documents = mended.documents;
    mends.push(mended.mend);
  }
  return { documents, mends };
}

interface OneMended {
  documents: WrittenDocuments;
  mend: Mend;
}

/** A missing config counts as an empty one, so that the service's other configs keep their places. */
function withConfig({ service, configs }: WrittenDocuments, { code, path }: Issue): OneMended | undefined {
  const name = isObject(service) ? itemAt(service, locate(service, pathSteps(path)).at) : undefined;
  if (code !== "ConfigNotFound" || !path.startsWith("spec.baseRefs") || typeof name !== "string") return undefined;
  const namespace = valueAt(service, ["metadata", "namespace"]);
  const metadata = { name, ...(typeof namespace === "string" && { namespace }) };
  const config = { apiVersion: API_VERSION, kind: CONFIG, metadata, spec: {} };
  return { documents: { service, configs: [...configs, config] }, mend: { paths: [path], by: "removal" } };
}

function withEdits(documents: WrittenDocuments, error: Issue): OneMended | undefined {
  const document = documentOf(documents, error);
  const own = document && mendOf(document, error);
  if (document !== undefined && own !== undefined && own.edits.length > 0)
    return { documents: withDocument(documents, document, applyEdits(document, own.edits)), mend: own.mend };
  return withConfigs(documents, error) ?? (own && { documents, mend: own.mend });
}

/** The configs without the refused values of layers that the service does not write: presets, a platform, a config in a group. */
function withConfigs({ service, configs }: WrittenDocuments, error: Issue): OneMended | undefined {
  const path = error.path.replace(IN_GROUP, "spec.");
  const found = configs.map((config) => {
    if (!isObject(config)) return { config, mend: undefined };
    const { edits, mend } = mendOf(config, { ...error, path, layer: "config " });
    return edits.length === 0 ? { config, mend: undefined } : { config: applyEdits(config, edits), mend };
  });
  const mends = found.flatMap(({ mend }) => (mend === undefined ? [] : [mend]));
  const [first] = mends;
  if (first === undefined) return undefined;
  const paths = [error.path, ...new Set(mends.flatMap((mend) => mend.paths))];
  return { documents: { service, configs: found.map(({ config }) => config) }, mend: { paths, by: first.by } };
}

const IN_GROUP = /^spec\.groups\.[^.]+\./;

/** Layers whose values the service may have written; some stages do not know the layer. */
const OWN: readonly string[] = ["service", "merged"];
const CONFIG = "LLMInferenceServiceConfig";

/**
 * The document of an error: the config that its layer names; the values of any other layer can be changed in the
 * service.
 */
function documentOf({ service, configs }: WrittenDocuments, { layer }: Issue): JsonObject | undefined {
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

function mendOf(document: JsonObject, error: Issue): { edits: readonly Edit[]; mend: Mend } {
  const { path, layer, fixes = [] } = error;
  const made = fixes.flatMap((fix) => editsOf(document, fix));
  if (made.length > 0) return { edits: made, mend: { paths: [path, ...fixes.map(placeOf)], by: "fix" } };
  if (error.code === "MissingField" && MODEL.includes(path))
    return { edits: editsOf(document, STAND_IN), mend: { paths: [MODEL_PATH], by: "removal" } };
  const isOwn = OWN.includes(layer) || layer.startsWith("config ");
  const place = isOwn ? removable(path, document) : undefined;
  const edits = place === undefined ? [] : editsOf(document, { path: place });
  return { edits, mend: { paths: [path, place ?? path], by: "removal" } };
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
  while (kept.length > 0 && (isIndex(kept.at(-1) ?? "") || !isThere(kept, document))) kept.pop();
  const isOfRole = kept.length < (kept[1] === "prefill" ? 3 : 2);
  if (kept[0] !== "spec" || isOfRole) return undefined;
  return kept.map((step, i) => (i === 0 || step.startsWith("[") ? step : `.${step}`)).join("");
}

function isIndex(step: string): boolean {
  return /^\[\d+\]$/.test(step);
}

function isThere(steps: readonly string[], document: Json): boolean {
  return locate(document, steps).isThere;
}

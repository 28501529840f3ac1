import { convertV1alpha1 } from "../../api/convert.ts";
import { type DocumentKind, mergedSchema, specSchema } from "../../api/schemas.ts";
import type { LLMInferenceService, LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { type ApiDocument, identify, layerOf, unknownField } from "../../contract/document.ts";
import type { Finding, Issue } from "../../contract/issue.ts";
import type { AppliedConfig } from "../../contract/plan.ts";
import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  type PathStep,
  valueAt,
  withoutNulls,
} from "../../kubernetes/json.ts";
import type { ObjectMeta } from "../../kubernetes/objects.ts";
import { typedSpec } from "../../kubernetes/patch/typed.ts";
import type { StructuralSchema } from "../../kubernetes/schema/schema.ts";
import { pruned, withDefaults } from "../../kubernetes/schema/shape.ts";
import { judgeStructure } from "../../kubernetes/schema/structure.ts";
import type { Judgement, Rule, Subject } from "./rule.ts";
import { judgeMetadata } from "./rules/metadata.ts";
import { CONFIG_RULES, SERVICE_RULES } from "./rules/rules.ts";

export interface Verdict {
  accepted: boolean;
  /** Whether the document can be read at all, so that it can be merged even where a rule refuses it. */
  decoded: boolean;
  /** Whether the schema alone accepts it: what a CRD without webhooks would store. */
  fitsSchema: boolean;
  errors: Issue[];
  warnings: Issue[];
}

const SPEC: readonly PathStep[] = ["spec"];

/**
 * Judges a service as it is written: its schema, the rules between its fields and, with `old`, what an update may change.
 * With KServe's behaviour the verdict is that of its webhooks and CRD: the document is first decoded into Go types, then
 * defaulted, judged by the CRD and by the validators; every stage reports.
 */
export function validateService(document: unknown, behaviour: Behaviour, old?: unknown): Verdict {
  return verdictOf(judge(document, "LLMInferenceService", behaviour, old), layerOf(document, "LLMInferenceService"));
}

/** Judges a config as it is written; no webhook completes a config before its CRD judges it. */
export function validateConfig(document: unknown, behaviour: Behaviour): Verdict {
  const kind = "LLMInferenceServiceConfig";
  return verdictOf(judge(document, kind, behaviour), layerOf(document, kind));
}

/**
 * The configs that a service names, as they are written: what no cluster would store is nothing to build on. KServe's webhooks
 * have judged its configs before it reads them.
 */
export function validateConfigs(
  configs: readonly unknown[],
  applied: readonly AppliedConfig[],
  behaviour: Behaviour,
): Issue[] {
  if (behaviour.admission !== "asWritten") return [];
  const named = applied.filter(({ source }) => source === "UserRef");
  const labels = new Set(named.map(({ namespace, name }) => `config ${namespace}/${name}`));
  return configs
    .filter((config) => labels.has(layerOf(config, "LLMInferenceServiceConfig")))
    .map((config) => validateConfig(config, behaviour))
    .flatMap(({ errors, warnings }) => [...errors, ...warnings]);
}

/** The rules over a merged spec: KServe runs its webhook's validator once more there. */
export function validateMerged({
  service,
  spec,
  behaviour,
}: {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  behaviour: Behaviour;
}): Issue[] {
  const subject = { metadata: service.metadata, spec: withoutNulls(spec), version: "v1alpha2", behaviour } as const;
  const structure = behaviour.admission === "asWritten" ? judgeWhole(asJson(spec)) : [];
  const { errors } = judgeRules(SERVICE_RULES, { ...subject, partial: false });
  return verdictOf({ errors: unique([...structure, ...errors]) }, "merged").errors;
}

/** What a refused service lacks besides: a model that none of the configs could give it either. */
export function missingModel(document: unknown, configs: readonly unknown[]): Issue[] {
  const hasUri = (one: unknown): boolean => {
    const model = isObject(one) && isObject(one["spec"]) ? one["spec"]["model"] : undefined;
    return isObject(model) && (model["uri"] ?? "") !== "";
  };
  if ([document, ...configs].some(hasUri)) return [];
  const message = "nothing says which model is served";
  const fix = "set model.uri, or name a config in baseRefs that does";
  return verdictOf({ errors: [{ code: "MissingField", path: "spec.model", message, fix }] }, "service").errors;
}

type Judged = Judgement & { issues?: Issue[]; decoded?: boolean; fitsSchema?: boolean };

function judge(document: unknown, kind: DocumentKind, behaviour: Behaviour, old?: unknown): Judged {
  const identified = identify(document, kind);
  if ("issue" in identified) return { issues: [identified.issue], decoded: false, fitsSchema: false };
  const { object, version } = identified;
  const schema = specSchema(kind, { version, kserve: behaviour.crdMistakes });
  const { value, unknown } = pruned(object["spec"] ?? {}, schema);
  const issues = unknown.map((field) => unknownField(field, behaviour, layerOf(document, kind)));
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const read: Stage = { ...identified, metadata, spec: value as JsonObject, schema, behaviour };
  const judged = behaviour.admission === "goTypes" ? judgeAsKServe(read, old) : judgeAsWritten(read, old);
  const named = judgeMetadata(metadata);
  const fitsSchema = judged.fitsSchema !== false && named.length === 0;
  return { ...judged, fitsSchema, errors: unique([...named, ...(judged.errors ?? [])]), issues };
}

interface Stage extends ApiDocument {
  metadata: JsonObject;
  /** The document's spec, without unknown fields, in the version it is written in. */
  spec: JsonObject;
  schema: StructuralSchema;
  behaviour: Behaviour;
}

function judgeAsWritten(stage: Stage, old: unknown): Judged {
  const { spec, schema, behaviour } = stage;
  const structure = judgeSpec(spec, schema, behaviour);
  if (structure.some(({ code }) => code === "WrongType"))
    return { errors: structure, decoded: false, fitsSchema: false };
  const fitsSchema = structure.length === 0;
  const subject = subjectOf(stage, withoutNulls(spec), old);
  const { errors, warnings } = judgeRules([...CONFIG_OR_NONE[stage.kind], ...SERVICE_RULES], subject);
  return { errors: [...structure, ...errors.filter((finding) => !mayCome(finding))], warnings, fitsSchema };
}

/** What is missing in one layer may come from another; metadata and items of lists have but one. */
function mayCome({ code, path }: Finding): boolean {
  return code === "MissingField" && path.startsWith("spec.") && !path.includes("[");
}

/** A spec that no layer completes any more. */
function judgeWhole(spec: JsonObject): Finding[] {
  const options = { lenient: true, templates: false, partialPods: false, skipCovered: true };
  const schema = mergedSchema();
  return judgeStructure(withDefaults(withoutNulls(spec), schema), schema, SPEC, options);
}

function judgeSpec(spec: JsonObject, schema: StructuralSchema, { admission }: Behaviour): Finding[] {
  const own = admission === "asWritten";
  const options = { lenient: own, templates: own, partialPods: own, skipCovered: own };
  return judgeStructure(withDefaults(spec, schema), schema, SPEC, options);
}

/** A service is decoded by the mutating webhook first; what it leaves out is not judged, what it zeroes is. */
function judgeAsKServe(stage: Stage, old: unknown): Judged {
  const { spec, schema, behaviour, kind } = stage;
  const decoded = kind === "LLMInferenceService" ? judgeTypes(spec, schema) : [];
  if (decoded.length > 0) return { errors: decoded, decoded: false, fitsSchema: false };
  const stored = kind === "LLMInferenceService" ? throughGo(stage) : spec;
  const structure = judgeSpec(stored, schema, behaviour);
  const fitsSchema = structure.length === 0;
  if (kind !== "LLMInferenceService" && structure.some(({ code }) => code === "WrongType")) {
    return { errors: structure, decoded: false, fitsSchema };
  }
  const rules = kind === "LLMInferenceService" ? SERVICE_RULES : CONFIG_RULES;
  const { errors, warnings } = judgeRules(rules, subjectOf(stage, stored, old));
  return { errors: [...structure, ...errors], warnings, fitsSchema };
}

/** What Go's decoder refuses: values of another type, quantities and URIs that cannot be parsed. null is no value to it. */
function judgeTypes(spec: JsonObject, schema: StructuralSchema): Finding[] {
  const all = judgeStructure(spec, schema, SPEC, {
    lenient: true,
    templates: false,
    partialPods: false,
    skipCovered: true,
  });
  return all.filter(({ code, path }) => code === "WrongType" && path !== "spec.router.scheduler.config.inline");
}

/** The spec after Go's types, in the version it was written in: what only v1alpha1 has is not in those types. */
function throughGo({ spec, version }: Stage): JsonObject {
  const typed = typedSpec(spec);
  if (version === "v1alpha2") return typed;
  const older = [
    ["model", "criticality"],
    ["router", "scheduler", "pool", "spec"],
  ];
  return older.reduce((one, path) => withValue(one, path, valueAt(spec, path)), typed);
}

function withValue(object: JsonObject, [step = "", ...rest]: readonly string[], value: Json | undefined): JsonObject {
  if (value === undefined || value === "") return object;
  const child = object[step];
  return { ...object, [step]: rest.length === 0 ? value : withValue(isObject(child) ? child : {}, rest, value) };
}

const CONFIG_OR_NONE: Readonly<Record<DocumentKind, readonly Rule[]>> = {
  LLMInferenceService: [],
  LLMInferenceServiceConfig: CONFIG_RULES,
};

function subjectOf(stage: Stage, spec: JsonObject, old: unknown): Subject {
  const { metadata, version, behaviour, object } = stage;
  const current = currentSpec({ ...object, spec }, version);
  const before = isObject(old) ? oldSpec(old) : undefined;
  return {
    metadata: metadata as unknown as ObjectMeta,
    spec: current,
    ...(before && { old: before }),
    version,
    behaviour,
    partial: behaviour.admission === "asWritten",
  };
}

function oldSpec(old: JsonObject): LLMInferenceServiceConfigSpec {
  const version = String(old["apiVersion"]).endsWith("/v1alpha1") ? "v1alpha1" : "v1alpha2";
  return currentSpec(old, version);
}

function currentSpec(object: JsonObject, version: string): LLMInferenceServiceConfigSpec {
  const current = version === "v1alpha1" ? convertV1alpha1(object) : object;
  return withoutNulls((isObject(current["spec"]) ? current["spec"] : {}) as LLMInferenceServiceConfigSpec);
}

function judgeRules(rules: readonly Rule[], subject: Subject): Required<Judgement> {
  const judged = rules.map((rule) => rule.judge(subject)).map((one) => (Array.isArray(one) ? { errors: one } : one));
  return {
    errors: judged.flatMap(({ errors = [] }) => errors),
    warnings: judged.flatMap(({ warnings = [] }) => warnings),
  };
}

/** Of several findings of one code at one place the first: schema and rules often say the same. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, path, message }) => {
    const key = code === "Conflict" ? `${path} ${message}` : `${path} ${code}`;
    return !seen.has(key) && seen.add(key);
  });
}

function verdictOf(judged: Judged, layer: string): Verdict {
  const { errors = [], warnings = [], issues = [], decoded = true, fitsSchema = true } = judged;
  const all: Issue[] = [
    ...issues,
    ...errors.map((finding): Issue => ({ ...finding, severity: "error", layer })),
    ...warnings.map((finding): Issue => ({ ...finding, severity: "warning", layer })),
  ];
  const refused = all.filter(({ severity }) => severity === "error");
  return {
    accepted: refused.length === 0,
    decoded,
    fitsSchema,
    errors: refused,
    warnings: all.filter(({ severity }) => severity === "warning"),
  };
}

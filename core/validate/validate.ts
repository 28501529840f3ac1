import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import { isObject, type Json, type JsonObject, type PathStep } from "../json.ts";
import { typedSpec } from "../merge/typed.ts";
import type { ObjectMeta } from "../spec/kubernetes.ts";
import { convertV1alpha1 } from "../spec/convert.ts";
import { type ApiDocument, identify, layerOf, unknownField } from "../spec/read.ts";
import { type DocumentKind, specSchema } from "../spec/schemas.ts";
import type { LLMInferenceService, LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "../spec/service.ts";
import { pruned, withDefaults } from "../spec/shape.ts";
import type { StructuralSchema } from "../spec/structural.ts";
import type { Judgement, Rule, Subject } from "./rule.ts";
import { judgeMetadata } from "./rules/metadata.ts";
import { CONFIG_RULES, SERVICE_RULES } from "./rules/rules.ts";
import { type Finding, judgeStructure } from "./structure.ts";

export interface Verdict {
  accepted: boolean;
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
  const subject: Subject = { metadata: service.metadata, spec: withoutNulls(spec), version: "v1alpha2", behaviour };
  const structure =
    behaviour.admission === "asWritten"
      ? judgeSpec(spec as unknown as JsonObject, specSchema("LLMInferenceService", { kserve: false }), behaviour)
      : [];
  const { errors = [], warnings = [] } = judgeRules(SERVICE_RULES, subject);
  const all = verdictOf({ errors: unique([...structure, ...errors]), warnings }, "merged");
  return [...all.errors, ...all.warnings];
}

type Judged = Judgement & { issues?: Issue[] };

function judge(document: unknown, kind: DocumentKind, behaviour: Behaviour, old?: unknown): Judged {
  const identified = identify(document, kind);
  if ("issue" in identified) return { issues: [identified.issue] };
  const { object, version } = identified;
  const schema = specSchema(kind, { version, kserve: behaviour.crdMistakes });
  const { value, unknown } = pruned(object["spec"] ?? {}, schema);
  const issues = unknown.map((field) => unknownField(field, behaviour, layerOf(document, kind)));
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const read: Stage = { ...identified, metadata, spec: value as JsonObject, schema, behaviour };
  const judged = behaviour.admission === "goTypes" ? judgeAsKServe(read, old) : judgeAsWritten(read, old);
  return { ...judged, errors: unique([...judgeMetadata(metadata), ...(judged.errors ?? [])]), issues };
}

interface Stage extends ApiDocument {
  metadata: JsonObject;
  /** The document's spec, without unknown fields, in the version it is written in. */
  spec: JsonObject;
  schema: StructuralSchema;
  behaviour: Behaviour;
}

function judgeAsWritten(stage: Stage, old: unknown): Judgement {
  const { spec, schema, behaviour } = stage;
  const structure = judgeSpec(spec, schema, behaviour);
  if (structure.some(({ code }) => code === "WrongType")) return { errors: structure };
  const { errors = [], warnings = [] } = judgeRules(rulesOf(stage.kind), subjectOf(stage, withoutNulls(spec), old));
  return { errors: [...structure, ...errors], warnings };
}

function judgeSpec(spec: JsonObject, schema: StructuralSchema, { admission }: Behaviour): Finding[] {
  const own = admission === "asWritten";
  return judgeStructure(withDefaults(spec, schema), schema, SPEC, { nullable: own, templates: own });
}

/** A service is decoded by the mutating webhook first; what it leaves out is not judged, what it zeroes is. */
function judgeAsKServe(stage: Stage, old: unknown): Judgement {
  const { spec, schema, behaviour, kind } = stage;
  const decoded = kind === "LLMInferenceService" ? judgeTypes(spec, schema) : [];
  if (decoded.length > 0) return { errors: decoded };
  const stored = kind === "LLMInferenceService" ? throughGo(stage) : spec;
  const structure = judgeSpec(stored, schema, behaviour);
  if (structure.some(({ code }) => code === "WrongType")) return { errors: structure };
  const { errors = [], warnings = [] } = judgeRules(rulesOf(kind), subjectOf(stage, stored, old));
  return { errors: [...structure, ...errors], warnings };
}

/** What Go's decoder refuses: values of another type, quantities and URIs that cannot be parsed. null is no value to it. */
function judgeTypes(spec: JsonObject, schema: StructuralSchema): Finding[] {
  const all = judgeStructure(spec, schema, SPEC, { nullable: true, templates: false });
  return all.filter(({ code, path }) => code === "WrongType" && path !== "spec.router.scheduler.config.inline");
}

/** The spec after Go's types, still in the version it was written in: the pool of v1alpha1 has no such types here. */
function throughGo({ spec, version }: Stage): JsonObject {
  const typed = typedSpec(spec);
  if (version === "v1alpha2") return typed;
  return withPool(typed, poolOf(spec));
}

function poolOf(spec: JsonObject): Json | undefined {
  const steps = ["router", "scheduler", "pool", "spec"];
  return steps.reduce<Json | undefined>((value, step) => (isObject(value) ? value[step] : undefined), spec);
}

function withPool(spec: JsonObject, pool: Json | undefined): JsonObject {
  const { router } = spec;
  if (pool === undefined || !isObject(router) || !isObject(router["scheduler"])) return spec;
  const { scheduler } = router;
  const before = isObject(scheduler["pool"]) ? scheduler["pool"] : {};
  return { ...spec, router: { ...router, scheduler: { ...scheduler, pool: { ...before, spec: pool } } } };
}

function rulesOf(kind: DocumentKind): readonly Rule[] {
  return kind === "LLMInferenceService" ? SERVICE_RULES : CONFIG_RULES;
}

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

/** Without nulls, which unset a field: the rules read what is set. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => withoutNulls<unknown>(item)) as T;
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(set.map(([key, item]) => [key, withoutNulls(item)])) as T;
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

function verdictOf({ errors = [], warnings = [], issues = [] }: Judged, layer: string): Verdict {
  const all: Issue[] = [
    ...issues,
    ...errors.map((finding): Issue => ({ ...finding, severity: "error", layer })),
    ...warnings.map((finding): Issue => ({ ...finding, severity: "warning", layer })),
  ];
  const refused = all.filter(({ severity }) => severity === "error");
  return {
    accepted: refused.length === 0,
    errors: refused,
    warnings: all.filter(({ severity }) => severity === "warning"),
  };
}

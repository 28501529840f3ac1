import { convertV1alpha1 } from "../../api/convert.ts";
import { type DocumentKind, mergedSchema, specSchema } from "../../api/schemas.ts";
import {
  API_VERSION,
  type LLMInferenceService,
  type LLMInferenceServiceConfigSpec,
  type LLMInferenceServiceSpec,
} from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { type DocumentContent, type OpenedDocument, openConfig, openDocument } from "../../contract/input/document.ts";
import type { Finding, Issue } from "../../contract/issues/issue.ts";
import { fromGoYaml } from "../../kubernetes/go/readgoyaml.ts";
import {
  asJson,
  asText,
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
import { withDefaults } from "../../kubernetes/schema/shape.ts";
import { judgeStructure } from "../../kubernetes/schema/structure.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Judgement, Rule, Subject } from "./rule.ts";
import { judgeMetadata } from "./rules/metadata.ts";
import { NO_MODEL } from "./rules/model.ts";
import { CONFIG_RULES, SERVICE_RULES } from "./rules/rules.ts";

export interface Verdict {
  accepted: boolean;
  /** Whether the document can be read, so that it can be merged even if a rule refuses it. */
  decoded: boolean;
  /** Whether the schema alone accepts it: what a CRD without webhooks would store. */
  fitsSchema: boolean;
  errors: Issue[];
  warnings: Issue[];
}

const SPEC: readonly PathStep[] = ["spec"];

/**
 * Judges a service as it is written: its schema, the rules between its fields and, with `old`, the changes of an
 * update. With KServe's behaviour the verdict is that of its webhooks and CRD: the document is first decoded into Go
 * types, then defaulted, then judged by the CRD and by the validators; every stage reports.
 */
export function validateService(document: unknown, behaviour: Behaviour, old?: unknown): Verdict {
  return admitService(openDocument(document, "LLMInferenceService", behaviour), behaviour, old);
}

/** The verdict of {@link validateService} on an opened service. */
export function admitService(opened: OpenedDocument, behaviour: Behaviour, old?: unknown): Verdict {
  return verdictOf(judge(opened, behaviour, old), opened.layer);
}

/** Judges a config as it is written. No webhook completes a config before its CRD judges it. */
export function validateConfig(document: unknown, behaviour: Behaviour): Verdict {
  const opened = openConfig(document, behaviour);
  return verdictOf(judge(opened, behaviour), opened.layer);
}

/**
 * Judges a merged spec: by the schema and the rules, or as KServe's release does. `sound` says whether the spec has
 * the form of its type, so that later stages may read it.
 */
export function validateMerged({
  service,
  spec,
  behaviour,
}: {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  behaviour: Behaviour;
}): { issues: Issue[]; sound: boolean } {
  if (behaviour.mergedSpec === "none") return { issues: [], sound: true };
  if (behaviour.mergedSpec === "dryRun") return { issues: dryRun(service, spec, behaviour), sound: true };
  const written = withoutNulls(spec);
  const subject = { metadata: service.metadata, spec: written, version: "v1alpha2", behaviour } as const;
  const structure = behaviour.mergedSpec === "whole" ? judgeWhole(asJson(written)) : [];
  const has = (...codes: Finding["code"][]): boolean => structure.some(({ code }) => codes.includes(code));
  const { errors } = has("WrongType") ? { errors: [] } : judgeRules(SERVICE_RULES, { ...subject, partial: false });
  const issues = verdictOf({ errors: unique([...structure.map(inWordsOf(errors)), ...errors]) }, "merged").errors;
  return { issues, sound: !has("WrongType", "MissingField") };
}

/**
 * The verdict on the merged spec as a separate service, which is submitted without the metadata of the real one. By
 * then the scheduler's configuration from a ConfigMap is part of the document. Source: reconcileBaseRefs in
 * config_merge.go, KServe v0.21.
 */
function dryRun({ metadata }: LLMInferenceService, spec: LLMInferenceServiceSpec, behaviour: Behaviour): Issue[] {
  const { name, namespace } = metadata;
  const document = { apiVersion: API_VERSION, kind: "LLMInferenceService", metadata: { name, namespace } };
  const { errors } = validateService({ ...document, spec: withParsedConfig(spec) }, behaviour);
  return errors.map((issue) => ({ ...issue, layer: "merged" }));
}

function withParsedConfig(spec: LLMInferenceServiceSpec): LLMInferenceServiceSpec {
  const { router } = spec;
  const { scheduler } = router ?? {};
  const inline = scheduler?.config?.inline;
  const parsed = typeof inline === "string" ? fromGoYaml(inline) : undefined;
  if (!scheduler?.config || parsed === undefined) return spec;
  return {
    ...spec,
    router: { ...router, scheduler: { ...scheduler, config: { ...scheduler.config, inline: parsed } } },
  };
}

/**
 * Problems that a refused service has in addition: for example, a model that none of its configs provides either. A
 * model does not count as missing if an error explains why it is absent.
 */
export function missingModel(document: unknown, configs: readonly unknown[], errors: readonly Issue[]): Issue[] {
  const hasUri = (one: unknown): boolean => {
    const model = isObject(one) && isObject(one["spec"]) ? one["spec"]["model"] : undefined;
    return isObject(model) && (model["uri"] ?? "") !== "";
  };
  if ([document, ...configs].some(hasUri) || errors.some(explainsMissingModel)) return [];
  return verdictOf({ errors: [NO_MODEL] }, "service").errors;
}

function explainsMissingModel({ code, severity, path, fixes = [] }: Issue): boolean {
  if (severity !== "error") return false;
  return code === "UnreadableInput" || MODEL.includes(path) || fixes.some((fix) => MODEL.includes(fix.path));
}
const MODEL: readonly string[] = ["spec.model", "spec.model.uri"];

type Judged = Judgement & { issues?: readonly Issue[]; decoded?: boolean; fitsSchema?: boolean };

function judge({ content, issues }: OpenedDocument, behaviour: Behaviour, old?: unknown): Judged {
  if (content === undefined) return { issues, decoded: false, fitsSchema: false };
  const read: Stage = { ...content, behaviour };
  const judged = behaviour.admission === "goTypes" ? judgeAsKServe(read, old) : judgeAsWritten(read, old);
  const { metadata } = content.object;
  const named = judgeMetadata(isObject(metadata) ? metadata : {}, content.kind);
  const fitsSchema = judged.fitsSchema !== false && named.length === 0;
  return { ...judged, fitsSchema, errors: unique([...named, ...(judged.errors ?? [])]), issues };
}

interface Stage extends DocumentContent {
  behaviour: Behaviour;
}

function judgeAsWritten(stage: Stage, old: unknown): Judged {
  const { spec, schema, behaviour } = stage;
  const structure = judgeSpec(spec, schema, behaviour);
  if (structure.some(({ code }) => code === "WrongType"))
    return { errors: structure, decoded: false, fitsSchema: false };
  const fitsSchema = structure.length === 0;
  const subject = subjectOf(stage, specOf(stage.current), old);
  const { errors, warnings } = judgeRules([...CONFIG_OR_NONE[stage.kind], ...SERVICE_RULES], subject);
  return { errors: [...structure, ...errors.filter((finding) => !mayCome(finding))], warnings, fitsSchema };
}

/** A value that is missing in one layer may come from another; metadata and items of lists have only one layer. */
function mayCome({ code, path }: Finding): boolean {
  return code === "MissingField" && path.startsWith("spec.") && !path.includes("[");
}

/** A spec without nulls. No layer completes it after this. */
function judgeWhole(spec: JsonObject): Finding[] {
  const options = { lenient: true, templates: false, partialPods: false, wholeItems: true, skipCovered: true };
  const schema = mergedSchema();
  // Places of the merged spec are not places of a document, so its issues carry no changes of a document.
  return judgeStructure(withDefaults(spec, schema), schema, SPEC, options).map(({ fixes: _ofMerged, ...one }) => one);
}

function judgeSpec(spec: JsonObject, schema: StructuralSchema, { admission }: Behaviour): Finding[] {
  const own = admission === "asWritten";
  const options = { lenient: own, templates: own, partialPods: own, wholeItems: own, skipCovered: own };
  return judgeStructure(withDefaults(spec, schema), schema, SPEC, options).map(withGateway);
}

/** Presets give a route without parentRefs the Gateway of the settings. */
function withGateway(finding: Finding): Finding {
  if (finding.code !== "MissingField" || !PARENT.test(finding.path)) return finding;
  const fix =
    "set name to the name of a Gateway, or remove parentRefs: the route then has the Gateway of the settings (ingressGatewayName)";
  return { ...finding, fix };
}
const PARENT = /\.route\.http\.spec\.parentRefs\[\d+\]\.name$/;

/**
 * The mutating webhook decodes a service first: fields that it drops are not judged, and fields that it resets are
 * judged as reset.
 */
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
  const isService = kind === "LLMInferenceService";
  const unread = isService ? [] : judgeTypes(spec, typesOf(stage));
  if (unread.length > 0) return { errors: [...structure, ...unread], decoded: false, fitsSchema };
  const { errors, warnings } = judgeRules(
    isService ? SERVICE_RULES : CONFIG_RULES,
    subjectOf(stage, currentSpec({ ...stage.object, spec: stored }, stage.version), old),
  );
  return { errors: [...structure, ...errors], warnings, fitsSchema };
}

/** The types of a config's fields: its CRD may accept more than Go's decoder does. */
function typesOf({ version, behaviour }: Stage): StructuralSchema {
  return specSchema("LLMInferenceService", { version, dialect: behaviour.dialect });
}

/**
 * What Go's decoder refuses: values of another type, and quantities and URIs that cannot be parsed. A null is accepted.
 */
function judgeTypes(spec: JsonObject, schema: StructuralSchema): Finding[] {
  const all = judgeStructure(spec, schema, SPEC, {
    lenient: true,
    templates: false,
    partialPods: false,
    wholeItems: false,
    skipCovered: true,
    typesOnly: true,
  });
  return all.filter(({ path }) => path !== "spec.router.scheduler.config.inline");
}

/**
 * The spec after a round trip through Go's types, in the version it was written in; those types lack the fields that
 * only v1alpha1 has.
 */
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
  const child = entryOf(object, step);
  return { ...object, [step]: rest.length === 0 ? value : withValue(isObject(child) ? child : {}, rest, value) };
}

const CONFIG_OR_NONE: Readonly<Record<DocumentKind, readonly Rule[]>> = {
  LLMInferenceService: [],
  LLMInferenceServiceConfig: CONFIG_RULES,
};

function subjectOf(stage: Stage, spec: LLMInferenceServiceConfigSpec, old: unknown): Subject {
  const { metadata, version, behaviour } = stage;
  const before = isObject(old) ? oldSpec(old) : undefined;
  return {
    metadata: metadata as ObjectMeta,
    spec,
    ...(before && { old: before }),
    version,
    behaviour,
    partial: behaviour.admission === "asWritten",
  };
}

function oldSpec(old: JsonObject): LLMInferenceServiceConfigSpec {
  const version = asText(old["apiVersion"]).endsWith("/v1alpha1") ? "v1alpha1" : "v1alpha2";
  return currentSpec(old, version);
}

function currentSpec(object: JsonObject, version: string): LLMInferenceServiceConfigSpec {
  return specOf(version === "v1alpha1" ? convertV1alpha1(object) : object);
}

function specOf({ spec }: JsonObject): LLMInferenceServiceConfigSpec {
  return withoutNulls((isObject(spec) ? spec : {}) as LLMInferenceServiceConfigSpec);
}

function judgeRules(rules: readonly Rule[], subject: Subject): Required<Judgement> {
  const found: Required<Judgement> = { errors: [], warnings: [] };
  for (const { judge } of rules) {
    const one = judge(subject);
    const { errors = [], warnings = [] } = Array.isArray(one) ? { errors: one } : one;
    if (errors.length > 0) found.errors.push(...errors);
    if (warnings.length > 0) found.warnings.push(...warnings);
  }
  return found;
}

/** A finding of the schema about a missing field, in the words of a rule with the same finding, which explain more. */
function inWordsOf(rules: readonly Finding[]): (finding: Finding) => Finding {
  return (finding) =>
    rules.find(({ code, path }) => code === "MissingField" && code === finding.code && path === finding.path) ??
    finding;
}

/** Of several findings with one code at one place, the first: schema and rules often report the same. */
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
    ...errors.map((finding) => issueOf(finding, "error", layer)),
    ...warnings.map((finding) => issueOf(finding, "warning", layer)),
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

/** A value that a config writes cannot be changed in the service. */
function issueOf({ fixes, ...finding }: Finding, severity: "error" | "warning", layer: string): Issue {
  return { ...finding, severity, layer, ...(fixes && !layer.startsWith("config ") && { fixes }) };
}

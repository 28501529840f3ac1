import { isPlacelessPreset, withPresetNamespace } from "../../core/contract/input/document.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import { KINDS } from "../../core/contract/kinds.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import { presets, stackOf } from "../../core/knowledge/stacks/stacks.ts";
import { asJson, asText, isObject, type Json, type JsonObject } from "../../core/kubernetes/json.ts";
import { isSlip } from "../../core/kubernetes/nearest.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import type { Terminal } from "../text/terminal.ts";
import { readDocuments, type SourceDocument, UnreadableInput } from "./input.ts";
import { type ModelInfoOf, readModelInfo } from "./modelinfo.ts";
import { type PlanningOptions, simpleOptions } from "./options.ts";
import { readPlatform } from "./platform.ts";
import { eachOnce, placeOf } from "./repeated.ts";
import { readSettings } from "./settings.ts";

export interface RequestOptions extends PlanningOptions {
  file: string[];
  /** Whether services of one name in several files are judged separately instead of being refused. */
  eachByItself?: boolean;
}

/** The content of all documents of one call: services to plan, and what they are planned with. */
export interface Request {
  services: SourceDocument[];
  /** Documents of -f that are configs: commands that judge also judge these. */
  ownConfigs: SourceDocument[];
  /** What all of the services are planned with. */
  common: Omit<PlanInput, "service" | "old" | "modelInfo"> & { known: readonly KubernetesObject[] };
  modelInfoOf: ModelInfoOf;
  issues: Issue[];
}

/** Everything that one of the services is planned from. */
export function inputFor({ common, modelInfoOf }: Request, { document }: SourceDocument): PlanInput {
  const modelInfo = modelInfoOf(document);
  return { ...common, service: document, ...(modelInfo && { modelInfo }) };
}

/**
 * Sorts the documents by kind: LLMInferenceServices are planned, LLMInferenceServiceConfigs join the presets, the ConfigMap
 * `inferenceservice-config` is the settings, and any other object counts as one that exists in the cluster.
 */
export function readRequest(
  options: RequestOptions,
  terminal: Terminal,
  documents = readDocuments(options.file, terminal),
): Request {
  const named = documents.map((source) => withNamespace(source, options.namespace));
  const own = options.eachByItself ? named : eachOnce(named, terminal);
  const given = eachOnce(readDocuments(options.configs ?? [], terminal), terminal).map((source) => source.document);
  const isKind = (kind: string) => (source: SourceDocument) => source.document.kind === kind;
  const services = own.filter(isKind("LLMInferenceService"));
  const ownConfigs = own.filter(isKind("LLMInferenceServiceConfig"));
  const platform = readPlatform(options, terminal);
  const settings = readSettings(
    options,
    terminal,
    [...given, ...own.map((source) => source.document)],
    platform.settings,
  );
  const { systemNamespace } = settings.settings;
  const givenConfigs = given.filter((document) => document.kind === "LLMInferenceServiceConfig");
  if (options.compat !== undefined && givenConfigs.length === 0) {
    throw new UnreadableInput(
      `--compat ${options.compat} requires KServe's presets, which this package does not include: pass the folder that contains them with --configs`,
    );
  }
  const ours = platform.configs ?? presets({ namespace: systemNamespace, stack: stackOf(options.stack) });
  const shipped = options.compat === undefined ? ours : [];
  const others = own.filter((source) => !services.includes(source) && !ownConfigs.includes(source));
  const written = [...givenConfigs, ...ownConfigs.map((source) => source.document)].map(
    (document) => withPresetNamespace(document, systemNamespace) as JsonObject,
  );
  const common = {
    configs: [...withoutReplaced(shipped.map(asJson), written), ...written],
    settings: settings.settings,
    lowering: platform.lowering,
    origins: platform.origins,
    known: others.flatMap((source) => kubernetesObjects(source, terminal)),
    checks: { ...platform.checks, ...options.check },
    ...simpleOptions(options),
    stack: platform.stack,
  };
  const modelInfoOf = readModelInfo(options.modelInfo ?? [], services, terminal);
  return { services, ownConfigs, common, modelInfoOf, issues: [...platform.issues, ...settings.issues] };
}

/** A config with a preset's name and namespace replaces the preset. */
function withoutReplaced(shipped: readonly JsonObject[], written: readonly JsonObject[]): JsonObject[] {
  const keyOf = ({ metadata }: JsonObject): string =>
    isObject(metadata) ? `${asText(metadata.namespace)}/${asText(metadata.name)}` : "";
  const replaced = new Set(written.map(keyOf));
  return shipped.filter((preset) => !replaced.has(keyOf(preset)));
}

/** Kinds whose objects have no namespace: those in plans, and those that plans read or refer to. */
const CLUSTER_WIDE = new Set([
  ...Object.values(KINDS).flatMap(({ kind, isClusterWide }) => (isClusterWide ? [kind] : [])),
  ...["ClusterRole", "StorageClass", "PriorityClass", "RuntimeClass", "GatewayClass", "DeviceClass", "Node"],
]);

/** The document with a namespace, if it has none and its kind requires one. */
export function withNamespace(source: SourceDocument, namespace: string): SourceDocument {
  const { document } = source;
  const metadata = isObject(document.metadata) ? document.metadata : {};
  if (isPlacelessPreset(document)) return source;
  if (namespaceOf(document) !== undefined || CLUSTER_WIDE.has(asText(document.kind))) return source;
  return { ...source, document: { ...document, metadata: { ...metadata, namespace } } };
}

/** The kinds that are planned. */
const PLANNED = ["LLMInferenceService", "LLMInferenceServiceConfig"];

/** A document as an object of the cluster; one without apiVersion, kind and name is left out, with a note. */
export function kubernetesObjects(source: SourceDocument, terminal: Terminal): KubernetesObject[] {
  const { document } = source;
  if (isKubernetesObject(document)) {
    const meant = PLANNED.find((kind) => document.kind !== kind && isSlip(document.kind, kind));
    if (meant !== undefined)
      terminal.tell([
        `${placeOf(source)}: warning: objects of kind ${document.kind} are not planned: did you mean ${meant}?`,
      ]);
    return [document];
  }
  const needed = "it is not a Kubernetes object, which has apiVersion, kind and metadata.name";
  terminal.tell([`${placeOf(source)}: warning: the document is ignored: ${needed}`]);
  return [];
}

export function namespaceOf({ metadata }: JsonObject): Json | undefined {
  return isObject(metadata) ? metadata.namespace : undefined;
}

function isKubernetesObject(document: JsonObject): document is JsonObject & KubernetesObject {
  return (
    typeof document.apiVersion === "string" &&
    typeof document.kind === "string" &&
    isObject(document.metadata) &&
    typeof document.metadata.name === "string"
  );
}

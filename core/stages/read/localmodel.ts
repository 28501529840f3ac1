import type { LLMInferenceService } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { cachesModel, LABEL, LOCAL_MODEL } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import type { KnownObjects } from "../../kubernetes/known.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";

/** What decides whether a cache of KServe's LocalModel holds the model of a service. */
export interface CacheView {
  settings: Pick<Settings, "localModel">;
  known: KnownObjects;
  behaviour: Pick<Behaviour, "localModelMarks">;
}

interface Marked {
  service: LLMInferenceService;
  issues: Issue[];
}

type Map = Record<string, string>;
type Marks = Record<"labels" | "annotations", Map>;

const API_VERSION = "serving.kserve.io/v1alpha1";
const LABELS = [LABEL.localModel, LOCAL_MODEL.namespace] as const;
const ANNOTATIONS = [LOCAL_MODEL.source, LOCAL_MODEL.claim] as const;

/**
 * A service with the marks of the cache that holds its model, or without marks if no cache does: what KServe's
 * mutating webhook writes, from the service's own URI. By default written marks stay unless they contradict the model,
 * because the plan may know less than the cluster. Source: applyDefaults, SetLocalModelLabel and
 * DeleteLocalModelMetadata in pkg/webhook/admission/llminferenceservice/defaulter.go, KServe v0.20.0 and v0.21.
 */
export function withCacheMarks(service: LLMInferenceService, view: CacheView): Marked {
  const { annotations = {} } = service.metadata;
  const isOn = view.settings.localModel?.enabled === true && !(LOCAL_MODEL.disable in annotations);
  const uri = service.spec.model?.uri ?? "";
  if (isOn && uri === "") return { service, issues: [] };
  const marks = isOn ? marksFor(service, uri, view.known) : undefined;
  if (marks !== undefined) return { service: withMarks(service, marks), issues: [] };
  if (view.behaviour.localModelMarks === "webhook") return { service: withMarks(service), issues: [] };
  const source = entryOf(annotations, LOCAL_MODEL.source);
  if (!isMarked(service) || source === undefined || uri === "" || cachesModel(source, uri))
    return { service, issues: [] };
  return { service: withMarks(service), issues: [ofAnotherModel(source, uri)] };
}

function isMarked({ metadata }: LLMInferenceService): boolean {
  return LABEL.localModel in (metadata.labels ?? {});
}

/**
 * The marks of the first cache that holds the model for the service's group of nodes: caches of its namespace come
 * first.
 */
function marksFor({ metadata }: LLMInferenceService, uri: string, known: KnownObjects): Marks | undefined {
  const group = entryOf(metadata.annotations, LOCAL_MODEL.nodeGroup);
  const inNamespace = cachesOf(known.list(API_VERSION, "LocalModelNamespaceCache", metadata.namespace));
  const inCluster = cachesOf(known.list(API_VERSION, "LocalModelCache"));
  const cache = [...inNamespace, ...inCluster].find(
    ({ source, groups }) => cachesModel(source, uri) && (group === undefined || groups.includes(group)),
  );
  if (cache === undefined) return undefined;
  return {
    labels: {
      [LABEL.localModel]: cache.name,
      ...(cache.namespace !== undefined && { [LOCAL_MODEL.namespace]: cache.namespace }),
    },
    annotations: {
      [LOCAL_MODEL.source]: cache.source,
      [LOCAL_MODEL.claim]: `${cache.name}-${group ?? cache.groups[0] ?? ""}`,
    },
  };
}

interface Cache {
  name: string;
  namespace?: string;
  source: string;
  groups: readonly string[];
}

/** The caches by name, as the API server lists them. */
function cachesOf(objects: readonly KubernetesObject[]): Cache[] {
  return objects
    .map(({ kind, metadata, spec }): Cache => {
      const { sourceModelUri = "", nodeGroups = [] } = (spec ?? {}) as {
        sourceModelUri?: string;
        nodeGroups?: string[];
      };
      const { name, namespace } = metadata;
      const isOfNamespace = kind === "LocalModelNamespaceCache" && namespace !== undefined;
      return { name, ...(isOfNamespace && { namespace }), source: sourceModelUri, groups: nodeGroups };
    })
    .filter(({ source }) => source !== "")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The service with other marks; without any if none are given. */
function withMarks(service: LLMInferenceService, marks?: Marks): LLMInferenceService {
  const { labels, annotations } = service.metadata;
  return {
    ...service,
    metadata: {
      ...service.metadata,
      ...((labels || marks) && { labels: { ...without(labels, LABELS), ...marks?.labels } }),
      ...((annotations || marks) && { annotations: { ...without(annotations, ANNOTATIONS), ...marks?.annotations } }),
    },
  };
}

function without(map: Map = {}, keys: readonly string[]): Map {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

function ofAnotherModel(source: string, uri: string): Issue {
  return {
    code: "UnusedField",
    severity: "warning",
    path: `metadata.annotations[${LOCAL_MODEL.source}]`,
    layer: "service",
    message: `the cache stores ${source}, which does not contain the model ${uri}, so the label and the annotations of the cache have no effect`,
    fix: `remove the label ${LABEL.localModel} and the annotations of the cache`,
  };
}

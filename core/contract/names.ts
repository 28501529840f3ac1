import { createHash } from "node:crypto";
import { PICKER_PORT } from "../api/convert.ts";
import { DNS_LABEL } from "../kubernetes/dns.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { withoutEnd } from "../kubernetes/text.ts";

/**
 * Names and labels of everything the plan makes; no other file contains them. Source: KServe v0.20.0,
 * pkg/controller/v1alpha2/llmisvc; ChildName is Knative's kmeta.ChildName.
 */

const LONGEST = 63;
const MD5_HEX = 32;

/**
 * `parent + suffix`, made to fit into 63 characters as Knative's kmeta.ChildName does: a long parent is cut and followed
 * by its MD5; a suffix that leaves no room for that is cut itself, behind the MD5 of both.
 */
export function childName(parent: string, suffix: string): string {
  if (parent.length + suffix.length <= LONGEST) return parent + suffix;
  const room = LONGEST - MD5_HEX;
  if (suffix.length < room) return parent.slice(0, room - suffix.length) + md5(parent) + suffix;
  const cut = parent.slice(0, room) + md5(parent + suffix);
  return withoutEnd((cut + suffix).slice(0, LONGEST), (character) => !/[a-z0-9]/.test(character));
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Which part of a model service a workload is. Decode has the same names as a service that is not disaggregated. */
export type WorkloadRole = "main" | "prefill";

/** The suffixes that KServe gives to the children of an LLMInferenceService. */
const SUFFIX = {
  workloadService: "-kserve-workload-svc",
  certificate: "-kserve-self-signed-certs",
  managedDra: "-managed-dra",
  route: "-kserve-route",
  scheduler: "-kserve-router-scheduler",
  tokenizer: "-tokenizer",
  eppService: "-epp-service",
  eppServiceAccount: "-epp-sa",
  eppRole: "-epp-role",
  eppRoleBinding: "-epp-rb",
  inferencePool: "-inference-pool",
  schedulerMonitor: "-kserve-scheduler-monitor",
  networkPolicy: "-kserve-network-policy",
  disaggregatedSet: "-kserve",
  modelCache: "-kserve-model",
  compileCache: "-kserve-compile-cache",
} as const;
export type Child = keyof typeof SUFFIX;

/** Children that each workload has: what comes before and after the workload's own part of the name. */
const WORKLOAD_SUFFIX = {
  deployment: ["-kserve", ""],
  leaderWorkerSet: ["-kserve-mn", ""],
  variantAutoscaling: ["-kserve", "-va"],
  hpa: ["-kserve", "-hpa"],
  keda: ["-kserve", "-keda"],
  podMonitor: ["-kserve", "-monitor"],
  podDisruptionBudget: ["-kserve", "-pdb"],
  sidecarRole: ["-kserve", "-role"],
  sidecarRoleBinding: ["-kserve", "-rb"],
  multiNodeRole: ["-kserve-mn", "-role"],
  multiNodeRoleBinding: ["-kserve-mn", "-rb"],
} as const;
export type WorkloadChild = keyof typeof WORKLOAD_SUFFIX;

/**
 * Identifies a workload of a service: by its role and, in a service with replica groups, by the group whose pods have
 * the main role.
 */
export interface WorkloadPart {
  role: WorkloadRole;
  group?: string;
}

/** The suffix of the service's name in the name of a child, for templates that KServe expands. */
export function suffixOf(child: Child): string {
  return SUFFIX[child];
}

export function workloadSuffixOf(child: WorkloadChild, { role, group }: WorkloadPart): string {
  const [start, end] = WORKLOAD_SUFFIX[child];
  const part = role === "prefill" ? role : group;
  return part === undefined ? start + end : `${start}-${part}${end}`;
}

/** Name of a child that a service has once. */
export function nameOf(service: string, child: Child): string {
  return childName(service, SUFFIX[child]);
}

/**
 * Name of a child whose content never changes: new content makes a new object, which is created before the old one is
 * deleted. Only `contents` distinguishes them.
 */
export function nameByContents(service: string, child: Child, contents: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, HASH);
  return childName(service, `${SUFFIX[child]}-${hash}`);
}
const HASH = 8;
/**
 * The annotation of such a child with its contents: for readers, and because a name must not depend on unknown values.
 */
export const CONTENTS = "kserve-llm/contents";

/** Name of a child that each workload has; the ServiceAccounts share the names of Deployment and LeaderWorkerSet. */
export function workloadNameOf(service: string, child: WorkloadChild, part: WorkloadPart): string {
  return childName(service, workloadSuffixOf(child, part));
}

/**
 * Name of the volume of a LoRA adapter that lies on a claim. A volume's name allows fewer characters than an adapter's:
 * other characters become dashes, and the MD5 of the adapter's name keeps two names apart.
 */
export function adapterVolumeName(adapter: string): string {
  const name = childName(ADAPTER_VOLUME, adapter);
  if (isVolumeName(name)) return name;
  const fitting = adapter.toLowerCase().replace(/[^a-z0-9-]/g, "-");
  return childName(ADAPTER_VOLUME, `${fitting}-${md5(adapter).slice(0, 8)}`);
}

const ADAPTER_VOLUME = "lora-pvc-";

/** Whether the API server would accept KServe's own volume name of an adapter, which KServe does not adapt. */
export function isAdapterVolumeName(adapter: string): boolean {
  return isVolumeName(childName(ADAPTER_VOLUME, adapter));
}

function isVolumeName(name: string): boolean {
  return DNS_LABEL.test(name);
}

/** ClusterRoleBindings have no namespace, so theirs is part of the name. */
export function eppAuthBindingName(namespace: string, service: string): string {
  return childName(namespace, `-${service}-epp-auth-rb`);
}

/** Values of `app.kubernetes.io/component`. */
export const COMPONENT = {
  router: "llminferenceservice-router",
  scheduler: "llminferenceservice-router-scheduler",
  tokenizer: "tokenizer",
  workload: "llminferenceservice-workload",
  workloadPrefill: "llminferenceservice-workload-prefill",
  leader: "llminferenceservice-workload-leader",
  leaderPrefill: "llminferenceservice-workload-leader-prefill",
  worker: "llminferenceservice-workload-worker",
  workerPrefill: "llminferenceservice-workload-worker-prefill",
  modelCache: "llminferenceservice-model-cache",
} as const;
export type Component = (typeof COMPONENT)[keyof typeof COMPONENT];

export const LABEL = {
  name: "app.kubernetes.io/name",
  partOf: "app.kubernetes.io/part-of",
  component: "app.kubernetes.io/component",
  /** `workload` on every pod that serves or prefills: what Service and InferencePool select. */
  kserveComponent: "kserve.io/component",
  /** `both`, `decode` or `prefill`: what the scheduler's role filters read. */
  role: "llm-d.ai/role",
  /** The engine of a pod: it decides which metrics the scheduler reads. Without the label it is vLLM. */
  engineType: "llm-d.ai/engine-type",
  routingGroup: "serving.kserve.io/routing-group",
  /** On what KServe's cache of models on nodes serves. */
  localModel: "internal.serving.kserve.io/localmodel",
  /** The replica group of a pod, and of objects that are made for the group alone. */
  group: "kserve-llm/group",
  /** The accelerator of a workload: the variant autoscaler compares the costs of a model's variants. */
  accelerator: "inference.optimization/acceleratorName",
  /** The revision that prefill and decode pods share. */
  revision: "kserve-llm/revision",
  kueuePriority: "kueue.x-k8s.io/priority-class",
  /** The hash of a group's templates, which the LeaderWorkerSet controller puts on its pods. */
  groupRevision: "leaderworkerset.sigs.k8s.io/template-revision-hash",
} as const;
/** The label of the queue, by which Kueue recognises the workloads that it admits. */
export const KUEUE_QUEUE = "kueue.x-k8s.io/queue-name";

export const ANNOTATION = {
  /** On the service: `true` stops it. */
  stop: "serving.kserve.io/stop",
  /** On the service: whether requests are routed by the name of their model. */
  modelRouting: "serving.kserve.io/model-based-routing-enabled",
  /** On the route: its backends have moved to the v1 InferencePool. */
  poolMigrated: "serving.kserve.io/inference-pool-migrated",
  /** On the service: KServe's settings for S3; followed by the setting's name. */
  s3Prefix: "serving.kserve.io/s3-",
  /** On the service: the Secret with the credentials for the model, where the settings name no other annotation. */
  storageSecret: "serving.kserve.io/storageSecretName",
  /** On the scheduler: its release. */
  version: "app.kubernetes.io/version",
  exclusiveTopology: "leaderworkerset.sigs.k8s.io/exclusive-topology",
} as const;

/** What KServe's LocalModel writes on a service besides the label of the cache, and what it reads there. */
export const LOCAL_MODEL = {
  /** Label: the namespace of a cache that belongs to one namespace. */
  namespace: `${LABEL.localModel}-namespace`,
  /** Annotation: the URI that the cache holds. */
  source: `${LABEL.localModel}-sourceuri`,
  /** Annotation: the claim that the pods mount. */
  claim: `${LABEL.localModel}-pvc-name`,
  /** Annotation of the user: no cache is used. */
  disable: "serving.kserve.io/disable-localmodel",
  /** Annotation of the user: the group of nodes that the service runs on. */
  nodeGroup: "serving.kserve.io/nodegroup",
} as const;

/**
 * Whether the cache of one URI contains a model: the model has the same URI, or the cached URI is a prefix of its path
 * by whole segments. Source: MatchStorageURI in storage_uri_utils.go, KServe v0.20.0.
 */
export function cachesModel(cached: string, uri: string): boolean {
  return `${withoutSlash(uri)}/`.startsWith(`${withoutSlash(cached)}/`);
}

function withoutSlash(uri: string): string {
  return uri.endsWith("/") ? uri.slice(0, -1) : uri;
}

/** On the LLMInferenceService, until KServe's controller has cleaned up. */
export const FINALIZER = "serving.kserve.io/llmisvc-finalizer";

export const PORT = {
  /** Port of the service; behind a routing sidecar the engine listens on the next one. */
  service: 8000,
  behindSidecar: 8001,
  /** Port of the tokenizer that the scheduler calls. */
  tokenizer: 8000,
  picker: PICKER_PORT,
  pickerHealth: 9003,
  kvEvents: 5557,
} as const;

/** Paths in the pods. */
export const POD_PATH = {
  /** The model, however it was brought. */
  models: "/mnt/models",
  certificates: "/var/run/kserve/tls",
  caBundle: "/etc/ssl/custom-certs",
  serviceAccount: "/var/run/secrets/kubernetes.io/serviceaccount",
  sharedMemory: "/dev/shm",
} as const;

/** The keys of the Secret with the certificate. */
export const CERTIFICATE_KEY = { authority: "ca.crt", certificate: "tls.crt", key: "tls.key" } as const;

/** Containers and volumes that KServe knows by name; the engine and the scheduler are `main`. */
export const POD_PART = {
  sidecar: "llm-d-routing-sidecar",
  /** The init container that downloads the model. */
  initializer: "storage-initializer",
  /** The volume of the storage initializer's downloads. */
  downloads: "kserve-provision-location",
} as const;

/** KServe's ConfigMap with the cluster-wide settings, in the system namespace. */
export const SETTINGS_CONFIGMAP = "inferenceservice-config";

/** Types of the components, as Pulumi's state and other programs name them. */
export const COMPONENT_TYPE = {
  platform: "kserve-llm:index:Platform",
  config: "kserve-llm:index:LLMInferenceServiceConfig",
  service: "kserve-llm:index:LLMInferenceService",
} as const;

/** The prefix of KServe's names of config defaults; a status pins them by an annotation with the rest of the name. */
export const PRESET_PREFIX = "kserve-";
export const PART_OF = "llminferenceservice";

/** The labels that every object of a service carries; without a component, the labels that all of them share. */
export function labelsOf(service: string, component?: Component): Record<string, string> {
  const shared = { [LABEL.name]: service, [LABEL.partOf]: PART_OF };
  return component === undefined ? shared : { ...shared, [LABEL.component]: component };
}

/** Whether a workload is the service's scheduler. */
export function isScheduler({ metadata }: Pick<KubernetesObject, "metadata">): boolean {
  return metadata.labels?.[LABEL.component] === COMPONENT.scheduler;
}

/** Whether a workload is the tokenizer that the service's scheduler asks. */
export function isTokenizer({ metadata }: Pick<KubernetesObject, "metadata">): boolean {
  return metadata.labels?.[LABEL.component] === COMPONENT.tokenizer;
}

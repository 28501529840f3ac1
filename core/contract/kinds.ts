import { API_VERSION } from "../api/service.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { eppAuthBindingName, nameOf } from "./names.ts";

/** A kind of object that this project makes, with what is needed to read, compare or await its objects. */
export interface Kind {
  apiVersion: string;
  kind: string;
  /** The plural name of the kind in paths of the API. */
  plural: string;
  /** Whether the objects belong to no namespace. */
  isClusterWide?: true;
  /** Made for one LLMInferenceService, or for the platform that all services share. */
  madeFor: "service" | "platform";
  /** The name of the object of a service, where its labels do not lead to it: it has none, or they name no namespace. */
  nameFor?: (service: { name: string; namespace: string }) => string;
  /**
   * How it is decided that an object is ready: by the rules that kubectl and Pulumi have for the kind, or by a
   * condition of its status. Without it the object is not awaited.
   */
  readiness?: "builtIn" | `condition=${string}`;
  /** Whether Pulumi must not use its own rules for the kind, because they wait for pods that may wait for this object. */
  skipsReadiness?: true;
}

const POOL = { kind: "InferencePool", plural: "inferencepools", madeFor: "service" } as const;
const RBAC = "rbac.authorization.k8s.io/v1";
const ADMISSION = "admissionregistration.k8s.io/v1";

/** Every kind of object that the plan of a service or of a platform may hold: the only list of them. */
const TABLE = {
  Deployment: {
    ...{ apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", madeFor: "service" },
    readiness: "builtIn",
  },
  LeaderWorkerSet: {
    ...{ apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet", plural: "leaderworkersets" },
    ...{ madeFor: "service", readiness: "condition=Available" },
  },
  /** Release 0.10 of its controller sets no condition that it is ready. */
  DisaggregatedSet: {
    ...{ apiVersion: "disaggregatedset.x-k8s.io/v1", kind: "DisaggregatedSet", plural: "disaggregatedsets" },
    madeFor: "service",
  },
  Job: {
    ...{ apiVersion: "batch/v1", kind: "Job", plural: "jobs", madeFor: "service" },
    readiness: "builtIn",
  },
  Service: {
    ...{ apiVersion: "v1", kind: "Service", plural: "services", madeFor: "service" },
    skipsReadiness: true,
  },
  ServiceAccount: { apiVersion: "v1", kind: "ServiceAccount", plural: "serviceaccounts", madeFor: "service" },
  Secret: { apiVersion: "v1", kind: "Secret", plural: "secrets", madeFor: "service" },
  /** The copy of the platform's CA bundle carries no labels: all services of a namespace share it. */
  ConfigMap: { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", madeFor: "service" },
  PersistentVolumeClaim: {
    ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims", madeFor: "service" },
    skipsReadiness: true,
  },
  Role: { apiVersion: RBAC, kind: "Role", plural: "roles", madeFor: "service" },
  RoleBinding: { apiVersion: RBAC, kind: "RoleBinding", plural: "rolebindings", madeFor: "service" },
  ClusterRoleBinding: {
    ...{ apiVersion: RBAC, kind: "ClusterRoleBinding", plural: "clusterrolebindings", madeFor: "service" },
    isClusterWide: true,
    nameFor: ({ name, namespace }) => eppAuthBindingName(namespace, name),
  },
  ResourceClaimTemplate: {
    ...{ apiVersion: "resource.k8s.io/v1", kind: "ResourceClaimTemplate", plural: "resourceclaimtemplates" },
    madeFor: "service",
    nameFor: ({ name }) => nameOf(name, "managedDra"),
  },
  InferencePool: { ...POOL, apiVersion: "inference.networking.k8s.io/v1" },
  /** The pool in the API of the releases before 1.0, which KServe makes too. */
  AlphaInferencePool: { ...POOL, apiVersion: "inference.networking.x-k8s.io/v1alpha2" },
  HTTPRoute: {
    ...{ apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", plural: "httproutes", madeFor: "service" },
  },
  HorizontalPodAutoscaler: {
    ...{ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", plural: "horizontalpodautoscalers" },
    madeFor: "service",
  },
  ScaledObject: { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", plural: "scaledobjects", madeFor: "service" },
  VariantAutoscaling: {
    ...{ apiVersion: "llmd.ai/v1alpha1", kind: "VariantAutoscaling", plural: "variantautoscalings" },
    madeFor: "service",
  },
  PodDisruptionBudget: {
    ...{ apiVersion: "policy/v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets", madeFor: "service" },
  },
  NetworkPolicy: {
    ...{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", plural: "networkpolicies", madeFor: "service" },
  },
  PodMonitor: {
    ...{ apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor", plural: "podmonitors", madeFor: "service" },
  },
  ServiceMonitor: {
    ...{ apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", plural: "servicemonitors" },
    madeFor: "service",
  },
  PrometheusRule: {
    ...{ apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", plural: "prometheusrules" },
    madeFor: "platform",
  },
  Certificate: { apiVersion: "cert-manager.io/v1", kind: "Certificate", plural: "certificates", madeFor: "service" },
  LLMInferenceService: {
    ...{ apiVersion: API_VERSION, kind: "LLMInferenceService", plural: "llminferenceservices", madeFor: "platform" },
  },
  LLMInferenceServiceConfig: {
    ...{ apiVersion: API_VERSION, kind: "LLMInferenceServiceConfig", plural: "llminferenceserviceconfigs" },
    madeFor: "platform",
  },
  Namespace: { apiVersion: "v1", kind: "Namespace", plural: "namespaces", madeFor: "platform", isClusterWide: true },
  CustomResourceDefinition: {
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", plural: "customresourcedefinitions" },
    ...{ madeFor: "platform", isClusterWide: true, readiness: "condition=Established" },
  },
  ValidatingAdmissionPolicy: {
    ...{ apiVersion: ADMISSION, kind: "ValidatingAdmissionPolicy", plural: "validatingadmissionpolicies" },
    ...{ madeFor: "platform", isClusterWide: true },
  },
  ValidatingAdmissionPolicyBinding: {
    ...{ apiVersion: ADMISSION, kind: "ValidatingAdmissionPolicyBinding" },
    ...{ plural: "validatingadmissionpolicybindings", madeFor: "platform", isClusterWide: true },
  },
} as const satisfies Record<string, Kind>;

/** Not made here, but read and referred to: the API of the routes defines it. */
export const GATEWAY = { apiVersion: TABLE.HTTPRoute.apiVersion, kind: "Gateway" } as const;

export type KindName = keyof typeof TABLE;

export const KINDS: Readonly<Record<KindName, Kind>> = TABLE;

/** The kinds of which a service may have objects. */
export const SERVICE_KINDS: readonly Kind[] = Object.values(KINDS).filter(({ madeFor }) => madeFor === "service");

/** `apiVersion` and `kind`, as an object of the kind starts with. */
export function typeMeta(name: KindName): Pick<KubernetesObject, "apiVersion" | "kind"> {
  const { apiVersion, kind } = KINDS[name];
  return { apiVersion, kind };
}

/** Whether an object is of a kind of the table, whatever version of its API it is written in. */
export function isA(object: { kind: string }, name: KindName): boolean {
  return object.kind === KINDS[name].kind;
}

/** The row of an object's kind; undefined for kinds that this project does not make. */
export function kindOf({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): Kind | undefined {
  return Object.values(KINDS).find((row) => row.apiVersion === apiVersion && row.kind === kind);
}

/** The path of a kind's objects in a namespace, or of all of them. */
export function collectionPath(name: KindName, namespace?: string): string {
  return pathOfCollection(KINDS[name], namespace);
}

export function pathOfCollection(
  { apiVersion, plural, isClusterWide }: Pick<Kind, "apiVersion" | "plural" | "isClusterWide">,
  namespace?: string,
): string {
  const within = isClusterWide || namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${apiRoot(apiVersion)}${within}/${plural}`;
}

/** Where the API server keeps a group and version; the core group has no name. */
export function apiRoot(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

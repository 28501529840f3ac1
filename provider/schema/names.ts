/**
 * Names of the types: the name of the field, unless that is too general or two fields of one name hold different
 * things.
 */
const NAMES: Readonly<Record<string, string>> = {
  "LLMInferenceService.prefill": "Workload",
  "LLMInferenceService.groups": "ReplicaGroup",
  "LLMInferenceServiceConfig.prefill": "WorkloadDefaults",
  "LLMInferenceServiceConfigSpec.prefill": "Workload",
  "LLMInferenceServiceConfigSpec.accelerator": "AcceleratorClass",
  "LLMInferenceServiceConfig.model": "ModelDefaults",
  "LLMInferenceServiceConfigSpec.model": "ModelDefaults",
  "LLMInferenceService.accelerator": "AcceleratorClass",
  "Workload.accelerator": "AcceleratorClass",
  "ReplicaGroup.accelerator": "AcceleratorClass",
  "Lora.adapters": "LoraAdapter",
  "KvCacheOffloading.secondary": "CacheTier",
  "CacheTier.fileSystem": "CacheFileSystem",
  "CacheFileSystem.emptyDir": "CacheEmptyDir",
  "CacheFileSystem.pvc": "CacheClaim",
  "CacheClaim.ref": "CacheClaimRef",
  "Route.http": "HttpRoute",
  "HttpRoute.refs": "LocalRef",
  "Gateway.refs": "GatewayRef",
  "Ingress.refs": "IngressRef",
  "Scheduler.pool": "SchedulerPool",
  "SchedulerPool.ref": "LocalRef",
  "Scaling.keda": "DirectKeda",
  "DirectKeda.triggers": "KedaTrigger",
  "KedaTrigger.authenticationRef": "KedaAuthenticationRef",
  "KedaTrigger.metricType": "KedaMetricType",
  "Scheduler.config": "SchedulerConfig",
  "SchedulerConfig.ref": "ConfigMapRef",
  "LLMInferenceService.baseRefs": "LocalRef",
  "LLMInferenceServiceConfig.baseRefs": "LocalRef",
  "LLMInferenceServiceConfigSpec.baseRefs": "LocalRef",
  "Settings.storageInitializer": "StorageInitializerSettings",
  "Settings.credentials": "CredentialSettings",
  "Settings.autoscaling": "AutoscalingSettings",
  "AutoscalingSettings.prometheus": "PrometheusSettings",
  "CredentialSettings.gcs": "GcsSettings",
  "Platform.namespace": "PlatformNamespace",
  "PlatformNamespace.mode": "NamespaceMode",
  "Platform.crds": "CrdMode",
  "Platform.defaults": "RoleDefaults",
  "Platform.accelerators": "AcceleratorClass",
  "Platform.releases": "Release",
  "Platform.checks": "CheckLevel",
  "Release.checks": "CheckLevel",
  "LLMInferenceService.checks": "CheckLevel",
  "Release.defaults": "RoleDefaults",
  "Release.accelerators": "AcceleratorClass",
  "LLMInferenceService.appliedConfigs": "AppliedConfig",
  "LLMInferenceService.objects": "ObjectReference",
  "LLMInferenceService.issues": "Issue",
  "render.appliedConfigs": "AppliedConfig",
  "render.issues": "Issue",
  "validate.issues": "Issue",
  "explain.appliedConfigs": "AppliedConfig",
  "explain.issues": "Issue",
  "explain.leaves": "ExplainedLeaf",
};
/** Every field of this type holds a config's spec. */
const ROLES = "RoleDefaults";

export function nameOfType(owner: string, field: string): string {
  if (owner === ROLES) return "LLMInferenceServiceConfigSpec";
  return NAMES[`${owner}.${field}`] ?? pascal(field);
}

/** Names of types of other APIs, by the path at which their CRDs first have them: as those APIs' own code names them. */
const FOREIGN: readonly (readonly [path: string, name: string])[] = [
  ["HTTPRouteSpec.Rules.BackendRefs.Filters.RequestHeaderModifier.Add", "HTTPHeader"],
  ["HTTPRouteSpec.Rules.BackendRefs.Filters.RequestHeaderModifier", "HTTPHeaderFilter"],
  ["HTTPRouteSpec.Rules.BackendRefs.Filters.RequestRedirect.Path", "HTTPPathModifier"],
  ["HTTPRouteSpec.Rules.BackendRefs.Filters.ExternalAuth.BackendRef", "BackendObjectReference"],
  ["HTTPRouteSpec.Rules.BackendRefs.Filters", "HTTPRouteFilter"],
  ["HTTPRouteSpec.Rules.BackendRefs", "HTTPBackendRef"],
  ["HTTPRouteSpec.Rules.Matches", "HTTPRouteMatch"],
  ["HTTPRouteSpec.Rules", "HTTPRouteRule"],
  ["HTTPRouteSpec.ParentRefs", "ParentReference"],
  ["InferencePoolSpec", "InferencePool"],
  ["KedaAdvancedConfig", "Keda"],
];

export function nameOfForeignType(path: string): string {
  const shorter = FOREIGN.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`));
  if (shorter === undefined || !path.includes(".")) return path.split(".").map(pascal).join("");
  const [prefix, name] = shorter;
  return [name, ...path.slice(prefix.length).split(".")].map(pascal).join("");
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const KUBERNETES = "/kubernetes/v4.34.2/schema.json#/types/kubernetes:";

/** Types that the kubernetes package has. The Patch variants have no required fields: what is written is one layer. */
export const KUBERNETES_TYPES: Readonly<Record<string, string>> = {
  PodSpec: `${KUBERNETES}core%2Fv1:PodSpecPatch`,
  PersistentVolumeClaimSpec: `${KUBERNETES}core%2Fv1:PersistentVolumeClaimSpecPatch`,
  HorizontalPodAutoscalerBehavior: `${KUBERNETES}autoscaling%2Fv2:HorizontalPodAutoscalerBehaviorPatch`,
};

/** Fields of this package that hold objects of Kubernetes, which zod leaves open. */
export const KUBERNETES_FIELDS: Readonly<Record<string, string>> = {
  "AcceleratorClass.tolerations": `${KUBERNETES}core%2Fv1:TolerationPatch`,
};

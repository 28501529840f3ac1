/**
 * KServe's own types: pkg/apis/serving/v1alpha2/llm_inference_service_types.go of v0.21, which has all fields of v0.20.0, with the autoscaling/v2 and KEDA
 * types that they embed. The notation is that of {@link ../schema.ts}.
 */
export const SERVICE_TYPES = `
LLMInferenceServiceSpec: model:LLMModelSpec storageInitializer?:StorageInitializerSpec replicas? scaling?:ScalingSpec
  parallelism?:ParallelismSpec labels{} annotations{} template?:PodSpec worker?:PodSpec
  kvCacheOffloading?:KVCacheOffloadingSpec rolloutStrategy?:RolloutStrategy router?:RouterSpec prefill?:WorkloadSpec tracing?:TracingSpec
  baseRefs[LocalObjectReference]
WorkloadSpec: replicas? scaling?:ScalingSpec parallelism?:ParallelismSpec labels{} annotations{} template?:PodSpec
  worker?:PodSpec kvCacheOffloading?:KVCacheOffloadingSpec rolloutStrategy?:RolloutStrategy
LLMModelSpec: uri:Uri name? lora?:LoRASpec confidential?:ConfidentialSpec
AdvancedConfig: horizontalPodAutoscalerConfig?:HorizontalPodAutoscalerConfig restoreToOriginalReplicaCount
  scalingModifiers:ScalingModifiers
AuthenticationRef: name! kind
ConfidentialSpec: enabled!false resourceId?
DirectKEDAScalingSpec: pollingInterval? cooldownPeriod? initialCooldownPeriod? idleReplicaCount? fallback?:Fallback
  advanced?:AdvancedConfig triggers![ScaleTriggers]
EmptyDirTierSpec: size:Quantity
Fallback: failureThreshold!0 replicas!0 behavior
FileSystemTierSpec: emptyDir?:EmptyDirTierSpec pvc?:PVCTierSpec
GatewayObjectReference: name namespace sectionName?
GatewayRoutesSpec: http?:ManagedHTTPRoute group? weight?
GatewaySpec: refs[GatewayObjectReference]
HPAScalingPolicy: type! value!0 periodSeconds!0
HPAScalingRules: stabilizationWindowSeconds? selectPolicy? policies[HPAScalingPolicy] tolerance?:Quantity
HPAScalingSpec: behavior?:HorizontalPodAutoscalerBehavior
HorizontalPodAutoscalerBehavior: scaleUp?:HPAScalingRules scaleDown?:HPAScalingRules
HorizontalPodAutoscalerConfig: behavior?:HorizontalPodAutoscalerBehavior name
IngressSpec: refs[UntypedObjectReference]
KEDAScalingSpec: pollingInterval? cooldownPeriod? initialCooldownPeriod? idleReplicaCount? fallback?:Fallback
  advanced?:AdvancedConfig
KVCacheOffloadingSpec: cpu:Quantity evictionPolicy secondary[SecondaryTierSpec]
LoRASpec: adapters[LLMModelSpec] maxRank? maxAdapters? maxCpuAdapters?
ManagedHTTPRoute: refs[LocalObjectReference] spec?:gw.HTTPRouteSpec
PVCRefTierSpec: name! path
PVCTierSpec: spec?:PersistentVolumeClaimSpec ref?:PVCRefTierSpec
ParallelismSpec: tensor? pipeline? data? dataLocal? dataRPCPort? expert
RolloutStrategy: maxUnavailable? maxSurge?
RouterSpec: route?:GatewayRoutesSpec gateway?:GatewaySpec ingress?:IngressSpec scheduler?:SchedulerSpec
ScaleTriggers: type! name useCachedMetrics metadata!{} authenticationRef?:AuthenticationRef metricType
ScalingModifiers: formula target activationTarget metricType
ScalingSpec: minReplicas? maxReplicas!0 wva?:WVASpec keda?:DirectKEDAScalingSpec
SchedulerConfigSpec: inline?:Raw ref?:ConfigMapKeySelector
SchedulerPool: spec?:pool.InferencePoolSpec ref?:LocalObjectReference
SchedulerSpec: pool?:SchedulerPool labels{} annotations{} template?:PodSpec config?:SchedulerConfigSpec replicas?
  tokenizer?:TokenizerSpec
SecondaryTierSpec: fileSystem?:FileSystemTierSpec
StorageInitializerSpec: enabled?
TokenizerSpec: template?:PodSpec
TracingSpec: exporterEndpoint? sampler? samplerArg? exporter?
UntypedObjectReference: name namespace
WVASpec: variantCost hpa?:HPAScalingSpec keda?:KEDAScalingSpec
`;

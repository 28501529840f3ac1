/**
 * Pods and containers: core/v1 of k8s.io/api v0.34. The notation is that of {@link ../schema.ts}.
 */
export const POD_TYPES = `
PodSpec: volumes[Volume/name] initContainers[Container/name] containers[Container/name]
  ephemeralContainers[EphemeralContainer/name] restartPolicy terminationGracePeriodSeconds? activeDeadlineSeconds?
  dnsPolicy nodeSelector{} serviceAccountName serviceAccount automountServiceAccountToken? nodeName hostNetwork
  hostPID hostIPC shareProcessNamespace? securityContext?:PodSecurityContext
  imagePullSecrets[LocalObjectReference/name] hostname subdomain affinity?:Affinity schedulerName
  tolerations[Toleration] hostAliases[HostAlias/ip] priorityClassName priority? dnsConfig?:PodDNSConfig
  readinessGates[PodReadinessGate] runtimeClassName? enableServiceLinks? preemptionPolicy? overhead{Quantity}
  topologySpreadConstraints[TopologySpreadConstraint/topologyKey] setHostnameAsFQDN? os?:PodOS hostUsers?
  schedulingGates[PodSchedulingGate/name] resourceClaims[PodResourceClaim/name] resources?:ResourceRequirements
  hostnameOverride?
Container: name! image command[] args[] workingDir ports[ContainerPort/containerPort] envFrom[EnvFromSource]
  env[EnvVar/name] resources:ResourceRequirements resizePolicy[ContainerResizePolicy] restartPolicy?
  restartPolicyRules[ContainerRestartRule] volumeMounts[VolumeMount/mountPath] volumeDevices[VolumeDevice/devicePath]
  livenessProbe?:Probe readinessProbe?:Probe startupProbe?:Probe lifecycle?:Lifecycle terminationMessagePath
  terminationMessagePolicy imagePullPolicy securityContext?:SecurityContext stdin stdinOnce tty
Affinity: nodeAffinity?:NodeAffinity podAffinity?:PodAffinity podAntiAffinity?:PodAntiAffinity
AppArmorProfile: type! localhostProfile?
Capabilities: add[] drop[]
ConfigMapEnvSource: name optional?
ConfigMapKeySelector: name key! optional?
ContainerPort: name hostPort containerPort!0 protocol hostIP
ContainerResizePolicy: resourceName! restartPolicy!
ContainerRestartRule: action exitCodes?:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: operator values[]
EnvFromSource: prefix configMapRef?:ConfigMapEnvSource secretRef?:SecretEnvSource
EnvVar: name! value valueFrom?:EnvVarSource
EnvVarSource: fieldRef?:ObjectFieldSelector resourceFieldRef?:ResourceFieldSelector
  configMapKeyRef?:ConfigMapKeySelector secretKeyRef?:SecretKeySelector fileKeyRef?:FileKeySelector
EphemeralContainer: name! image command[] args[] workingDir ports[ContainerPort/containerPort] envFrom[EnvFromSource]
  env[EnvVar/name] resources:ResourceRequirements resizePolicy[ContainerResizePolicy] restartPolicy?
  restartPolicyRules[ContainerRestartRule] volumeMounts[VolumeMount/mountPath] volumeDevices[VolumeDevice/devicePath]
  livenessProbe?:Probe readinessProbe?:Probe startupProbe?:Probe lifecycle?:Lifecycle terminationMessagePath
  terminationMessagePolicy imagePullPolicy securityContext?:SecurityContext stdin stdinOnce tty targetContainerName
ExecAction: command[]
FileKeySelector: volumeName! path! key! optional?
GRPCAction: port!0 service!null
HTTPGetAction: path port!0 host scheme httpHeaders[HTTPHeader]
HTTPHeader: name! value!
HostAlias: ip! hostnames[]
LabelSelector: matchLabels{} matchExpressions[LabelSelectorRequirement]
LabelSelectorRequirement: key! operator! values[]
Lifecycle: postStart?:LifecycleHandler preStop?:LifecycleHandler stopSignal?
LifecycleHandler: exec?:ExecAction httpGet?:HTTPGetAction tcpSocket?:TCPSocketAction sleep?:SleepAction
LocalObjectReference: name
NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution?:NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution[PreferredSchedulingTerm]
NodeSelector: nodeSelectorTerms![NodeSelectorTerm]
NodeSelectorRequirement: key! operator! values[]
NodeSelectorTerm: matchExpressions[NodeSelectorRequirement] matchFields[NodeSelectorRequirement]
ObjectFieldSelector: apiVersion fieldPath!
PodAffinity: requiredDuringSchedulingIgnoredDuringExecution[PodAffinityTerm]
  preferredDuringSchedulingIgnoredDuringExecution[WeightedPodAffinityTerm]
PodAffinityTerm: labelSelector?:LabelSelector namespaces[] topologyKey! namespaceSelector?:LabelSelector
  matchLabelKeys[] mismatchLabelKeys[]
PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution[PodAffinityTerm]
  preferredDuringSchedulingIgnoredDuringExecution[WeightedPodAffinityTerm]
PodDNSConfig: nameservers[] searches[] options[PodDNSConfigOption]
PodDNSConfigOption: name value?
PodOS: name!
PodReadinessGate: conditionType!
PodResourceClaim: name! resourceClaimName? resourceClaimTemplateName?
PodSchedulingGate: name!
PodSecurityContext: seLinuxOptions?:SELinuxOptions windowsOptions?:WindowsSecurityContextOptions runAsUser?
  runAsGroup? runAsNonRoot? supplementalGroups[] supplementalGroupsPolicy? fsGroup? sysctls[Sysctl]
  fsGroupChangePolicy? seccompProfile?:SeccompProfile appArmorProfile?:AppArmorProfile seLinuxChangePolicy?
PreferredSchedulingTerm: weight!0 preference:NodeSelectorTerm
Probe: exec?:ExecAction httpGet?:HTTPGetAction tcpSocket?:TCPSocketAction grpc?:GRPCAction initialDelaySeconds
  timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds?
ResourceClaim: name! request
ResourceFieldSelector: containerName resource! divisor:Quantity
ResourceRequirements: limits{Quantity} requests{Quantity} claims[ResourceClaim]
SELinuxOptions: user role type level
SeccompProfile: type! localhostProfile?
SecretEnvSource: name optional?
SecretKeySelector: name key! optional?
SecurityContext: capabilities?:Capabilities privileged? seLinuxOptions?:SELinuxOptions
  windowsOptions?:WindowsSecurityContextOptions runAsUser? runAsGroup? runAsNonRoot? readOnlyRootFilesystem?
  allowPrivilegeEscalation? procMount? seccompProfile?:SeccompProfile appArmorProfile?:AppArmorProfile
SleepAction: seconds!0
Sysctl: name! value!
TCPSocketAction: port!0 host
Toleration: key operator value effect tolerationSeconds?
TopologySpreadConstraint: maxSkew!0 topologyKey! whenUnsatisfiable! labelSelector?:LabelSelector minDomains?
  nodeAffinityPolicy? nodeTaintsPolicy? matchLabelKeys[]
VolumeDevice: name! devicePath!
VolumeMount: name! readOnly recursiveReadOnly? mountPath! subPath mountPropagation? subPathExpr
WeightedPodAffinityTerm: weight!0 podAffinityTerm:PodAffinityTerm
WindowsSecurityContextOptions: gmsaCredentialSpecName? gmsaCredentialSpec? runAsUserName? hostProcess?
`;

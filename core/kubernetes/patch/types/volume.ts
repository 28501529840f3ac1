/**
 * Volumes and claims: core/v1 and meta/v1 of k8s.io/api v0.34. The notation is that of {@link ../schema.ts}.
 */
export const VOLUME_TYPES = `
Volume: name! hostPath?:HostPathVolumeSource emptyDir?:EmptyDirVolumeSource
  gcePersistentDisk?:GCEPersistentDiskVolumeSource awsElasticBlockStore?:AWSElasticBlockStoreVolumeSource
  gitRepo?:GitRepoVolumeSource secret?:SecretVolumeSource nfs?:NFSVolumeSource iscsi?:ISCSIVolumeSource
  glusterfs?:GlusterfsVolumeSource persistentVolumeClaim?:PersistentVolumeClaimVolumeSource rbd?:RBDVolumeSource
  flexVolume?:FlexVolumeSource cinder?:CinderVolumeSource cephfs?:CephFSVolumeSource flocker?:FlockerVolumeSource
  downwardAPI?:DownwardAPIVolumeSource fc?:FCVolumeSource azureFile?:AzureFileVolumeSource
  configMap?:ConfigMapVolumeSource vsphereVolume?:VsphereVirtualDiskVolumeSource quobyte?:QuobyteVolumeSource
  azureDisk?:AzureDiskVolumeSource photonPersistentDisk?:PhotonPersistentDiskVolumeSource
  projected?:ProjectedVolumeSource portworxVolume?:PortworxVolumeSource scaleIO?:ScaleIOVolumeSource
  storageos?:StorageOSVolumeSource csi?:CSIVolumeSource ephemeral?:EphemeralVolumeSource image?:ImageVolumeSource
AWSElasticBlockStoreVolumeSource: volumeID! fsType partition readOnly
AzureDiskVolumeSource: diskName! diskURI! cachingMode? fsType? readOnly? kind?
AzureFileVolumeSource: secretName! shareName! readOnly
CSIVolumeSource: driver! readOnly? fsType? volumeAttributes{} nodePublishSecretRef?:LocalObjectReference
CephFSVolumeSource: monitors![] path user secretFile secretRef?:LocalObjectReference readOnly
CinderVolumeSource: volumeID! fsType readOnly secretRef?:LocalObjectReference
ClusterTrustBundleProjection: name? signerName? labelSelector?:LabelSelector optional? path!
ConfigMapProjection: name items[KeyToPath] optional?
ConfigMapVolumeSource: name items[KeyToPath] defaultMode? optional?
DownwardAPIProjection: items[DownwardAPIVolumeFile]
DownwardAPIVolumeFile: path! fieldRef?:ObjectFieldSelector resourceFieldRef?:ResourceFieldSelector mode?
DownwardAPIVolumeSource: items[DownwardAPIVolumeFile] defaultMode?
EmptyDirVolumeSource: medium sizeLimit?:Quantity
EphemeralVolumeSource: volumeClaimTemplate?:PersistentVolumeClaimTemplate
FCVolumeSource: targetWWNs[] lun? fsType readOnly wwids[]
FlexVolumeSource: driver! fsType secretRef?:LocalObjectReference readOnly options{}
FlockerVolumeSource: datasetName datasetUUID
GCEPersistentDiskVolumeSource: pdName! fsType partition readOnly
GitRepoVolumeSource: repository! revision directory
GlusterfsVolumeSource: endpoints! path! readOnly
HostPathVolumeSource: path! type?
ISCSIVolumeSource: targetPortal! iqn! lun!0 iscsiInterface fsType readOnly portals[] chapAuthDiscovery chapAuthSession
  secretRef?:LocalObjectReference initiatorName?
ImageVolumeSource: reference pullPolicy
KeyToPath: key! path! mode?
NFSVolumeSource: server! path! readOnly
ObjectMeta: name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp
  deletionGracePeriodSeconds? labels{} annotations{} ownerReferences[OwnerReference/uid] finalizers[/]
OwnerReference: apiVersion! kind! name! uid! controller? blockOwnerDeletion?
PersistentVolumeClaimSpec: accessModes[] selector?:LabelSelector resources:VolumeResourceRequirements volumeName
  storageClassName? volumeMode? dataSource?:TypedLocalObjectReference dataSourceRef?:TypedObjectReference
  volumeAttributesClassName?
PersistentVolumeClaimTemplate: metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: claimName! readOnly
PhotonPersistentDiskVolumeSource: pdID! fsType
PodCertificateProjection: signerName keyType maxExpirationSeconds? credentialBundlePath keyPath certificateChainPath
PortworxVolumeSource: volumeID! fsType readOnly
ProjectedVolumeSource: sources![VolumeProjection] defaultMode?
QuobyteVolumeSource: registry! volume! readOnly user group tenant
RBDVolumeSource: monitors![] image! fsType pool user keyring secretRef?:LocalObjectReference readOnly
ScaleIOVolumeSource: gateway! system! secretRef?:LocalObjectReference sslEnabled protectionDomain storagePool
  storageMode volumeName fsType readOnly
SecretProjection: name items[KeyToPath] optional?
SecretVolumeSource: secretName items[KeyToPath] defaultMode? optional?
ServiceAccountTokenProjection: audience expirationSeconds? path!
StorageOSVolumeSource: volumeName volumeNamespace fsType readOnly secretRef?:LocalObjectReference
TypedLocalObjectReference: apiGroup!null kind! name!
TypedObjectReference: apiGroup!null kind! name! namespace?
VolumeProjection: secret?:SecretProjection downwardAPI?:DownwardAPIProjection configMap?:ConfigMapProjection
  serviceAccountToken?:ServiceAccountTokenProjection clusterTrustBundle?:ClusterTrustBundleProjection
  podCertificate?:PodCertificateProjection
VolumeResourceRequirements: limits{Quantity} requests{Quantity}
VsphereVirtualDiskVolumeSource: volumePath! fsType storagePolicyName storagePolicyID
`;

/**
 * The cluster-wide settings, as KServe keeps them in the ConfigMap `inferenceservice-config`: the parts that an
 * LLMInferenceService reads.
 */
export interface Settings {
  /** Where configs and settings live. Default `kserve`. */
  systemNamespace: string;
  ingressGatewayName: string;
  ingressGatewayNamespace: string;
  urlScheme: string;
  enableTLS: boolean;
  modelBasedRoutingHeaderName: string;
  modelBasedRoutingMode: "enabled" | "forced" | "disabled";
  storageInitializer: StorageInitializerSettings;
  credentials: CredentialSettings;
  /** Undefined where the settings have no such key. */
  autoscaling?: { prometheus: PrometheusSettings };
  /** First the annotation that is written on a certificate, then those that are read. */
  expirationAnnotations: string[];
}

export interface StorageInitializerSettings {
  image: string;
  cpuRequest: string;
  cpuLimit: string;
  memoryRequest: string;
  memoryLimit: string;
  caBundleConfigMapName: string;
  caBundleVolumeMountPath: string;
  enableModelcar: boolean;
  cpuModelcar: string;
  memoryModelcar: string;
  uidModelcar?: number;
  /** `modelcar` or `native`; what oci:// means. */
  ociModelMode: string;
}

/** As KServe's `credentials` key: names of keys and annotations, and defaults of the S3 endpoint. */
export interface CredentialSettings {
  storageSpecSecretName: string;
  storageSecretNameAnnotation: string;
  s3: Record<string, string>;
  gcs: { gcsCredentialFileName: string };
}

export interface PrometheusSettings {
  url: string;
  tlsInsecureSkipVerify: boolean;
  authModes: string;
  triggerAuthName: string;
  triggerAuthKind: string;
}

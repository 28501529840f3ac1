import { z } from "zod";
import { stringMap } from "../../api/atoms.ts";
import { canonicalQuantity } from "../../kubernetes/quantity.ts";
import { ANNOTATION, POD_PATH } from "../names.ts";
import { described, option } from "./option.ts";

/**
 * The settings where a platform sets nothing: TLS off, KServe's gateway, and its storage initializer at a fixed
 * release.
 */
const DEFAULTS = {
  systemNamespace: "kserve",
  ingressGatewayName: "kserve-ingress-gateway",
  ingressGatewayNamespace: "kserve",
  urlScheme: "http",
  enableTLS: false,
  modelBasedRoutingHeaderName: "X-Gateway-Model-Name",
  modelBasedRoutingMode: "enabled",
  storageInitializer: {
    image: "kserve/storage-initializer:v0.20.0",
    cpuRequest: "100m",
    cpuLimit: "1",
    memoryRequest: "100Mi",
    memoryLimit: "1Gi",
    caBundleConfigMapName: "",
    caBundleVolumeMountPath: POD_PATH.caBundle,
    cpuModelcar: "10m",
    memoryModelcar: "15Mi",
    uidModelcar: 1010,
    ociModelMode: "modelcar",
  },
  credentials: {
    storageSpecSecretName: "storage-config",
    storageSecretNameAnnotation: ANNOTATION.storageSecret,
    s3: { s3AccessKeyIDName: "AWS_ACCESS_KEY_ID", s3SecretAccessKeyName: "AWS_SECRET_ACCESS_KEY" },
    gcs: { gcsCredentialFileName: "gcloud-application-credentials.json" },
  },
  expirationAnnotations: ["certificates.kserve.io/expiration"],
} as const;
/** How the files of an oci:// model may reach the pod; an empty text means that such models are refused. */
export const OCI_MODES = ["", "modelcar", "native", "fetch"] as const;
const { storageInitializer: STORAGE, credentials: CREDENTIALS } = DEFAULTS;

const NOT_A_QUANTITY = {
  error: ({ input }: { input?: unknown }): string => `${JSON.stringify(input)} is not a Kubernetes quantity`,
  params: { fix: 'write a quantity, such as "500m" or "1Gi"' },
};
const quantity = z.string().refine((text) => canonicalQuantity(text) !== undefined, NOT_A_QUANTITY);
/** Modelcar containers may have no resource requests at all. */
const quantityOrNone = z
  .string()
  .refine((text) => text === "" || canonicalQuantity(text) !== undefined, NOT_A_QUANTITY);

const storageInitializer = z.strictObject({
  image: described(z.string(), "Image of the storage initializer.", { byDefault: STORAGE.image }),
  cpuRequest: described(quantity, "CPU request of the storage initializer, as a Kubernetes quantity.", {
    byDefault: STORAGE.cpuRequest,
  }),
  cpuLimit: described(quantity, "CPU limit of the storage initializer, as a Kubernetes quantity.", {
    byDefault: STORAGE.cpuLimit,
  }),
  memoryRequest: described(quantity, "Memory request of the storage initializer, as a Kubernetes quantity.", {
    byDefault: STORAGE.memoryRequest,
  }),
  memoryLimit: described(quantity, "Memory limit of the storage initializer, as a Kubernetes quantity.", {
    byDefault: STORAGE.memoryLimit,
  }),
  caBundleConfigMapName: described(
    z.string(),
    "Name of a ConfigMap in the system namespace that holds the CA certificates which downloads trust.",
    { byDefault: "none" },
  ),
  caBundleVolumeMountPath: described(
    z.string(),
    "Folder in the container that the certificates of `caBundleConfigMapName` are mounted in.",
    {
      byDefault: STORAGE.caBundleVolumeMountPath,
    },
  ),
  cpuModelcar: described(quantityOrNone, "CPU request and limit of a modelcar container, as a Kubernetes quantity.", {
    byDefault: STORAGE.cpuModelcar,
  }),
  memoryModelcar: described(
    quantityOrNone,
    "Memory request and limit of a modelcar container, as a Kubernetes quantity.",
    { byDefault: STORAGE.memoryModelcar },
  ),
  uidModelcar: option(
    z.int().nonnegative(),
    "User ID that the engine and the modelcar run with. They share it because they share a process namespace.",
    {
      byDefault: STORAGE.uidModelcar,
    },
  ),
  ociModelMode: described(
    z.enum(OCI_MODES),
    "How the files of an oci:// model reach the pod. modelcar: from a sidecar. native: from an image volume. fetch: by a download. An empty text refuses oci:// models.",
    { byDefault: STORAGE.ociModelMode },
  ),
  ociInsecureRegistry: option(
    z.boolean(),
    "Whether the storage initializer reads images (oci+fetch://) from registries without verified TLS.",
    { byDefault: false },
  ),
});

const credentials = z.strictObject({
  storageSpecSecretName: described(z.string(), "Name of the Secret with storage credentials.", {
    byDefault: CREDENTIALS.storageSpecSecretName,
  }),
  storageSecretNameAnnotation: described(
    z.string(),
    "Annotation that names another Secret with storage credentials for a service.",
    { byDefault: CREDENTIALS.storageSecretNameAnnotation },
  ),
  s3: described(stringMap, "Names of the keys in an S3 Secret, and the defaults of the S3 endpoint."),
  gcs: described(
    z.strictObject({
      gcsCredentialFileName: described(z.string(), "Key of the Secret that holds the credentials file.", {
        byDefault: CREDENTIALS.gcs.gcsCredentialFileName,
      }),
    }),
    "Settings of Google Cloud Storage.",
  ),
});

const prometheus = z.strictObject({
  url: described(z.string(), "URL of the Prometheus server."),
  tlsInsecureSkipVerify: described(
    z.boolean(),
    "Whether KEDA accepts any certificate of the Prometheus server, without verifying it.",
  ),
  authModes: described(z.string(), 'Authentication modes of KEDA, for example "bearer".'),
  triggerAuthName: described(z.string(), "Name of the TriggerAuthentication of KEDA."),
  triggerAuthKind: described(
    z.string(),
    "Kind of `triggerAuthName`: TriggerAuthentication or ClusterTriggerAuthentication.",
  ),
});

const tls = z.strictObject({
  secretName: option(
    z.string(),
    "Name of an existing Secret in the namespace of the service, with tls.crt, tls.key and, for clients, ca.crt. Cannot be combined with `issuerRef`.",
  ),
  issuerRef: option(
    z.strictObject({
      name: described(z.string(), "Name of the issuer."),
      kind: option(z.string(), "Kind of the issuer: Issuer or ClusterIssuer.", { byDefault: "Issuer" }),
      group: option(z.string(), "API group of the issuer.", { byDefault: "cert-manager.io" }),
    }),
    "Issuer of cert-manager, which creates and renews the Secret. Cannot be combined with `secretName`.",
  ),
  renewal: option(
    z.string(),
    "Any text, for example a date. A different text creates a new certificate. Only for the certificate that this package creates.",
  ),
});

/** The settings in full, as a plan reads them. */
export const settings = z.strictObject({
  systemNamespace: described(z.string(), "Namespace of the config defaults and of the settings.", {
    byDefault: "the platform's, or kserve",
  }),
  ingressGatewayName: described(z.string(), "Name of the Gateway that routes attach to.", {
    byDefault: DEFAULTS.ingressGatewayName,
  }),
  ingressGatewayNamespace: described(z.string(), "Namespace of the Gateway `ingressGatewayName`.", {
    byDefault: DEFAULTS.ingressGatewayNamespace,
  }),
  urlScheme: described(z.string(), "Scheme of the URL of a service that has a route.", {
    byDefault: DEFAULTS.urlScheme,
  }),
  enableTLS: described(z.boolean(), "Whether the engine and the scheduler serve TLS.", {
    byDefault: DEFAULTS.enableTLS,
  }),
  tls: option(
    tls,
    "Source of the certificate for TLS. Without it, this package creates a certificate that is valid for ten years; its key is a secret in the state.",
  ),
  modelBasedRoutingHeaderName: described(z.string(), "HTTP header that holds the model name of a request.", {
    byDefault: DEFAULTS.modelBasedRoutingHeaderName,
  }),
  modelBasedRoutingMode: described(
    z.enum(["enabled", "forced", "disabled"]),
    "Whether routes match on the header of `modelBasedRoutingHeaderName`. enabled: unless a gateway opts out. forced: always. disabled: never.",
    { byDefault: DEFAULTS.modelBasedRoutingMode },
  ),
  storageInitializer: described(storageInitializer, "Storage initializer: the container that downloads the weights."),
  credentials: described(
    credentials,
    "Names of Secrets, keys and annotations for storage credentials. They contain no secret values.",
  ),
  autoscaling: option(
    z.strictObject({ prometheus: described(prometheus, "Prometheus server that autoscalers query.") }),
    "Settings of the autoscalers. Without them, services with `scaling` are refused.",
  ),
  localModel: option(
    z.strictObject({
      enabled: described(z.boolean(), "Whether a service uses the cache that holds its model.", { byDefault: false }),
    }),
    "KServe's LocalModel: caches of models on nodes. The LocalModelCache and LocalModelNamespaceCache objects that `known` holds are used.",
  ),
  requireDigests: option(
    z.boolean(),
    "Whether every image must be named by its digest (@sha256:…). An image with a tag alone is then an error.",
    { byDefault: false },
  ),
  expirationAnnotations: described(
    z.array(z.string()),
    "Annotations that hold the expiry of a certificate. The first one is written; all of them are read.",
    { byDefault: DEFAULTS.expirationAnnotations[0] },
  ),
});

const { shape } = settings;
/** The settings as a platform or a service sets them: every field may be left out. */
export const partialSettings = settings
  .extend({
    storageInitializer: described(
      storageInitializer.partial(),
      "Storage initializer: the container that downloads the weights.",
    ),
    credentials: described(credentials.partial(), shape.credentials.meta()?.description ?? ""),
  })
  .partial();

/**
 * The cluster-wide settings, as KServe keeps them in the ConfigMap `inferenceservice-config`: the parts that an
 * LLMInferenceService reads.
 */
export type Settings = z.infer<typeof settings>;
/** Overrides of the settings. A list replaces the earlier list. */
export type PartialSettings = z.infer<typeof partialSettings>;
export type StorageInitializerSettings = Settings["storageInitializer"];
/** As KServe's `credentials` key: names of keys and annotations, and defaults of the S3 endpoint. */
export type CredentialSettings = Settings["credentials"];
export type PrometheusSettings = NonNullable<Settings["autoscaling"]>["prometheus"];
export type TlsSettings = NonNullable<Settings["tls"]>;
export type IssuerReference = NonNullable<TlsSettings["issuerRef"]>;

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULTS,
  expirationAnnotations: [...DEFAULTS.expirationAnnotations],
};

import { z } from "zod";
import { stringMap } from "../../core/api/atoms.ts";
import type { Settings } from "../../core/contract/settings.ts";

/** The cluster-wide settings as a platform or a service may set them: every field may be left out. */
const storageInitializer = z.strictObject({
  image: z.string().optional().describe("Image that fetches weights. Default: KServe's, of a fixed release."),
  cpuRequest: z.string().optional().describe("CPU request, a quantity. Default 100m."),
  cpuLimit: z.string().optional().describe("CPU limit, a quantity. Default 1."),
  memoryRequest: z.string().optional().describe("Memory request, a quantity. Default 100Mi."),
  memoryLimit: z.string().optional().describe("Memory limit, a quantity. Default 1Gi."),
  caBundleConfigMapName: z.string().optional().describe("ConfigMap of CA certificates. Default: none."),
  caBundleVolumeMountPath: z.string().optional().describe("Where they are mounted. Default /etc/ssl/custom-certs."),
  cpuModelcar: z.string().optional().describe("CPU of a modelcar container, a quantity. Default 10m."),
  memoryModelcar: z.string().optional().describe("Memory of a modelcar container, a quantity. Default 15Mi."),
  uidModelcar: z.int().optional().describe("User ID of engine and modelcar, which share processes. Default 1010."),
  ociModelMode: z
    .enum(["", "modelcar", "native", "fetch"])
    .optional()
    .describe('How oci:// becomes files: a sidecar, an image volume, or fetched; "" refuses it. Default modelcar.'),
});

const credentials = z.strictObject({
  storageSpecSecretName: z.string().optional().describe("Secret of storage credentials. Default storage-config."),
  storageSecretNameAnnotation: z
    .string()
    .optional()
    .describe("Annotation that names another. Default serving.kserve.io/storageSecretName."),
  s3: stringMap.optional().describe("S3: names of the Secret's keys, and the endpoint's defaults."),
  gcs: z
    .strictObject({
      gcsCredentialFileName: z.string().describe("Key of the Secret. Default gcloud-application-credentials.json."),
    })
    .optional()
    .describe("Google Cloud Storage."),
});

const prometheus = z.strictObject({
  url: z.string().describe("Address of Prometheus, which autoscalers ask."),
  tlsInsecureSkipVerify: z.boolean().describe("Whether its certificate is not checked."),
  authModes: z.string().describe('KEDA\'s authentication modes, e.g. "bearer".'),
  triggerAuthName: z.string().describe("Name of KEDA's TriggerAuthentication."),
  triggerAuthKind: z.string().describe("TriggerAuthentication or ClusterTriggerAuthentication."),
});

const tls = z.strictObject({
  secretName: z
    .string()
    .optional()
    .describe("A Secret of the service's namespace that is there, with tls.crt, tls.key and, for clients, ca.crt."),
  issuerRef: z
    .strictObject({
      name: z.string().describe("Name of the issuer."),
      kind: z.string().optional().describe("Issuer (default) or ClusterIssuer."),
      group: z.string().optional().describe("Default cert-manager.io."),
    })
    .optional()
    .describe("An issuer of cert-manager, which then makes the Secret and renews it."),
  renewal: z
    .string()
    .optional()
    .describe("Any text, such as a date: another one makes another certificate. Only for a certificate of our own."),
});

export const settings = z.strictObject({
  systemNamespace: z.string().optional().describe("Where configs and settings live. Default: the platform's."),
  ingressGatewayName: z.string().optional().describe("Gateway of routes. Default kserve-ingress-gateway."),
  ingressGatewayNamespace: z.string().optional().describe("Its namespace. Default kserve."),
  urlScheme: z.string().optional().describe("Scheme of a service's URL. Default http."),
  enableTLS: z.boolean().optional().describe("Whether engine and scheduler serve TLS. Default false."),
  tls: tls
    .optional()
    .describe(
      "Where the certificate comes from. Default: one of our own, valid for ten years, whose key is in the state.",
    ),
  modelBasedRoutingHeaderName: z
    .string()
    .optional()
    .describe("Header that holds a request's model. Default X-Gateway-Model-Name."),
  modelBasedRoutingMode: z
    .enum(["enabled", "forced", "disabled"])
    .optional()
    .describe("Whether routes match on that header. Default enabled."),
  storageInitializer: storageInitializer.optional().describe("How weights are fetched."),
  credentials: credentials.optional().describe("Where storage credentials are found. Names only, never a secret."),
  autoscaling: z
    .strictObject({ prometheus: prometheus.describe("The metrics that autoscalers read.") })
    .optional()
    .describe("What autoscalers need. Default: none, and `scaling` is refused."),
  expirationAnnotations: z
    .array(z.string())
    .optional()
    .describe("Annotations of a certificate's expiry: the one that is written, then those that are read."),
});

/** Every setting is described, with the type that the plan reads. */
type Described = z.infer<typeof settings>;
type Same<One, Other> = [keyof One, keyof Other] extends [keyof Other, keyof One] ? true : never;
export const SETTINGS_ARE_WHOLE: [
  Same<Described, Settings>,
  Same<NonNullable<Described["storageInitializer"]>, Settings["storageInitializer"]>,
  Same<NonNullable<Described["credentials"]>, Settings["credentials"]>,
] = [true, true, true];

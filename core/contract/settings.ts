import { isObject, type Json, type JsonObject } from "../kubernetes/json.ts";
import { canonicalQuantity } from "../kubernetes/quantity.ts";
import type { Issue } from "./issue.ts";
import { ANNOTATION, POD_PATH } from "./names.ts";

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
  /** Whether engine and scheduler serve TLS. */
  enableTLS: boolean;
  /** Where their certificate comes from then. Default: one of ours. */
  tls?: TlsSettings;
  modelBasedRoutingHeaderName: string;
  modelBasedRoutingMode: "enabled" | "forced" | "disabled";
  storageInitializer: StorageInitializerSettings;
  credentials: CredentialSettings;
  /** Undefined where the settings have no such key. */
  autoscaling?: { prometheus: PrometheusSettings };
  /** First the annotation that is written on a certificate, then those that are read. */
  expirationAnnotations: string[];
}

/**
 * Where the certificate comes from that engine and scheduler serve TLS with: one of three.
 * - `secretName`: a Secret of the service's namespace that is there, with `tls.crt`, `tls.key` and, for clients, `ca.crt`.
 * - `issuerRef`: an issuer of cert-manager, which then makes the Secret and renews it.
 * - neither: one of ours, valid for ten years. It is made anew when its host names change, or `renewal` does.
 */
export interface TlsSettings {
  secretName?: string;
  issuerRef?: IssuerReference;
  /** Any text, such as a date: another one makes another certificate. Only for ours. */
  renewal?: string;
}

export interface IssuerReference {
  name: string;
  /** Default `Issuer`. */
  kind?: string;
  /** Default `cert-manager.io`. */
  group?: string;
}

export interface StorageInitializerSettings {
  image: string;
  cpuRequest: string;
  cpuLimit: string;
  memoryRequest: string;
  memoryLimit: string;
  caBundleConfigMapName: string;
  caBundleVolumeMountPath: string;
  cpuModelcar: string;
  memoryModelcar: string;
  uidModelcar?: number;
  /** How oci:// becomes files: a sidecar, an image volume, or fetched; "" refuses the scheme. */
  ociModelMode: "" | "modelcar" | "native" | "fetch";
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

/** What holds where a platform sets nothing: TLS off, KServe's gateway, and its storage initializer at a fixed release. */
export const DEFAULT_SETTINGS: Settings = {
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
};

const OCI_MODES = ["", "modelcar", "native", "fetch"] as const;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Reads the data of the ConfigMap `inferenceservice-config`, a JSON text by key, as KServe does: keys that are missing take
 * its defaults, and what KServe cannot read is an issue.
 * Source: config_loader.go and v1beta1/configmap.go, KServe v0.20.0.
 */
export function parseSettings(
  data: Readonly<Record<string, string>>,
  systemNamespace = DEFAULT_SETTINGS.systemNamespace,
): { settings?: Settings; issues: Issue[] } {
  const issues: Issue[] = [];
  const part = (key: string): JsonObject => readPart(data, key, issues);
  const ingress = part("ingress");
  if ("ingress" in data) checkIngress(ingress, issues);
  const autoscaling =
    "autoscaling-wva-controller-config" in data ? part("autoscaling-wva-controller-config") : undefined;
  const settings: Settings = {
    systemNamespace,
    ...readIngress(ingress, systemNamespace),
    storageInitializer: readStorageInitializer(part("storageInitializer"), issues),
    credentials: readCredentials(part("credentials")),
    ...(autoscaling !== undefined && { autoscaling: { prometheus: readPrometheus(autoscaling) } }),
    expirationAnnotations: readAnnotations(part("scheduler")),
  };
  return issues.length > 0 ? { issues } : { settings, issues };
}

function readPart(data: Readonly<Record<string, string>>, key: string, issues: Issue[]): JsonObject {
  const text = data[key];
  if (text === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
    issues.push(invalid(key, "a JSON object was expected"));
  } catch (error) {
    issues.push(invalid(key, `its text is not JSON: ${(error as Error).message}`));
  }
  return {};
}

function invalid(path: string, message: string, fix = "mend the ConfigMap inferenceservice-config"): Issue {
  return { code: "SettingsInvalid", severity: "error", path, layer: "settings", message, fix };
}

function checkIngress(ingress: JsonObject, issues: Issue[]): void {
  const gateway = text(ingress["kserveIngressGateway"]);
  if (ingress["enableGatewayApi"] === true) {
    const [namespace = "", name = "", ...more] = gateway.split("/");
    if (more.length > 0 || !DNS_LABEL.test(namespace) || !DNS_LABEL.test(name)) {
      const message = `${JSON.stringify(gateway)} is not a gateway`;
      issues.push(invalid("ingress.kserveIngressGateway", message, "write NAMESPACE/NAME"));
    }
  }
  if (text(ingress["ingressGateway"]) === "") {
    issues.push(invalid("ingress.ingressGateway", "it is required", "write NAMESPACE/NAME"));
  }
  if (text(ingress["pathTemplate"]) !== "" && text(ingress["ingressDomain"]) === "") {
    issues.push(invalid("ingress.ingressDomain", "it is required where pathTemplate is set"));
  }
}

function readIngress(
  ingress: JsonObject,
  systemNamespace: string,
): Omit<
  Settings,
  "systemNamespace" | "storageInitializer" | "credentials" | "autoscaling" | "expirationAnnotations" | "tls"
> {
  const gateway = text(ingress["kserveIngressGateway"]).split("/");
  const qualified = gateway.length === 2;
  const mode = text(ingress["modelBasedRoutingMode"]).toLowerCase();
  return {
    ingressGatewayName: (qualified ? gateway[1] : gateway.join("/")) ?? "",
    ingressGatewayNamespace: (qualified ? gateway[0] : systemNamespace) ?? "",
    urlScheme: text(ingress["urlScheme"]) || DEFAULT_SETTINGS.urlScheme,
    enableTLS: ingress["enableLLMInferenceServiceTLS"] === true,
    modelBasedRoutingHeaderName:
      text(ingress["modelBasedRoutingHeaderName"]) || DEFAULT_SETTINGS.modelBasedRoutingHeaderName,
    modelBasedRoutingMode: mode === "forced" || mode === "disabled" ? mode : "enabled",
  };
}

function readStorageInitializer(part: JsonObject, issues: Issue[]): StorageInitializerSettings {
  const path = (key: string): string => `storageInitializer.${key}`;
  for (const key of ["memoryRequest", "memoryLimit", "cpuRequest", "cpuLimit"]) {
    if (canonicalQuantity(text(part[key])) === undefined) issues.push(invalid(path(key), "it is not a quantity"));
  }
  for (const key of ["cpuModelcar", "memoryModelcar"]) {
    const value = text(part[key]);
    if (value !== "" && canonicalQuantity(value) === undefined) issues.push(invalid(path(key), "it is not a quantity"));
  }
  const mode = OCI_MODES.find((known) => known === text(part["ociModelMode"]));
  if (mode === undefined) {
    issues.push(
      invalid(
        path("ociModelMode"),
        `${JSON.stringify(part["ociModelMode"])} is none of ${OCI_MODES.slice(1).join(", ")}`,
      ),
    );
  }
  const isOciOn = part["enableModelcar"] === true || part["enableOciModelSupport"] === true;
  const uid = part["uidModelcar"];
  return {
    image: text(part["image"]),
    cpuRequest: text(part["cpuRequest"]),
    cpuLimit: text(part["cpuLimit"]),
    memoryRequest: text(part["memoryRequest"]),
    memoryLimit: text(part["memoryLimit"]),
    caBundleConfigMapName: text(part["caBundleConfigMapName"]),
    caBundleVolumeMountPath: text(part["caBundleVolumeMountPath"]),
    cpuModelcar: text(part["cpuModelcar"]),
    memoryModelcar: text(part["memoryModelcar"]),
    ...(typeof uid === "number" && { uidModelcar: uid }),
    ociModelMode: mode || (isOciOn ? "modelcar" : ""),
  };
}

function readCredentials(part: JsonObject): CredentialSettings {
  const gcs = isObject(part["gcs"]) ? part["gcs"] : {};
  const s3 = Object.entries(isObject(part["s3"]) ? part["s3"] : {});
  return {
    storageSpecSecretName: text(part["storageSpecSecretName"]),
    storageSecretNameAnnotation: text(part["storageSecretNameAnnotation"]),
    s3: Object.fromEntries(s3.map(([key, value]) => [key, text(value)])),
    gcs: { gcsCredentialFileName: text(gcs["gcsCredentialFileName"]) },
  };
}

function readPrometheus(part: JsonObject): PrometheusSettings {
  const prometheus = isObject(part["prometheus"]) ? part["prometheus"] : {};
  return {
    url: text(prometheus["url"]),
    tlsInsecureSkipVerify: prometheus["tlsInsecureSkipVerify"] === true,
    authModes: text(prometheus["authModes"]),
    triggerAuthName: text(prometheus["triggerAuthName"]),
    triggerAuthKind: text(prometheus["triggerAuthKind"]),
  };
}

function readAnnotations(part: JsonObject): string[] {
  const named = Array.isArray(part["expirationAnnotations"]) ? part["expirationAnnotations"].map(text) : [];
  return named.length > 0 ? named : DEFAULT_SETTINGS.expirationAnnotations;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

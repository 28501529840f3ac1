import { z } from "zod";
import { isObject, type Json, type JsonObject, jsonProblem } from "../../kubernetes/json.ts";
import { canonicalQuantity } from "../../kubernetes/quantity.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { judge } from "../input/judge.ts";
import { type Issue, isFine } from "../issues/issue.ts";
import { misspeltIn } from "./misspelt.ts";
import {
  type CredentialSettings,
  DEFAULT_SETTINGS,
  OCI_MODES,
  type PrometheusSettings,
  type Settings,
  type StorageInitializerSettings,
} from "./settings.ts";

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

interface Reading {
  systemNamespace?: string;
  /** Whose defaults a missing key or field gets. Default: kserve. */
  missing?: "kserve" | "package";
}

/**
 * Reads the data of the ConfigMap `inferenceservice-config`, a JSON text by key, as KServe does: missing keys get its
 * defaults, or those of this package, and a value that KServe cannot read is an issue. Source: config_loader.go and v1beta1/configmap.go, KServe
 * v0.20.0.
 */
export function parseSettings(
  given: unknown,
  { systemNamespace = DEFAULT_SETTINGS.systemNamespace, missing = "kserve" }: Reading = {},
): { settings?: Settings; issues: Issue[] } {
  if (!isObject(given)) return { issues: [invalid("", "the data of the ConfigMap is not a mapping")] };
  const data = given;
  const issues: Issue[] = [];
  const own = missing === "package" ? PACKAGE : {};
  const part = (key: keyof typeof PARTS): JsonObject => ({
    ...entryOf<JsonObject>(own, key),
    ...readPart(data, key, issues),
  });
  const ingress = part("ingress");
  if ("ingress" in data) checkIngress(ingress, issues);
  const autoscaling =
    "autoscaling-wva-controller-config" in data ? part("autoscaling-wva-controller-config") : undefined;
  const settings: Settings = {
    systemNamespace,
    ...readIngress(ingress, systemNamespace, issues),
    storageInitializer: readStorageInitializer(part("storageInitializer"), issues),
    credentials: readCredentials(part("credentials")),
    ...(autoscaling !== undefined && { autoscaling: { prometheus: readPrometheus(autoscaling) } }),
    expirationAnnotations: readAnnotations(part("scheduler")),
    ...(part("localModel")["enabled"] === true && { localModel: { enabled: true } }),
  };
  return isFine(issues) ? { settings, issues } : { issues };
}

const words = (...names: string[]) => Object.fromEntries(names.map((name) => [name, z.string().nullish()]));
const switches = (...names: string[]) => Object.fromEntries(names.map((name) => [name, z.boolean().nullish()]));

/**
 * The types of what is read, by key of the ConfigMap. KServe cannot read a ConfigMap with other types. All other
 * fields and keys belong to other components.
 */
const PARTS = {
  ingress: z.looseObject({
    ...words("kserveIngressGateway", "ingressGateway", "pathTemplate", "ingressDomain", "urlScheme"),
    ...words("modelBasedRoutingHeaderName", "modelBasedRoutingMode"),
    ...switches("enableGatewayApi", "enableLLMInferenceServiceTLS"),
  }),
  storageInitializer: z.looseObject({
    ...words("image", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit", "cpuModelcar", "memoryModelcar"),
    ...words("caBundleConfigMapName", "caBundleVolumeMountPath", "ociModelMode"),
    ...switches("enableModelcar", "enableOciModelSupport"),
    uidModelcar: z.int().nullish(),
  }),
  credentials: z.looseObject({
    ...words("storageSpecSecretName", "storageSecretNameAnnotation"),
    s3: z.record(z.string(), z.string().nullable()).nullish(),
    gcs: z.looseObject(words("gcsCredentialFileName")).nullish(),
  }),
  "autoscaling-wva-controller-config": z.looseObject({
    prometheus: z
      .looseObject({
        ...words("url", "authModes", "triggerAuthName", "triggerAuthKind"),
        ...switches("tlsInsecureSkipVerify"),
      })
      .nullish(),
  }),
  scheduler: z.looseObject({ expirationAnnotations: z.array(z.string()).nullish() }),
  localModel: z.looseObject(switches("enabled")),
} as const;

/** The fields that are read, by the path of their object. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(PARTS).map(([key, { shape }]) => [key, Object.keys(shape)])),
  "credentials.gcs": ["gcsCredentialFileName"],
  "autoscaling-wva-controller-config.prometheus": [
    ...["url", "authModes", "triggerAuthName", "triggerAuthKind", "tlsInsecureSkipVerify"],
  ],
};

/** The keys of the ConfigMap that are read. */
export const SETTINGS_KEYS = Object.keys(PARTS);

const { ingressGatewayNamespace, ingressGatewayName, storageInitializer, credentials } = DEFAULT_SETTINGS;
const GATEWAY = `${ingressGatewayNamespace}/${ingressGatewayName}`;
/** The defaults of this package, as the ConfigMap would have them. */
const PACKAGE: Readonly<Record<string, JsonObject>> = {
  ingress: { kserveIngressGateway: GATEWAY, ingressGateway: GATEWAY },
  storageInitializer: { ...storageInitializer },
  credentials: { ...credentials },
};

function readPart(data: JsonObject, key: keyof typeof PARTS, issues: Issue[]): JsonObject {
  const text = entryOf(data, key);
  if (text === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(typeof text === "string" ? text : "null");
    const wrong = judge(PARTS[key], parsed, { path: key, layer: "settings" });
    issues.push(...wrong.map(({ path, message, fix }) => invalid(path, message, fix)));
    if (!isObject(parsed)) return {};
    const slips = misspeltIn(parsed, key, FIELDS);
    issues.push(
      ...slips.map((slip): Issue => ({ ...invalid(slip.path, slip.message, slip.fix), severity: "warning" })),
    );
    return parsed;
  } catch (error) {
    issues.push(invalid(key, `the text is not valid JSON: ${jsonProblem(error)}`));
  }
  return {};
}

function invalid(path: string, message: string, fix = "correct the ConfigMap inferenceservice-config"): Issue {
  return { code: "SettingsInvalid", severity: "error", path, layer: "settings", message, fix };
}

function checkIngress(ingress: JsonObject, issues: Issue[]): void {
  const gateway = text(ingress["kserveIngressGateway"]);
  if (ingress["enableGatewayApi"] === true) {
    const [namespace = "", name = "", ...more] = gateway.split("/");
    if (more.length > 0 || !DNS_LABEL.test(namespace) || !DNS_LABEL.test(name)) {
      const message = `${JSON.stringify(gateway)} is not a gateway of the form NAMESPACE/NAME`;
      issues.push(invalid("ingress.kserveIngressGateway", message, "write NAMESPACE/NAME"));
    }
  }
  if (text(ingress["ingressGateway"]) === "") {
    issues.push(invalid("ingress.ingressGateway", "a required field is not set", "write NAMESPACE/NAME"));
  }
  if (text(ingress["pathTemplate"]) !== "" && text(ingress["ingressDomain"]) === "") {
    issues.push(
      invalid("ingress.ingressDomain", "the field is required when pathTemplate is set", "set ingressDomain"),
    );
  }
}

function readIngress(
  ingress: JsonObject,
  systemNamespace: string,
  issues: Issue[],
): Omit<
  Settings,
  | "systemNamespace"
  | "storageInitializer"
  | "credentials"
  | "autoscaling"
  | "expirationAnnotations"
  | "tls"
  | "localModel"
> {
  const gateway = text(ingress["kserveIngressGateway"]).split("/");
  const qualified = gateway.length === 2;
  const mode = text(ingress["modelBasedRoutingMode"]).toLowerCase();
  if (!["", "enabled", "forced", "disabled"].includes(mode)) {
    const message = `unknown mode ${JSON.stringify(mode)}: "enabled" applies instead`;
    const fix = "write enabled, forced or disabled";
    issues.push({ ...invalid("ingress.modelBasedRoutingMode", message, fix), severity: "warning" });
  }
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

/** The fields of the storage initializer that a ConfigMap of KServe must have. */
const EXAMPLES: Readonly<Record<string, string>> = {
  memoryRequest: "100Mi",
  memoryLimit: "1Gi",
  cpuRequest: "100m",
  cpuLimit: "1",
};

function readStorageInitializer(part: JsonObject, issues: Issue[]): StorageInitializerSettings {
  const path = (key: string): string => `storageInitializer.${key}`;
  const found = issues.map(({ path: at }) => at);
  const judgeQuantity = (key: string, example?: string): void => {
    const value = text(entryOf(part, key));
    if (found.includes(path(key)) || (value === "" && example === undefined)) return;
    if (value === "")
      issues.push(invalid(path(key), "a required field is not set", `set ${key} to a quantity, such as ${example}`));
    else if (canonicalQuantity(value) === undefined) {
      const message = `${JSON.stringify(value)} is not a Kubernetes quantity`;
      issues.push(invalid(path(key), message, 'write a quantity, such as "1Gi" or "500m"'));
    }
  };
  for (const [key, example] of Object.entries(EXAMPLES)) judgeQuantity(key, example);
  for (const key of ["cpuModelcar", "memoryModelcar"]) judgeQuantity(key);
  const mode = OCI_MODES.find((known) => known === text(part["ociModelMode"]));
  if (mode === undefined) {
    issues.push(
      invalid(
        path("ociModelMode"),
        `unknown mode ${JSON.stringify(part["ociModelMode"])}`,
        `write ${OCI_MODES.slice(1).join(" or ")}`,
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
    ...(part["ociInsecureRegistry"] === true && { ociInsecureRegistry: true }),
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

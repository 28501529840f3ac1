import type { EnvVar } from "kubernetes-types/core/v1.js";
import { ANNOTATION } from "../../../contract/names.ts";
import { entryOf } from "../../../kubernetes/table.ts";

type Map = Readonly<Record<string, string>>;

/** One setting of S3: its variable, which is also the key of a Secret, its annotation, and its key in the settings. */
interface Variable {
  name: string;
  annotation: string;
  setting: string;
}

const ENDPOINT: Variable = { name: "S3_ENDPOINT", annotation: "endpoint", setting: "s3Endpoint" };
const HTTPS: Variable = { name: "S3_USE_HTTPS", annotation: "usehttps", setting: "s3UseHttps" };
const OTHERS: readonly Variable[] = [
  { name: "S3_VERIFY_SSL", annotation: "verifyssl", setting: "s3VerifySSL" },
  { name: "awsAnonymousCredential", annotation: "useanoncredential", setting: "s3UseAnonymousCredential" },
  { name: "AWS_DEFAULT_REGION", annotation: "region", setting: "s3Region" },
  { name: "S3_USER_VIRTUAL_BUCKET", annotation: "usevirtualbucket", setting: "s3UseVirtualBucket" },
  { name: "S3_USE_ACCELERATE", annotation: "useaccelerate", setting: "s3UseAccelerate" },
  { name: "AWS_CA_BUNDLE", annotation: "cabundle", setting: "s3CABundle" },
  { name: "AWS_CA_BUNDLE_CONFIGMAP", annotation: "cabundle-configmap", setting: "s3CABundleConfigMap" },
];

/** The key of a Secret that holds S3's secret key, and makes it a Secret of S3. */
export function s3SecretKey({ s3SecretAccessKeyName }: Map): string {
  return s3SecretAccessKeyName || "awsSecretAccessKey";
}

/** S3's key pair from a Secret. */
export function s3KeyEnv(secret: string, settings: Map): EnvVar[] {
  const keys = {
    AWS_ACCESS_KEY_ID: settings["s3AccessKeyIDName"] || "awsAccessKeyID",
    AWS_SECRET_ACCESS_KEY: s3SecretKey(settings),
  };
  return Object.entries(keys).map(([name, key]) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } }));
}

/**
 * The settings of S3: each comes from its annotation, otherwise from the Secret, otherwise from the cluster-wide
 * settings; empty ones are left out. Source: BuildS3EnvVars in pkg/credentials/s3/utils.go, KServe v0.20.0.
 */
export function s3Env(annotations: Map, values: Map, settings: Map): EnvVar[] {
  const read = ({ name, annotation, setting }: Variable): string =>
    entryOf(annotations, ANNOTATION.s3Prefix + annotation) ?? entryOf(values, name) ?? entryOf(settings, setting) ?? "";
  const others = OTHERS.map((variable) => ({ name: variable.name, value: read(variable) }));
  return [...endpointEnv(read(ENDPOINT), read(HTTPS)), ...others.filter(({ value }) => value !== "")];
}

/** A protocol in the endpoint overrides the setting; without either it is https. */
function endpointEnv(endpoint: string, https: string): EnvVar[] {
  if (endpoint === "") return [];
  const trimmed = endpoint.trim();
  const [protocol] = /^https?:\/\//i.exec(trimmed) ?? [];
  const secure = protocol === undefined ? https : protocol.toLowerCase() === "https://" ? "1" : "0";
  const host = protocol === undefined ? trimmed : trimmed.slice(protocol.length);
  const url = protocol === undefined ? `${https === "0" ? "http" : "https"}://${trimmed}` : trimmed;
  return [
    ...(secure === "" ? [] : [{ name: "S3_USE_HTTPS", value: secure }]),
    { name: "S3_ENDPOINT", value: host },
    { name: "AWS_ENDPOINT_URL", value: url },
  ];
}

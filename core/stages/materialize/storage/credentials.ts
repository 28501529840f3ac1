import type { EnvVar, Secret, ServiceAccount } from "kubernetes-types/core/v1.js";
import { type Behaviour, keepsBoth } from "../../../contract/behaviour.ts";
import type { CredentialSettings } from "../../../contract/options/settings.ts";
import type { Container, KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { withAddedEnv, withInitContainer, withVolume } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { s3Env, s3KeyEnv, s3SecretKey } from "./s3.ts";

/** An account with an IAM role of AWS needs no secret. */
const IAM_ROLE = "eks.amazonaws.com/role-arn";

/** A Secret that the initializer reads: its name, and its values, decoded. */
interface StorageSecret {
  name: string;
  annotations: Readonly<Record<string, string>>;
  values: Readonly<Record<string, string>>;
}

/** What the initializer gets from a Secret. */
interface Given {
  env: EnvVar[];
  /** Mounts the Secret's files. */
  files?: { volume: string; mountPath: string };
  /** Whether an existing variable gets the new value, as IAM's variables do. */
  over?: boolean;
}

interface SecretKind {
  /** The key that identifies a Secret of this kind. */
  key(settings: CredentialSettings): string;
  /** Whether KServe supports this kind too. */
  isRead?(behaviour: Behaviour): boolean;
  give(secret: StorageSecret, settings: CredentialSettings): Given;
}

const AZURE = ["SUBSCRIPTION_ID", "TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"].map((suffix) => `AZURE_${suffix}`);
const AZURE_MORE = [
  "STORAGE_ACCESS_KEY",
  "ACCESS_TOKEN",
  "ACCESS_EXPIRES_ON_SECONDS",
  "ACCOUNT_NAME",
  "SERVICE_URL",
].map((suffix) => `AZURE_${suffix}`);
const MODELSCOPE = "MODELSCOPE_API_TOKEN";
const azure = (key: string): SecretKind => ({ key: () => key, give: (secret) => ({ env: azureEnv(secret) }) });

/**
 * The kinds of Secrets, in the order in which they are tried; a Secret of no kind is skipped. Source:
 * mountSecretCredential in pkg/credentials/service_account_credentials.go, KServe v0.20.0; ModelScope's from v0.21 on.
 */
const KINDS: readonly SecretKind[] = [
  {
    key: ({ s3 }) => s3SecretKey(s3),
    give: (secret, { s3 }) => ({
      env: [...s3KeyEnv(secret.name, s3), ...s3Env(secret.annotations, secret.values, s3)],
      over: true,
    }),
  },
  {
    key: gcsKey,
    give: (_secret, settings) => ({
      env: [{ name: "GOOGLE_APPLICATION_CREDENTIALS", value: `/var/secrets/${gcsKey(settings)}` }],
      files: { volume: "user-gcp-sa", mountPath: "/var/secrets/" },
    }),
  },
  azure("AZ_CLIENT_ID"),
  azure("AZURE_CLIENT_ID"),
  azure("AZURE_ACCESS_TOKEN"),
  {
    key: () => "AZURE_STORAGE_ACCESS_KEY",
    give: ({ name }) => ({ env: [fromSecret("AZURE_STORAGE_ACCESS_KEY", name, "AZURE_STORAGE_ACCESS_KEY")] }),
  },
  { key: () => "https-host", give: (secret) => ({ env: headerEnv(secret) }) },
  {
    key: () => "HDFS_NAMENODE",
    give: () => ({ env: [], files: { volume: "hdfs-secrets", mountPath: "/var/secrets/kserve-hdfscreds" } }),
  },
  { key: () => "HF_TOKEN", give: ({ name }) => ({ env: [fromSecret("HF_TOKEN", name, "HF_TOKEN")] }) },
  {
    key: () => MODELSCOPE,
    isRead: ({ modelScopeTokens }) => modelScopeTokens === "read",
    give: ({ name }) => ({ env: [fromSecret(MODELSCOPE, name, MODELSCOPE)] }),
  },
];

/**
 * Gives the storage initializer the credentials of an account: its IAM role, then the Secret that the service's
 * annotation names, otherwise the account's own Secrets. Source: CreateSecretVolumeAndEnvFromServiceAccount, same file.
 */
export function withCredentials(
  pod: PodSpec,
  initializer: string,
  account: ServiceAccount,
  context: MaterializeContext,
): PodSpec {
  const { settings, behaviour } = context;
  const annotations = account.metadata?.annotations ?? {};
  const iam = IAM_ROLE in annotations ? s3Env(annotations, {}, settings.credentials.s3) : [];
  const identified = withInitContainer(pod, initializer, (found) => withAddedEnv(found, iam, keepsBoth(behaviour)));
  return secretsOf(account, context).reduce((out, secret) => withSecret(out, initializer, secret, context), identified);
}

function secretsOf(account: ServiceAccount, context: MaterializeContext): StorageSecret[] {
  const { service, settings, behaviour } = context;
  const annotation = settings.credentials.storageSecretNameAnnotation;
  const asked = annotation === "" ? undefined : entryOf(service.metadata.annotations, annotation);
  const wanted =
    asked === undefined
      ? (account.secrets ?? []).map(({ name = "" }) => ({
          name,
          path: "spec.template.serviceAccountName",
          severity: behaviour.unknownReferences,
        }))
      : [{ name: asked, path: `metadata.annotations[${annotation}]`, severity: "error" as const }];
  return wanted.flatMap(({ name, path, severity }) => {
    const found = context.known.get("v1", "Secret", service.metadata.namespace, name);
    if (found !== undefined) return [readSecret(found)];
    context.report({
      code: "NotFound",
      severity,
      path,
      layer: asked === undefined ? "merged" : "service",
      message: `the Secret ${service.metadata.namespace}/${name} with the storage credentials is not among the known objects`,
      fix: "create it, and pass it in `known` (-f): its keys determine the kind of the credentials",
    });
    return [];
  });
}

/** `data` is base64; `stringData`, which a manifest may have, overrides it. */
function readSecret({ metadata, ...rest }: KubernetesObject): StorageSecret {
  const { data = {}, stringData = {} } = rest as Pick<Secret, "data" | "stringData">;
  const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]);
  return {
    name: metadata.name,
    annotations: metadata.annotations ?? {},
    values: { ...Object.fromEntries(decoded), ...stringData },
  };
}

function withSecret(pod: PodSpec, initializer: string, secret: StorageSecret, context: MaterializeContext): PodSpec {
  const { credentials } = context.settings;
  const read = KINDS.filter(({ isRead }) => isRead?.(context.behaviour) ?? true);
  const kind = read.find((one) => Object.hasOwn(secret.values, one.key(credentials)));
  if (kind === undefined) return pod;
  const { env, files, over } = kind.give(secret, credentials);
  const equipped = withInitContainer(pod, initializer, (found) => {
    const withVariables = over
      ? withEnvOver(found, env, context)
      : withAddedEnv(found, env, keepsBoth(context.behaviour));
    if (files === undefined) return withVariables;
    const mount = { name: files.volume, mountPath: files.mountPath, readOnly: true };
    return { ...withVariables, volumeMounts: [...(withVariables.volumeMounts ?? []), mount] };
  });
  return files === undefined
    ? equipped
    : withVolume(equipped, { name: files.volume, secret: { secretName: secret.name } });
}

/**
 * Variables merged over the existing ones: values are replaced in place, new variables are appended. A variable that
 * the user set stays where KServe would empty it: KServe copies values only, and this value comes from a Secret.
 */
function withEnvOver(container: Container, added: readonly EnvVar[], { behaviour }: MaterializeContext): Container {
  const env = container.env ?? [];
  const emptied = behaviour.alternatives === "all";
  const replaced = env.map((known) => {
    const over = added.find(({ name }) => name === known.name);
    if (over === undefined || (over.valueFrom && !emptied)) return known;
    const { value: _old, ...rest } = known;
    return { ...rest, ...(over.value && { value: over.value }) };
  });
  const missing = added.filter(({ name }) => !env.some((known) => known.name === name));
  return { ...container, env: [...replaced, ...missing] };
}

function fromSecret(name: string, secret: string, key: string): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

function gcsKey({ gcs }: CredentialSettings): string {
  return gcs.gcsCredentialFileName || "gcloud-application-credentials.json";
}

/** The tenant is always included; other values only if the Secret has them. The older keys begin with AZ_. */
function azureEnv({ name: secret, values }: StorageSecret): EnvVar[] {
  return [...AZURE, ...AZURE_MORE].flatMap((name) => {
    const older = AZURE.includes(name) ? name.replace("AZURE_", "AZ_") : "";
    const key = Object.hasOwn(values, older) ? older : name;
    return Object.hasOwn(values, key) || key === "AZURE_TENANT_ID" ? [fromSecret(name, secret, key)] : [];
  });
}

function headerEnv({ values }: StorageSecret): EnvVar[] {
  const { "https-host": host = "", headers } = values;
  return headers === undefined ? [] : [{ name: `${host}-headers`, ...(headers && { value: headers }) }];
}

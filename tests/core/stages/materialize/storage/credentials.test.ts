import assert from "node:assert/strict";
import type { EnvVar } from "kubernetes-types/core/v1.js";
import { type Behaviour, KSERVE_0_20, KSERVE_0_21, OWN } from "../../../../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../../../../core/contract/options/settings.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { ENGINE, type Given, initializerIn, issuesIn, make, podIn, serviceAccount } from "../given.ts";

const ANNOTATION = "serving.kserve.io/storageSecretName";

function secret(name: string, stringData: Record<string, string>, annotations = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "team", annotations }, stringData };
}

/** What a download from S3 gets from Secrets of the namespace's default account. */
function download(secrets: KubernetesObject[], given: Given = {}) {
  const names = secrets.map(({ metadata }) => ({ name: metadata.name }));
  const known = [serviceAccount("default", { secrets: names }), ...secrets, ...(given.known ?? [])];
  return make({ ...given, spec: { model: { uri: "s3://bucket/model" }, ...given.spec }, known });
}
const ref = (name: string, of: string, key = name): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: of, key } },
});
const settingsOf = (credentials: object) => ({ credentials: { ...DEFAULT_SETTINGS.credentials, ...credentials } });

describe("credentials of a Secret", () => {
  const kinds: [string, Record<string, string>, EnvVar[]][] = [
    ["Hugging Face's token", { HF_TOKEN: "t" }, [ref("HF_TOKEN", "s")]],
    ["ModelScope's token", { MODELSCOPE_API_TOKEN: "t" }, [ref("MODELSCOPE_API_TOKEN", "s")]],
    [
      "Azure's keys, by their older names where those are there",
      { AZ_CLIENT_ID: "x", AZ_TENANT_ID: "x", AZURE_CLIENT_SECRET: "x" },
      [
        ref("AZURE_TENANT_ID", "s", "AZ_TENANT_ID"),
        ref("AZURE_CLIENT_ID", "s", "AZ_CLIENT_ID"),
        ref("AZURE_CLIENT_SECRET", "s"),
      ],
    ],
    [
      "Azure's access token, with a tenant always",
      { AZURE_ACCESS_TOKEN: "x" },
      [ref("AZURE_TENANT_ID", "s"), ref("AZURE_ACCESS_TOKEN", "s")],
    ],
    [
      "Azure's storage key alone",
      { AZURE_STORAGE_ACCESS_KEY: "x", AZURE_ACCOUNT_NAME: "x" },
      [ref("AZURE_STORAGE_ACCESS_KEY", "s")],
    ],
    [
      "headers for a host",
      { "https-host": "example.com", headers: "a: b" },
      [{ name: "example.com-headers", value: "a: b" }],
    ],
    ["nothing from a Secret of another kind", { password: "x" }, []],
  ];
  for (const [what, data, env] of kinds) {
    it(`are ${what}`, () => assert.deepEqual(initializerIn(download([secret("s", data)])).env ?? [], env));
  }

  it("are ModelScope's from KServe v0.21 on", () => {
    const envOf = (behaviour: Behaviour) =>
      initializerIn(download([secret("s", { MODELSCOPE_API_TOKEN: "t" })], { behaviour })).env;
    assert.equal(envOf(KSERVE_0_20), undefined);
    assert.deepEqual(envOf(KSERVE_0_21), [ref("MODELSCOPE_API_TOKEN", "s")]);
  });

  it("are S3's keys, then the settings of S3: by annotation, by the Secret, by the settings", () => {
    const data = {
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_DEFAULT_REGION: "of-secret",
      S3_VERIFY_SSL: "",
    };
    const annotations = { "serving.kserve.io/s3-endpoint": " HTTP://minio:9000", "serving.kserve.io/s3-usehttps": "1" };
    const s3 = {
      ...DEFAULT_SETTINGS.credentials.s3,
      s3Region: "of-settings",
      s3UseAccelerate: "true",
      s3VerifySSL: "1",
    };
    const made = download([secret("s", data, annotations)], { settings: settingsOf({ s3 }) });
    assert.deepEqual(initializerIn(made).env, [
      ref("AWS_ACCESS_KEY_ID", "s"),
      ref("AWS_SECRET_ACCESS_KEY", "s"),
      { name: "S3_USE_HTTPS", value: "0" },
      { name: "S3_ENDPOINT", value: "minio:9000" },
      { name: "AWS_ENDPOINT_URL", value: "HTTP://minio:9000" },
      { name: "AWS_DEFAULT_REGION", value: "of-secret" },
      { name: "S3_USE_ACCELERATE", value: "true" },
    ]);
  });

  it("know S3's keys by the names of the settings", () => {
    const made = download([secret("s", { awsSecretAccessKey: "x" })], { settings: settingsOf({ s3: {} }) });
    assert.deepEqual(initializerIn(made).env, [
      ref("AWS_ACCESS_KEY_ID", "s", "awsAccessKeyID"),
      ref("AWS_SECRET_ACCESS_KEY", "s", "awsSecretAccessKey"),
    ]);
  });

  it("read an endpoint without a protocol as https, unless they set a protocol", () => {
    const env = (extra: object) => {
      const data = { AWS_SECRET_ACCESS_KEY: "x", S3_ENDPOINT: "minio", ...extra };
      return initializerIn(download([secret("s", data)])).env?.slice(2);
    };
    const endpoint = { name: "S3_ENDPOINT", value: "minio" };
    assert.deepEqual(env({}), [endpoint, { name: "AWS_ENDPOINT_URL", value: "https://minio" }]);
    const off = { name: "S3_USE_HTTPS", value: "0" };
    assert.deepEqual(env({ S3_USE_HTTPS: "0" }), [off, endpoint, { name: "AWS_ENDPOINT_URL", value: "http://minio" }]);
  });

  it("are files of Google's and of HDFS'", () => {
    const files = (data: Record<string, string>) => {
      const made = download([secret("s", data)]);
      return [initializerIn(made).volumeMounts?.[1], podIn(made).volumes?.[1], initializerIn(made).env];
    };
    assert.deepEqual(files({ "gcloud-application-credentials.json": "{}" }), [
      { name: "user-gcp-sa", mountPath: "/var/secrets/", readOnly: true },
      { name: "user-gcp-sa", secret: { secretName: "s" } },
      [{ name: "GOOGLE_APPLICATION_CREDENTIALS", value: "/var/secrets/gcloud-application-credentials.json" }],
    ]);
    assert.deepEqual(files({ HDFS_NAMENODE: "x" }).slice(0, 2), [
      { name: "hdfs-secrets", mountPath: "/var/secrets/kserve-hdfscreds", readOnly: true },
      { name: "hdfs-secrets", secret: { secretName: "s" } },
    ]);
  });

  it("are read from base64 data as from plain stringData", () => {
    const { stringData: _plain, ...stored } = secret("s", {});
    const data = { "https-host": Buffer.from("h").toString("base64"), headers: Buffer.from("a: b").toString("base64") };
    assert.deepEqual(initializerIn(download([{ ...stored, data }])).env, [{ name: "h-headers", value: "a: b" }]);
  });
});

describe("the account whose credentials are used", () => {
  const token = secret("token", { HF_TOKEN: "x" });

  it("is the account that the pods name", () => {
    const known = [serviceAccount("mine", { secrets: [{ name: "token" }] }), token];
    const made = make({ spec: { template: { ...ENGINE, serviceAccountName: "mine" } }, known });
    assert.deepEqual(initializerIn(made).env?.[0], ref("HF_TOKEN", "token"));
  });

  it("is not used if an annotation names a Secret", () => {
    const metadata = { annotations: { [ANNOTATION]: "token" } };
    const made = download([secret("other", { AWS_SECRET_ACCESS_KEY: "x" })], { metadata, known: [token] });
    assert.deepEqual(initializerIn(made).env, [ref("HF_TOKEN", "token")]);
  });

  it("has an IAM role, which the values of its Secret override", () => {
    const annotations = {
      "eks.amazonaws.com/role-arn": "arn",
      "serving.kserve.io/s3-region": "of-role",
      "serving.kserve.io/s3-usevirtualbucket": "1",
    };
    const account = serviceAccount("default", { secrets: [{ name: "s3" }] });
    const known = [
      { ...account, metadata: { ...account.metadata, annotations } },
      secret("s3", { AWS_SECRET_ACCESS_KEY: "x", AWS_DEFAULT_REGION: "of-secret" }),
    ];
    const { env } = initializerIn(make({ spec: { model: { uri: "s3://b/m" } }, known }));
    assert.deepEqual(env, [
      { name: "AWS_DEFAULT_REGION", value: "of-secret" },
      { name: "S3_USER_VIRTUAL_BUCKET", value: "1" },
      ref("AWS_ACCESS_KEY_ID", "s3"),
      ref("AWS_SECRET_ACCESS_KEY", "s3"),
    ]);
  });

  it("is unknown: an error if an annotation names its Secret, a warning if a pod names the account", () => {
    const metadata = { annotations: { [ANNOTATION]: "ghost" } };
    assert.deepEqual(issuesIn(make({ metadata })), [`error NotFound metadata.annotations[${ANNOTATION}]`]);
    const known = [serviceAccount("default", { secrets: [{ name: "ghost" }] })];
    const issue = "NotFound spec.template.serviceAccountName";
    assert.deepEqual(issuesIn(make({ known })), [`warning ${issue}`]);
    assert.deepEqual(issuesIn(make({ known, behaviour: KSERVE_0_20 })), [`error ${issue}`]);
  });

  it("does not override a variable that the user sets; under compat both are kept", () => {
    const own = { name: "storage-initializer", env: [{ name: "HF_TOKEN", value: "mine" }] };
    const template = { ...ENGINE, initContainers: [own] };
    const tokens = (behaviour: typeof OWN) =>
      initializerIn(download([token], { spec: { template }, behaviour })).env?.filter(
        ({ name }) => name === "HF_TOKEN",
      );
    assert.deepEqual(tokens(OWN), own.env);
    assert.deepEqual(tokens(KSERVE_0_20), [...own.env, ref("HF_TOKEN", "token")]);
  });
});

import assert from "node:assert/strict";
import { KSERVE_0_20, KSERVE_0_21, OWN } from "../../../../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../../../../core/contract/options/settings.ts";
import { hardened } from "../../../../../core/knowledge/presets/parts.ts";
import { DEFAULT_STACK } from "../../../../../core/knowledge/stacks/stacks.ts";
import { KnownObjects } from "../../../../../core/kubernetes/known.ts";
import type { PodSpec } from "../../../../../core/kubernetes/objects.ts";
import { attachModel } from "../../../../../core/stages/materialize/storage/attach.ts";
import { engineIn, type Given, initializerIn, issuesIn, make, objectIn, podIn, serviceAccount } from "../given.ts";

const PROVISION = "kserve-provision-location";
const from = (uri: string, given: Given = {}) =>
  make({ ...given, spec: { model: { uri, name: "chat" }, ...given.spec } });
const withStorage = (parts: object) => ({ storageInitializer: { ...DEFAULT_SETTINGS.storageInitializer, ...parts } });

describe("a model", () => {
  for (const scheme of ["hf", "s3", "gs", "modelscope"]) {
    it(`of ${scheme}:// is downloaded into a volume that the engine reads`, () => {
      const made = from(`${scheme}://org/model`);
      assert.deepEqual(initializerIn(made).args, [`${scheme}://org/model`, "/mnt/models"]);
      assert.deepEqual(initializerIn(made).volumeMounts, [{ name: PROVISION, mountPath: "/mnt/models" }]);
      assert.deepEqual(engineIn(made).volumeMounts, [{ name: PROVISION, mountPath: "/mnt/models", readOnly: true }]);
      assert.deepEqual(podIn(made).volumes, [{ name: PROVISION, emptyDir: {} }]);
      assert.deepEqual(issuesIn(made), []);
    });
  }

  it("of Hugging Face is downloaded fast, unless the user's own initializer sets another mode", () => {
    const names = (made: ReturnType<typeof make>) => initializerIn(made).env?.map(({ name, value }) => [name, value]);
    const defaults = [
      ["HF_HUB_ENABLE_HF_TRANSFER", "1"],
      ["HF_XET_HIGH_PERFORMANCE", "1"],
      ["HF_XET_NUM_CONCURRENT_RANGE_GETS", "8"],
    ];
    assert.deepEqual(names(from("hf://org/model")), defaults);
    assert.equal(names(from("s3://bucket/model")), undefined);
    const own = { name: "storage-initializer", env: [{ name: "HF_XET_HIGH_PERFORMANCE", value: "0" }] };
    const template = { containers: [{ name: "main" }], initContainers: [own] };
    const [transfer = [], , gets = []] = defaults;
    const wanted = [["HF_XET_HIGH_PERFORMANCE", "0"], transfer, gets];
    assert.deepEqual(names(from("hf://org/model", { spec: { template } })), wanted);
  });

  it("is downloaded by a container that may be root only if the pod may", () => {
    const context = (securityContext: object) => {
      const template = { securityContext, containers: [{ name: "main" }] };
      return initializerIn(from("hf://org/model", { spec: { template } })).securityContext;
    };
    const { runAsNonRoot: _refused, ...rest } = hardened();
    assert.deepEqual(context({ fsGroup: 1000 }), hardened());
    assert.deepEqual(context({ runAsUser: 1000, runAsNonRoot: true }), hardened());
    assert.deepEqual(context({ runAsUser: 0 }), rest);
    assert.deepEqual(context({ runAsNonRoot: false }), rest);
  });

  const FETCHED = [
    ["oci+fetch://registry/model:1", {}],
    ["oci://registry/model:1", withStorage({ ociModelMode: "fetch" })],
  ] as const;
  for (const [uri, settings] of FETCHED) {
    it(`of ${uri.split(":")[0]}:// is downloaded from its registry${uri.startsWith("oci:") ? ", by the settings" : ""}`, () => {
      const made = from(uri, { settings });
      assert.deepEqual(initializerIn(made).args, ["oci://registry/model:1", "/mnt/models"]);
      assert.deepEqual(engineIn(made).volumeMounts, [{ name: PROVISION, mountPath: "/mnt/models", readOnly: true }]);
      assert.deepEqual(
        [initializerIn(made).env, podIn(made).volumes],
        [undefined, [{ name: PROVISION, emptyDir: {} }]],
      );
      assert.deepEqual(issuesIn(made), []);
    });
  }

  it("of oci+fetch:// is read with the first pull secret, of the pod before the account's", () => {
    const engine = { containers: [{ name: "main" }] };
    const account = { ...serviceAccount("default"), imagePullSecrets: [{ name: "of-account" }] };
    const fetched = (template: object) =>
      from("oci+fetch://registry/model:1", { spec: { template: { ...engine, ...template } }, known: [account] });
    const secretOf = (made: ReturnType<typeof make>) =>
      podIn(made).volumes?.find(({ secret }) => secret !== undefined)?.secret;
    const items = [{ key: ".dockerconfigjson", path: "config.json" }];
    assert.deepEqual(secretOf(fetched({})), { secretName: "of-account", items });
    const made = fetched({ imagePullSecrets: [{ name: "first" }, { name: "second" }] });
    assert.deepEqual(secretOf(made), { secretName: "first", items });
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.template.imagePullSecrets"]);
    const { env, volumeMounts } = initializerIn(made);
    assert.deepEqual(env, [{ name: "KSERVE_OCI_DOCKER_CONFIG", value: "/mnt/oci-fetch-auth/config.json" }]);
    assert.deepEqual(volumeMounts?.map(({ mountPath }) => mountPath).sort(), ["/mnt/models", "/mnt/oci-fetch-auth"]);
    assert.deepEqual(engineIn(made).volumeMounts?.length, 1, "the engine does not see the secret");
  });

  it("of oci+fetch:// is read without verified TLS only if the settings allow it", () => {
    const envOf = (parts: object) =>
      initializerIn(from("oci+fetch://registry/model:1", { settings: withStorage(parts) })).env;
    assert.deepEqual(envOf({ ociInsecureRegistry: true }), [{ name: "KSERVE_OCI_INSECURE_REGISTRY", value: "true" }]);
    assert.equal(envOf({ ociInsecureRegistry: false }), undefined);
    const hub = from("hf://org/model", { settings: withStorage({ ociInsecureRegistry: true }) });
    assert.ok(!initializerIn(hub).env?.some(({ name }) => name.includes("OCI")));
  });

  it("of oci:// in the mode fetch is a modelcar under KServe's rule, as its controller makes it", () => {
    for (const behaviour of [KSERVE_0_20, KSERVE_0_21]) {
      const made = from("oci://registry/model:1", { settings: withStorage({ ociModelMode: "fetch" }), behaviour });
      assert.ok(podIn(made).containers?.some(({ name }) => name === "modelcar"));
    }
  });

  it("is downloaded by the first release of the storage initializer that has its scheme, unless the settings name another image", () => {
    const imageOf = (uri: string, parts: object = {}) =>
      initializerIn(from(uri, { settings: withStorage(parts) })).image;
    assert.equal(imageOf("hf://org/model"), DEFAULT_SETTINGS.storageInitializer.image);
    for (const uri of ["modelscope://org/model", "oci+fetch://registry/model:1"]) {
      assert.equal(imageOf(uri), "kserve/storage-initializer:v0.21.0");
      assert.equal(imageOf(uri, { image: "registry.example.com/init:7" }), "registry.example.com/init:7");
    }
  });

  const IMAGES: [image: string, isOld: boolean][] = [
    ["kserve/storage-initializer:v0.19.0", true],
    ["registry.example.com:5000/kserve/storage-initializer:v0.20.1@sha256:0", true],
    ["kserve/storage-initializer:v0.21.0-rc1", false],
    ["kserve/storage-initializer:v0.22.0", false],
    ["kserve/storage-initializer:latest", false],
    ["registry.example.com/downloader:v0.1.0", false],
  ];
  for (const [image, isOld] of IMAGES) {
    it(`of modelscope:// is ${isOld ? "refused" : "accepted"} with the storage initializer ${image}`, () => {
      const made = from("modelscope://org/model", { settings: withStorage({ image }) });
      const wanted = isOld ? ["error UnsupportedScheme settings.storageInitializer.image"] : [];
      assert.deepEqual(issuesIn(made), wanted);
      const template = { containers: [{ name: "main" }], initContainers: [{ name: "storage-initializer", image }] };
      const own = from("modelscope://org/model", { spec: { template } });
      const at = "spec.template.initContainers[name=storage-initializer].image";
      assert.deepEqual(issuesIn(own), isOld ? [`error UnsupportedScheme ${at}`] : []);
    });
  }

  it("of pvc:// is a claim's folder, read-only", () => {
    const made = from("pvc://claim/a/b");
    assert.deepEqual(podIn(made).volumes, [
      { name: "kserve-pvc-source", persistentVolumeClaim: { claimName: "claim" } },
    ]);
    assert.deepEqual(engineIn(made).volumeMounts, [
      { name: "kserve-pvc-source", mountPath: "/mnt/models", readOnly: true, subPath: "a/b" },
    ]);
    assert.equal(podIn(made).initContainers, undefined);
    assert.equal(engineIn(from("pvc://claim")).volumeMounts?.[0]?.subPath, undefined);
  });

  it("of oci:// is linked by a sidecar, as the settings' user", () => {
    const made = from("oci://registry/model:1");
    assert.equal(podIn(made).shareProcessNamespace, true);
    assert.deepEqual(
      [...(podIn(made).containers ?? []), ...(podIn(made).initContainers ?? [])].map(({ name }) => name),
      ["main", "modelcar", "modelcar-init"],
    );
    assert.deepEqual(engineIn(made).env, [{ name: "MODEL_INIT_MODE", value: "async" }]);
    assert.deepEqual(engineIn(made).volumeMounts, [{ name: PROVISION, mountPath: "/mnt" }]);
    assert.deepEqual(engineIn(made).securityContext, { runAsUser: 1010 });
  });

  for (const [uri, settings] of [
    ["oci+native://registry/model:1", {}],
    ["oci://registry/model:1", withStorage({ ociModelMode: "native" })],
  ] as const) {
    it(`of ${uri.split(":")[0]}:// is a volume of its image${uri.startsWith("oci:") ? ", by the settings" : ""}`, () => {
      const made = from(uri, { settings });
      const image = { reference: "registry/model:1", pullPolicy: "IfNotPresent" };
      assert.deepEqual(podIn(made).volumes, [{ name: "mnt-models", image }]);
      assert.deepEqual(engineIn(made).volumeMounts, [
        { name: "mnt-models", mountPath: "/mnt/models", subPath: "models", readOnly: true },
      ]);
    });
  }

  it("on a node's cache is the cache's claim, whatever its scheme", () => {
    const cache = "internal.serving.kserve.io/localmodel";
    const metadata = {
      labels: { [cache]: "llama" },
      annotations: { [`${cache}-sourceuri`]: "hf://org/model", [`${cache}-pvc-name`]: "cache" },
    };
    const { volumeMounts } = engineIn(from("hf://org/model/sub", { metadata }));
    assert.equal(volumeMounts?.[0]?.subPath, "models/759d2c8a9177d6ad/sub");
    const bare = from("hf://org/model", { metadata: { labels: { [cache]: "llama" } } });
    assert.deepEqual(issuesIn(bare), [
      `error MissingField metadata.annotations[${cache}-sourceuri]`,
      `error MissingField metadata.annotations[${cache}-pvc-name]`,
    ]);
  });

  it("on a node's cache is found below a source with a slash at its end, and refused if the source belongs to another model", () => {
    const cache = "internal.serving.kserve.io/localmodel";
    const marked = (source: string) => ({
      labels: { [cache]: "llama" },
      annotations: { [`${cache}-sourceuri`]: source, [`${cache}-pvc-name`]: "cache" },
    });
    const below = from("hf://org/model/sub", { metadata: marked("hf://org/model/") });
    assert.equal(engineIn(below).volumeMounts?.[0]?.subPath, "models/12ad8f3de6c8312d/sub");
    const other = from("hf://org/model-7b", { metadata: marked("hf://org/model") });
    assert.deepEqual(issuesIn(other), [`error Conflict metadata.annotations[${cache}-sourceuri]`]);
  });

  it("is decrypted if it is confidential and nothing else is downloaded with it", () => {
    const confidential = { enabled: true, resourceId: "kbs:///a/b/c" };
    const made = make({ spec: { model: { uri: "hf://org/model", confidential } } });
    assert.deepEqual(initializerIn(made).env?.slice(0, 2), [
      { name: "CONFIDENTIAL_ENABLED", value: "true" },
      { name: "CONFIDENTIAL_RESOURCE_ID", value: "kbs:///a/b/c" },
    ]);
    const lora = { adapters: [{ name: "a", uri: "hf://org/a" }] };
    assert.deepEqual(issuesIn(make({ spec: { model: { uri: "hf://org/model", confidential, lora } } })), [
      "warning UnusedField spec.model.confidential",
    ]);
  });
});

describe("a model that cannot be downloaded or mounted", () => {
  const refused: [string, string, Given][] = [
    ["of an unknown scheme", "error UnsupportedScheme spec.model.uri", { spec: { model: { uri: "ftp://x/y" } } }],
    ["without a scheme", "error UnsupportedScheme spec.model.uri", { spec: { model: { uri: "org/model" } } }],
    [
      "of gs:// under KServe's rule",
      "error UnsupportedScheme spec.model.uri",
      { spec: { model: { uri: "gs://b/m" } }, behaviour: KSERVE_0_20 },
    ],
    ...(["modelscope://org/model", "oci+fetch://r/m:1"] as const).flatMap((uri) =>
      Object.entries({ KSERVE_0_20, KSERVE_0_21 }).map(([rule, behaviour]): [string, string, Given] => [
        `${uri} under ${rule}`,
        "error UnsupportedScheme spec.model.uri",
        { spec: { model: { uri } }, behaviour },
      ]),
    ),
    [
      "of oci:// where the settings turn it off",
      "error SettingsInvalid spec.model.uri",
      { spec: { model: { uri: "oci://r/m" } }, settings: withStorage({ ociModelMode: "" }) },
    ],
    [
      "of oci:// without an engine to read it",
      "error MissingField spec.template.containers",
      { spec: { model: { uri: "oci://r/m" }, template: { containers: [{ name: "other" }] } } },
    ],
    [
      "downloaded for a pod without an engine",
      "error MissingField spec.template.containers",
      { spec: { template: { containers: [{ name: "other" }] } } },
    ],
    [
      "as an image volume where another volume is",
      "error Conflict spec.template.containers",
      {
        spec: {
          model: { uri: "oci+native://r/m" },
          template: { containers: [{ name: "main", volumeMounts: [{ name: "x", mountPath: "/mnt/models" }] }] },
        },
      },
    ],
  ];
  for (const [situation, issue, given] of refused) {
    it(`is refused: ${situation}`, () => assert.deepEqual(issuesIn(make(given)), [issue]));
  }

  const MEANT: [uri: string, meant: string | undefined][] = [
    ["org/model", "hf://org/model"],
    ["https://huggingface.co/org/model-1.5B", "hf://org/model-1.5B"],
    ["https://hf.co/org/model/", "hf://org/model"],
    ["huggingface.co/org/model/tree/main", "hf://org/model"],
    ["https://huggingface.co/org/model/tree/v1", "hf://org/model:v1"],
    ["https://huggingface.co/datasets/org", undefined],
    ["https://example.com/org/model", undefined],
    ["/srv/model", undefined],
    ["model", undefined],
  ];
  for (const [uri, meant] of MEANT) {
    it(`gets the fix to write ${meant ?? "a supported scheme"} in place of ${uri}`, () => {
      const found = from(uri).issues.find(({ code }) => code === "UnsupportedScheme");
      assert.match(found?.fix ?? "", meant === undefined ? /^use one of hf:/ : new RegExp(`^write ${meant}$`));
      assert.deepEqual(found?.fixes, meant && [{ path: "spec.model.uri", value: meant }]);
    });
  }
});

describe("the storage initializer", () => {
  it("is hardened like engines, unless a layer sets another value or a running pod would restart", () => {
    assert.deepEqual(initializerIn(from("s3://bucket/model")).securityContext, hardened());
    const own = { name: "storage-initializer", securityContext: { runAsUser: 1001 } };
    const template = { containers: [{ name: "main" }], initContainers: [own] };
    const merged = initializerIn(from("s3://bucket/model", { spec: { template } })).securityContext;
    assert.deepEqual(merged, { ...hardened(), runAsUser: 1001 });
    for (const given of [{ behaviour: KSERVE_0_20 }, { adopt: { plainInitializer: true } }]) {
      assert.equal(initializerIn(from("s3://bucket/model", given)).securityContext, undefined);
    }
  });

  it("applies the user's customization, keeps its arguments, and comes last", () => {
    const own = { name: "storage-initializer", image: "mine", args: ["x"], resources: { limits: { cpu: "4" } } };
    const template = { containers: [{ name: "main" }], initContainers: [own, { name: "other" }] };
    const made = make({ spec: { template } });
    assert.deepEqual(
      podIn(made).initContainers?.map(({ name }) => name),
      ["other", "storage-initializer"],
    );
    const { image, args, resources } = initializerIn(made);
    assert.deepEqual([image, args], ["mine", ["hf://org/model", "/mnt/models"]]);
    assert.deepEqual(resources?.limits, { cpu: "4", memory: "1Gi" });
    assert.deepEqual(issuesIn(made), [
      "warning UnusedField spec.template.initContainers[name=storage-initializer].args",
    ]);
  });

  it("is removed, and reported, if there is nothing to download", () => {
    const template = { containers: [{ name: "main" }], initContainers: [{ name: "storage-initializer" }] };
    const made = from("pvc://claim", { spec: { template } });
    assert.deepEqual(podIn(made).initContainers, []);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.template.initContainers[name=storage-initializer]"]);
  });

  it("that is turned off downloads nothing, which is reported unless the user mounts a volume at the path", () => {
    const off = { storageInitializer: { enabled: false } };
    const made = from("pvc://claim", { spec: off });
    assert.equal(engineIn(made).volumeMounts, undefined);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.model.uri"]);
    const template = { containers: [{ name: "main", volumeMounts: [{ name: "mine", mountPath: "/mnt/" }] }] };
    assert.deepEqual(issuesIn(from("pvc://claim", { spec: { ...off, template } })), []);
  });

  it("that is turned off is not reported for an engine that reads nothing at the model's path", () => {
    const off = { storageInitializer: { enabled: false } };
    const issuesOf = (container: object) =>
      issuesIn(
        from("hf://placeholder/none", { spec: { ...off, template: { containers: [{ name: "main", ...container }] } } }),
      );
    const simulator = { command: ["/app/llm-d-inference-sim"], args: ["--port", "8000", "--model", "simulated"] };
    assert.deepEqual(issuesOf(simulator), []);
    assert.deepEqual(issuesOf({ command: ["vllm", "serve", "Qwen/Qwen3-8B"] }), []);
    const missed = ["warning UnusedField spec.model.uri"];
    assert.deepEqual(issuesOf({ args: ["/mnt/models", "--port=8000"] }), missed);
    assert.deepEqual(issuesOf({ ...simulator, env: [{ name: "MODEL", value: "/mnt/models/a" }] }), missed);
  });

  it("works with existing volumes and mounts of its name", () => {
    const mount = { name: PROVISION, mountPath: "/elsewhere" };
    const template = {
      containers: [{ name: "main", volumeMounts: [mount] }],
      volumes: [{ name: PROVISION, emptyDir: { sizeLimit: "1Gi" } }],
    };
    const made = make({ spec: { template } });
    assert.deepEqual(engineIn(made).volumeMounts, [mount]);
    assert.deepEqual(podIn(made).volumes, template.volumes);
  });

  it("reads a tokenizer's files only, if a tokenizer needs them, at a separate path", () => {
    const pod: PodSpec = { containers: [{ name: "tokenizer" }] };
    const spec = { model: { uri: "hf://org/model" } };
    const metadata = { name: "chat", namespace: "team" };
    const service = { apiVersion: "v1", kind: "LLMInferenceService" as const, metadata, spec };
    const known = new KnownObjects();
    const context = { service, spec, settings: DEFAULT_SETTINGS, stack: DEFAULT_STACK, known, behaviour: OWN };
    const request = { container: "tokenizer", mountPath: "/mnt/models/base", adapters: false, path: "spec.x" };
    const { containers, initContainers } = attachModel(pod, request, {
      ...context,
      report: ({ message }) => assert.fail(message),
    });
    assert.equal(containers?.[0]?.volumeMounts?.[0]?.mountPath, "/mnt/models/base");
    const patterns = initContainers?.[0]?.env?.find(({ name }) => name === "STORAGE_ALLOW_PATTERNS");
    assert.match(patterns?.value ?? "", /^\["tokenizer.json", "tokenizer_config.json", /);
  });
});

describe("the CA bundle", () => {
  const settings = withStorage({ caBundleConfigMapName: "my-ca", caBundleVolumeMountPath: "/etc/ca" });
  const bundle = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "my-ca", namespace: "kserve" },
    data: { "cabundle.crt": "PEM", other: "x" },
  };

  it("is copied to the service's namespace, and given to downloads of S3", () => {
    const made = from("s3://bucket/model", { settings, known: [bundle] });
    const { metadata, data } = objectIn(made, "ConfigMap");
    assert.deepEqual([metadata, data], [{ name: "global-ca-bundle", namespace: "team" }, { "cabundle.crt": "PEM" }]);
    assert.deepEqual(initializerIn(made).env, [
      { name: "CA_BUNDLE_CONFIGMAP_NAME", value: "global-ca-bundle" },
      { name: "CA_BUNDLE_VOLUME_MOUNT_POINT", value: "/etc/ca" },
    ]);
    assert.deepEqual(podIn(made).volumes?.[1], { name: "cabundle-cert", configMap: { name: "global-ca-bundle" } });
  });

  it("is not needed by a model of Hugging Face alone", () => {
    const made = from("hf://org/model", { settings, known: [bundle] });
    assert.equal(podIn(made).volumes?.length, 1);
  });

  it("is refused when it is unknown or empty", () => {
    const issue = "error NotFound storageInitializer.caBundleConfigMapName";
    assert.deepEqual(issuesIn(make({ settings })), [issue]);
    assert.deepEqual(issuesIn(make({ settings, known: [{ ...bundle, data: {} }] })), [issue]);
  });
});

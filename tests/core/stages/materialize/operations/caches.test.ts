import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gib } from "../../../../../core/knowledge/memory/rank.ts";
import type { Container, KubernetesObject, PodSpec } from "../../../../../core/kubernetes/objects.ts";
import { planOf } from "../../check/plan.ts";
import { engineIn, initializerIn, issuesIn, make, objectIn, podIn } from "../given.ts";
import { GROUPS, MODEL, planned, refused, type Spec, specsOf } from "./operated.ts";

const QWEN = { model: { uri: "hf://Qwen/Qwen3-8B" }, accelerator: "nvidia-h100-80gb" };
const cached = (modelCache: unknown = true, spec: object = QWEN) => ({ ...spec, operations: { modelCache } });
const named = (objects: readonly KubernetesObject[], kind: string): string | undefined =>
  objects.find((object) => object.kind === kind)?.metadata.name;
const jobPod = (objects: readonly KubernetesObject[]): PodSpec => {
  const [spec] = specsOf(objects, "Job");
  assert.ok(spec?.template !== undefined);
  return spec.template.spec;
};
const claimsOf = (pod: PodSpec | undefined): (string | undefined)[] =>
  (pod?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
  );

describe("operations.modelCache", () => {
  it("downloads once into a claim that every pod reads", () => {
    const objects = planned({
      ...cached(),
      prefill: { accelerator: "nvidia-h100-80gb" },
      router: { route: {}, scheduler: {} },
    });
    const claim = named(objects, "PersistentVolumeClaim");
    assert.match(claim ?? "", /^chat-kserve-model-[0-9a-f]{8}$/);
    assert.deepEqual(claimsOf(jobPod(objects)), [claim]);
    const engines = objects.filter(({ kind, metadata }) => kind === "Deployment" && !/scheduler/.test(metadata.name));
    assert.equal(engines.length, 2);
    for (const { spec } of engines as unknown as { spec: Spec }[]) {
      const pod = spec.template?.spec;
      assert.deepEqual(claimsOf(pod), [claim]);
      const [mount] = pod?.containers?.[0]?.volumeMounts?.filter(({ mountPath }) => mountPath === "/mnt/models") ?? [];
      assert.deepEqual([mount?.readOnly, mount?.subPath?.startsWith("models/")], [true, true]);
      const [, folder] = jobPod(objects).containers?.[0]?.args ?? [];
      assert.equal(`/mnt/cache/${mount?.subPath}`, folder, "engines read what the Job writes");
      assert.ok(!(pod?.initContainers ?? []).some(({ name }) => name === "storage-initializer"));
    }
  });

  it("sizes the claim by the model, and requires a size for an unknown model", () => {
    const [claim] = specsOf(planned(cached()), "PersistentVolumeClaim");
    // 8.19 billion parameters of two bytes, three times.
    assert.deepEqual(claim?.["resources"], { requests: { storage: "46Gi" } });
    assert.equal(Math.ceil(Number(gib(3 * 8.19e9 * 2))), 46);
    assert.deepEqual(claim?.["accessModes"], ["ReadWriteMany"]);
    const unknown = { model: { uri: "hf://org/unheard-of" } };
    assert.deepEqual(refused(cached(true, unknown)), ["error MissingField spec.operations.modelCache.size"]);
    const [said] = specsOf(
      planned(cached({ size: "1024Gi", storageClassName: "nfs" }, unknown)),
      "PersistentVolumeClaim",
    );
    assert.deepEqual([said?.["resources"], said?.["storageClassName"]], [{ requests: { storage: "1Ti" } }, "nfs"]);
  });

  it("has one claim for each model and size", () => {
    const nameOf = (spec: object): string | undefined => named(planned(spec), "PersistentVolumeClaim");
    const names = [
      cached(),
      cached({ size: "100Gi" }),
      cached({ storageClassName: "nfs" }),
      cached(true, { ...QWEN, model: { uri: "hf://Qwen/Qwen3-4B" } }),
    ].map(nameOf);
    assert.equal(new Set(names).size, 4);
    assert.equal(nameOf(cached({ size: "0.5Ti" })), nameOf(cached({ size: "512Gi" })));
    const jobs = [cached(), cached({ size: "100Gi" })].map((spec) => named(planned(spec), "Job"));
    assert.notEqual(jobs[0], jobs[1], "another claim is filled by another Job");
    assert.equal(named(planned({ ...cached(), replicas: 3 }), "Job"), jobs[0]);
  });

  it("uses a separate folder in an existing claim", () => {
    const objects = planned(cached({ claimName: "weights" }, { model: { uri: "hf://org/unheard-of" } }));
    assert.equal(named(objects, "PersistentVolumeClaim"), undefined);
    assert.deepEqual(claimsOf(jobPod(objects)), ["weights"]);
    assert.deepEqual(refused(cached({ claimName: "weights", size: "1Gi" })), [
      "error Conflict spec.operations.modelCache",
    ]);
  });

  it("of a config applies to fields that the service does not set, and the service overrides the others", () => {
    const config = {
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceServiceConfig",
      metadata: { name: "team", namespace: "team" },
      spec: { operations: { modelCache: { storageClassName: "nfs" } } },
    };
    const of = (modelCache: unknown) =>
      planned({ ...cached(modelCache), baseRefs: [{ name: "team" }] }, { configs: [config] });
    const [claim] = specsOf(of({ size: "64Gi" }), "PersistentVolumeClaim");
    assert.deepEqual([claim?.["storageClassName"], claim?.["resources"]], ["nfs", { requests: { storage: "64Gi" } }]);
    assert.equal(named(of({ claimName: "weights" }), "PersistentVolumeClaim"), undefined);
    assert.equal(named(of(false), "Job"), undefined);
  });

  it("gives the Job time for the weights, and room to write", () => {
    const deadline = (spec: object): unknown => specsOf(planned(spec), "Job")[0]?.["activeDeadlineSeconds"];
    assert.equal(deadline(cached()), 3600);
    const large = {
      model: { uri: "hf://meta-llama/Llama-3.1-405B-Instruct" },
      parallelism: { tensor: 8, pipeline: 2 },
    };
    const hours =
      Number(
        specsOf(planOf(cached(true, large), { checks: { NoAccelerator: "off" } }).objects, "Job")[0]?.[
          "activeDeadlineSeconds"
        ],
      ) / 3600;
    assert.ok(hours > 8.5 && hours < 9.5, `${hours}`);
    assert.equal(deadline(cached({ claimName: "weights" }, { model: { uri: "hf://org/unheard-of" } })), 6 * 3600);
    const group = (fsGroup?: unknown) =>
      jobPod(planned(cached({ ...(fsGroup !== undefined && { fsGroup }) }))).securityContext;
    assert.deepEqual(group(), { fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" });
    assert.equal(group(2000)?.fsGroup, 2000);
    assert.equal(group(false), undefined);
  });

  it("runs as the engines do, with the user's own storage initializer", () => {
    const own = { name: "storage-initializer", env: [{ name: "HF_ENDPOINT", value: "https://mirror" }] };
    const template = { serviceAccountName: "reader", imagePullSecrets: [{ name: "pull" }], initContainers: [own] };
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "hf", namespace: "team" },
      data: { HF_TOKEN: "eA==" },
    };
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "reader", namespace: "team" },
      secrets: [{ name: "hf" }],
    };
    const pod = jobPod(planned({ ...cached(), template }, { known: [secret, account] }));
    const [container] = pod.containers as Container[];
    assert.deepEqual([pod.serviceAccountName, pod.imagePullSecrets], ["reader", [{ name: "pull" }]]);
    const env = new Map(container?.env?.map((one) => [one.name, one]));
    assert.equal(env.get("HF_ENDPOINT")?.value, "https://mirror");
    assert.deepEqual(env.get("HF_TOKEN")?.valueFrom, { secretKeyRef: { name: "hf", key: "HF_TOKEN" } });
    assert.equal(container?.securityContext?.runAsNonRoot, true);
    assert.deepEqual(
      pod.tolerations?.map(({ key }) => key),
      ["nvidia.com/gpu"],
    );
    assert.equal(pod.nodeSelector, undefined, "a download needs no accelerator");
    const bound = planOf(cached({ accessMode: "ReadWriteOnce", size: "20Gi" })).objects;
    assert.ok(jobPod(bound).nodeSelector !== undefined, "a volume of one node is made where engines can run");
  });

  it("reports models without a download, and claims that bind pods to one node", () => {
    const unused = ["warning UnusedField spec.operations.modelCache"];
    assert.deepEqual(refused({ ...MODEL, ...cached(true, { ...MODEL, model: { uri: "pvc://claim/model" } }) }), unused);
    assert.deepEqual(
      refused({ ...cached(), replicas: 2, operations: { modelCache: { accessMode: "ReadWriteOnce" } } }),
      ["warning Conflict spec.operations.modelCache.accessMode"],
    );
    assert.deepEqual(refused(cached({ accessMode: "ReadWriteOnce" })), []);
    assert.deepEqual(refused(cached({ size: "much" })), ["error InvalidValue spec.operations.modelCache.size"]);
    assert.deepEqual(refused(cached({ size: "0Gi" })), ["error InvalidValue spec.operations.modelCache.size"]);
    assert.deepEqual(refused(cached({ sise: "1Gi" })), ["error UnknownField spec.operations.modelCache.sise"]);
  });

  it("outlives a stopped service's pods", () => {
    const stopped = make({
      operations: { modelCache: { size: "1Gi" }, compileCache: true },
      metadata: { annotations: { "serving.kserve.io/stop": "true" } },
    });
    assert.deepEqual(
      stopped.objects.map(({ kind }) => kind),
      ["PersistentVolumeClaim", "Job", "PersistentVolumeClaim"],
    );
    assert.deepEqual(issuesIn(stopped), []);
  });

  it("does not include LoRA adapters, which the pods download", () => {
    const lora = { adapters: [{ name: "sql", uri: "hf://org/sql" }] };
    const made = make({
      spec: { model: { uri: "s3://bucket/model", name: "chat", lora } },
      operations: { modelCache: { size: "1Gi" } },
    });
    assert.equal(initializerIn(made).args?.includes("s3://bucket/model"), false);
    assert.ok(claimsOf(podIn(made))[0]?.startsWith("chat-kserve-model-"));
    assert.ok(engineIn(made).volumeMounts?.some(({ mountPath }) => mountPath === "/mnt/models"));
    assert.equal(objectIn(made, "Job").spec.template.spec.containers[0].args[0], "s3://bucket/model");
  });
});

describe("the download into a model cache", () => {
  let folder: string;
  let initializer: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-cache-"));
    initializer = join(folder, "initializer");
    writeFileSync(
      initializer,
      '#!/bin/sh\necho "$1" >> "$0.log"\n[ "$1" = bad ] && exit 1\ntouch "$2/weights" "$2/$1"\n',
    );
    chmodSync(initializer, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The Job's own command line, with a replacement for the storage initializer. */
  function run(uri: string, service = "chat"): void {
    const [container] = jobPod(planned(cached())).containers as Container[];
    const [shell = "", ...words] = (container?.command ?? []).map((word) =>
      word.replaceAll("/storage-initializer/scripts/initializer-entrypoint", initializer),
    );
    const target = join(folder, "models", "one");
    execFileSync(shell, [...words, uri, target, `${target}.${service}`], { stdio: "pipe" });
  }
  const downloads = (): number => readFileSync(`${initializer}.log`, "utf8").trim().split("\n").length;
  const files = (): string[] => readdirSync(join(folder, "models", "one")).sort();

  it("fills the folder in one step, and only once", () => {
    run("good");
    assert.deepEqual([files(), readdirSync(join(folder, "models"))], [["good", "weights"], ["one"]]);
    run("good");
    assert.equal(downloads(), 1);
  });

  it("fills an empty folder that a mount has created", () => {
    mkdirSync(join(folder, "models", "one"), { recursive: true });
    run("good");
    assert.deepEqual(files(), ["good", "weights"]);
  });

  it("leaves nothing behind when it fails, and continues when it runs again", () => {
    assert.throws(() => run("bad"));
    assert.ok(!existsSync(join(folder, "models", "one")));
    run("good");
    assert.deepEqual(files(), ["good", "weights"]);
  });

  it("keeps what another service's Job has stored there in the meantime", () => {
    writeFileSync(
      initializer,
      `#!/bin/sh\nmkdir -p "${folder}/models/one"\ntouch "${folder}/models/one/theirs" "$2/ours"\n`,
    );
    run("good");
    assert.deepEqual([files(), readdirSync(join(folder, "models"))], [["theirs"], ["one"]]);
  });
});

describe("operations.compileCache", () => {
  it("is the writable cache folder of every engine", () => {
    const operations = { compileCache: true };
    for (const spec of [MODEL, GROUPS]) {
      const objects = planned({ ...spec, operations });
      const claim = named(objects, "PersistentVolumeClaim");
      const [workload] = [...specsOf(objects, "Deployment"), ...specsOf(objects, "LeaderWorkerSet")];
      const { template, leaderWorkerTemplate: { leaderTemplate, workerTemplate } = {} } = workload ?? {};
      const pods = [template, leaderTemplate, workerTemplate].flatMap((one) => (one ? [one.spec] : []));
      assert.equal(pods.length, spec === MODEL ? 1 : 2);
      for (const pod of pods) {
        assert.deepEqual([claimsOf(pod), pod.securityContext?.fsGroup], [[claim], 1000]);
        const main = pod.containers?.find(({ name }) => name === "main");
        const root = main?.env?.find(({ name }) => name === "VLLM_CACHE_ROOT")?.value;
        assert.ok(main?.volumeMounts?.some(({ name, mountPath }) => name === "compile-cache" && mountPath === root));
      }
    }
  });

  it("has one claim, which only its own fields change", () => {
    const nameOf = (compileCache: unknown, spec: object = MODEL) =>
      named(planned({ ...spec, operations: { compileCache } }), "PersistentVolumeClaim");
    assert.equal(nameOf(true), nameOf({}, QWEN));
    assert.notEqual(nameOf(true), nameOf({ size: "50Gi" }));
    assert.equal(nameOf({ claimName: "compiled" }), undefined);
  });

  it("is refused if an engine sets another folder", () => {
    const template = { containers: [{ name: "main", env: [{ name: "VLLM_CACHE_ROOT", value: "/elsewhere" }] }] };
    assert.deepEqual(refused({ ...MODEL, template, operations: { compileCache: true } }), [
      "error Conflict spec.operations.compileCache",
    ]);
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type LLMInferenceServiceArgs, Platform } from "../../components/index.ts";
import { bundleOf } from "../../core/platform/bundle.ts";
import { type Registered, resolved, runMocked, secretOf, UNKNOWN, Upstream, unknownOutput } from "./mocks.ts";

const QWEN: LLMInferenceServiceArgs = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" },
  parallelism: { tensor: 2, data: 2 },
  accelerator: "nvidia-h100-80gb",
};

interface Pod {
  containers: { name: string; image: string; args: string[]; env: { name: string; value?: unknown }[] }[];
}

function deploymentOf(registered: readonly Registered[]): Registered {
  return (
    registered.find(({ type }) => type === "kubernetes:apps/v1:Deployment") ?? assert.fail("there is no Deployment")
  );
}

function podOf(registered: readonly Registered[]): Pod {
  return (deploymentOf(registered).inputs as { spec: { template: { spec: Pod } } }).spec.template.spec;
}

function mainOf(registered: readonly Registered[]): Pod["containers"][number] {
  const main = podOf(registered).containers.find(({ name }) => name === "main");
  assert.ok(main);
  return main;
}

/** For JSON.stringify: replaces a secret for readers who may not see it. */
function shown(_key: string, value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && Object.keys(secretOf(0)).every((key) => key in value);
  return isSecret ? "[secret]" : value;
}

function annotationsOf(registered: Registered | undefined): Record<string, string> {
  const { metadata } = (registered?.inputs ?? {}) as { metadata?: { annotations?: Record<string, string> } };
  return metadata?.annotations ?? {};
}

/** Runs a program to the end of its service's registration. */
function registeredBy(
  program: () => LLMInferenceService,
  preview = false,
): Promise<{ registered: Registered[]; outputs: Record<string, unknown> }> {
  return runMocked(async () => void (await resolved(program().objects)), { preview });
}

/** Registers a service in a preview, and returns the result. */
async function previewed(args: () => LLMInferenceServiceArgs): Promise<Registered[]> {
  return (await registeredBy(() => new LLMInferenceService("chat", args()), true)).registered;
}

async function failureOf(args: () => LLMInferenceServiceArgs): Promise<string> {
  return runMocked(async () => {
    const service = new LLMInferenceService("chat", args());
    return await resolved(service.url).then(
      () => assert.fail("it must be refused"),
      (error: Error) => error.message,
    );
  }).then(
    ({ result }) => result,
    (error: Error) => error.message,
  );
}

const identities = (registered: readonly Registered[]): string[] =>
  registered.map(({ type, name, parent }) => `${type} ${name} ${parent}`);

describe("LLMInferenceService", () => {
  it("registers the planned objects as its children, in the order of their references", async () => {
    const registered = await previewed(() => ({ ...QWEN, record: true }));
    const children = registered.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.deepEqual(
      children.map(({ type, name }) => `${type} ${name}`),
      [
        "kubernetes:apps/v1:Deployment chat/chat-kserve",
        "kubernetes:core/v1:Service chat/chat-kserve-workload-svc",
        "kubernetes:serving.kserve.io/v1alpha2:LLMInferenceService chat/chat",
      ],
    );
    assert.ok(children.every(({ parent }) => parent.includes("kserve-llm:index:LLMInferenceService::chat")));
  });

  it("gives its outputs: url, merged spec, applied configs, objects", async () => {
    await runMocked(async () => {
      const service = new LLMInferenceService("chat", QWEN);
      assert.equal(await resolved(service.url), "http://chat-kserve-workload-svc.default.svc.cluster.local:8000");
      const spec = await resolved(service.mergedSpec);
      assert.equal(spec.model.name, "qwen");
      assert.deepEqual(spec.template?.nodeSelector, { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
      assert.deepEqual(await resolved(service.appliedConfigs), [
        { name: "kserve-config-llm-template", namespace: "kserve", source: "Preset" },
      ]);
      const objects = await resolved(service.objects);
      assert.deepEqual(objects.map(({ kind, name }) => `${kind} ${name}`).sort(), [
        "Deployment chat-kserve",
        "Service chat-kserve-workload-svc",
      ]);
      assert.equal(await resolved(service.pin), undefined);
    });
  });

  it("has one unknown leaf for one unknown value, also inside of a text", async () => {
    const registered = await previewed(() => ({
      ...QWEN,
      template: {
        containers: [
          {
            name: "main",
            image: pulumi.interpolate`registry.example/vllm:${unknownOutput<string>()}`,
            env: [{ name: "REGION", value: unknownOutput<string>() }],
          },
        ],
      },
    }));
    const main = mainOf(registered);
    assert.equal(main.image, UNKNOWN);
    assert.deepEqual(main.env[0], { name: "REGION", value: UNKNOWN });
    const others = main.env.slice(1).map(({ value }) => value);
    assert.ok(!JSON.stringify([others, main.args, main.name]).includes(UNKNOWN));
  });

  it("registers the same resources with known and with unknown values", async () => {
    const withImage = (image: pulumi.Input<string>): LLMInferenceServiceArgs => ({
      ...QWEN,
      template: { containers: [{ name: "main", image }] },
    });
    const known = await previewed(() => withImage("registry.example/vllm:v1"));
    const unknown = await previewed(() => withImage(unknownOutput()));
    assert.deepEqual(identities(unknown), identities(known));
  });

  it("keeps a secret value secret and leaves the values next to it readable", async () => {
    const registered = await previewed(() => ({
      ...QWEN,
      template: { containers: [{ name: "main", env: [{ name: "TOKEN", value: pulumi.secret("s3cr3t") }] }] },
    }));
    assert.deepEqual(mainOf(registered).env[0], { name: "TOKEN", value: secretOf("s3cr3t") });
    assert.equal(JSON.stringify(registered).split("s3cr3t").length - 1, 1);
  });

  it("hides the keys of labels that are secret as a whole, and shows those whose values alone are secret", async () => {
    const labels = { "s3cr3t-key": "s3cr3t-value" };
    const whole = await previewed(() => ({
      ...QWEN,
      labels: pulumi.secret(labels),
      annotations: pulumi.secret(labels),
    }));
    assert.doesNotMatch(JSON.stringify(whole, shown), /s3cr3t/);
    assert.match(JSON.stringify(whole), /s3cr3t-key/);
    const leaf = await previewed(() => ({ ...QWEN, labels: { team: pulumi.secret("s3cr3t-value") } }));
    assert.match(JSON.stringify(leaf, shown), /"team":"\[secret\]"/);
  });

  it("depends on the resources of its values: only the object with the leaf, or all objects if the value decides structure", async () => {
    const from = (
      args: (bucket: Upstream) => Partial<LLMInferenceServiceArgs>,
    ): Promise<{ registered: Registered[] }> =>
      registeredBy(
        () => new LLMInferenceService("chat", { ...QWEN, ...args(new Upstream("bucket", "s3://models/qwen")) }),
      );
    const isBucket = (urn: string): boolean => urn.endsWith("::bucket");
    const leaf = await from(({ value }) => ({
      template: { containers: [{ name: "main", env: [{ name: "A", value }] }] },
    }));
    const exact = leaf.registered.filter(({ dependencies }) => dependencies.some(isBucket));
    assert.deepEqual(
      exact.map(({ type, propertyDependencies }) => [type, propertyDependencies["spec"]?.some(isBucket)]),
      [["kubernetes:apps/v1:Deployment", true]],
    );
    const structural = await from(({ value }) => ({ model: { uri: value } }));
    const children = structural.registered.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.ok(children.every(({ dependencies }) => dependencies.some(isBucket)));
  });

  it("uses names from other resources as names, and finds objects that were registered under the text of an Output", async () => {
    const router = { route: {}, gateway: {}, scheduler: {} };
    const operations = { modelCache: true };
    const made = async (from: (text: string) => pulumi.Input<string>): Promise<Registered[]> => {
      const program = (): LLMInferenceService =>
        new LLMInferenceService("chat", { ...QWEN, router, operations, metadata: { namespace: from("team") } });
      const { registered } = await registeredBy(program);
      return registered.filter(({ type }) => type.startsWith("kubernetes:"));
    };
    const [literal, eventual] = [await made((text) => text), await made((text) => new Upstream("ns", text).value)];
    const isOther = (urn: string): boolean => urn.endsWith("::ns");
    assert.deepEqual(identities(eventual), identities(literal));
    for (const [index, { dependencies, name }] of eventual.entries()) {
      assert.ok(dependencies.some(isOther), name);
      const others = dependencies.filter((urn) => !isOther(urn));
      assert.deepEqual(others.sort(), [...(literal[index]?.dependencies ?? [])].sort(), name);
    }
    const aliased = literal.filter(({ aliases }) => aliases.length > 0);
    assert.deepEqual(
      aliased.map(({ name, aliases }) => [name, aliases]),
      [["chat/team-chat-epp-auth-rb", [`chat/${String(pulumi.output(""))}`]]],
    );
  });

  it("refuses a namespace that is not known in a preview", async () => {
    const failed = previewed(() => ({ ...QWEN, metadata: { namespace: unknownOutput([new Upstream("ns")]) } }));
    await assert.rejects(failed, /UnknownValue metadata\.namespace .*test:index:Upstream ns/);
  });

  it("accepts a secret as a name, shows the secret only there, and reports a warning", async () => {
    const { registered, outputs } = await registeredBy(
      () => new LLMInferenceService("chat", { ...QWEN, metadata: { namespace: pulumi.secret("hidden-team") } }),
    );
    const { metadata } = deploymentOf(registered).inputs as { metadata: { namespace: string } };
    assert.equal(metadata.namespace, "hidden-team");
    const { url, issues } = Object.values(outputs)[0] as { url: unknown; issues: { code: string; path: string }[] };
    assert.deepEqual(url, secretOf("http://chat-kserve-workload-svc.hidden-team.svc.cluster.local:8000"));
    assert.deepEqual(
      issues.map(({ code, path }) => [code, path]),
      [["SecretName", "metadata.namespace"]],
    );
  });

  it("plans an Output with a known value like the value itself if it decides the structure", async () => {
    const registered = await previewed(() => ({ ...QWEN, parallelism: pulumi.output({ tensor: 2, data: 3 }) }));
    assert.equal((deploymentOf(registered).inputs as { spec: { replicas: number } }).spec.replicas, 3);
  });

  it("refuses a structural value that is unknown, and names its origin", async () => {
    const { result } = await runMocked(
      async () => {
        const upstream = new Upstream("cluster");
        const service = new LLMInferenceService("chat", {
          ...QWEN,
          parallelism: { tensor: unknownOutput<number>([upstream]) },
        });
        return await resolved(service.url).then(
          () => "",
          (error: Error) => error.message,
        );
      },
      { preview: true },
    ).catch((error: Error) => ({ result: error.message }));
    assert.match(result, /UnknownValue spec\.parallelism\.tensor/);
    assert.match(result, /test:index:Upstream cluster/);
  });

  it("fills a model cache before its pods start, and requires known values for its name", async () => {
    const operations = { modelCache: true };
    const registered = await previewed(() => ({ ...QWEN, operations }));
    const job = registered.find(({ type }) => type === "kubernetes:batch/v1:Job");
    const claim = registered.find(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
    assert.ok(job?.dependencies.some((urn) => urn.endsWith(`::${claim?.name}`)));
    assert.ok(deploymentOf(registered).dependencies.some((urn) => urn.endsWith(`::${job?.name}`)));
    assert.equal(job?.createTimeout, "70m", "an hour for the weights, ten minutes for what comes before");
    assert.equal(annotationsOf(job)["pulumi.com/replaceUnready"], "true");
    assert.equal(annotationsOf(claim)["pulumi.com/skipAwait"], "true", "many volumes are made with their first pod");
    const uri = pulumi.interpolate`s3://${unknownOutput<string>()}/qwen`;
    const message = await failureOf(() => ({ ...QWEN, model: { uri }, operations: { modelCache: { size: "1Gi" } } }));
    assert.match(message, /UnknownValue spec\.model\.uri/);
  });

  it("refuses bad input as a whole, with every path", async () => {
    const bad = { ...QWEN, replicas: -1, modle: {}, accelerator: "nvidia-h1000" } as LLMInferenceServiceArgs;
    const message = await failureOf(() => bad);
    for (const path of ["spec.replicas", "spec.modle", "spec.accelerator"]) assert.ok(message.includes(path), message);
  });

  it("never quotes a secret in its messages", async () => {
    const args = { ...QWEN, accelerator: pulumi.secret("s3cr3t-gpu"), replicas: pulumi.secret(-7919) };
    const message = await failureOf(() => args);
    assert.match(message, /UnknownAccelerator spec\.accelerator .*\[secret\]/);
    assert.match(message, /InvalidValue spec\.replicas .*\[secret\]/);
    assert.ok(!message.includes("s3cr3t") && !message.includes("7919"), message);
  });

  it("takes defaults, settings and accelerators from the platform, and its own configs over them", async () => {
    const { registered } = await registeredBy(() => {
      const platform = new Platform("platform", {
        accelerators: { "our-gpu": { resource: "example.com/gpu", nodeSelector: { pool: "gpu" } } },
        defaults: { workerSpec: { template: { containers: [{ name: "main", image: "registry.example/p:1" }] } } },
      });
      const config = {
        metadata: { name: "team" },
        spec: { template: { containers: [{ name: "main", env: [{ name: "TEAM", value: "a" }] }] } },
      };
      return new LLMInferenceService("chat", {
        model: { uri: "hf://o/m" },
        accelerator: "our-gpu",
        platform,
        configs: [config],
        baseRefs: [{ name: "team" }],
      });
    });
    const main = mainOf(registered);
    assert.equal(main.image, "registry.example/p:1");
    assert.ok(main.env.some(({ name, value }) => name === "TEAM" && value === "a"));
    assert.deepEqual((podOf(registered) as unknown as { nodeSelector: unknown }).nodeSelector, { pool: "gpu" });
  });

  it("renders a pinned release as the platform published it, and returns its name", async () => {
    await runMocked(async () => {
      const image = (tag: string): object => ({ template: { containers: [{ name: "main", image: `p:${tag}` }] } });
      const releases = {
        blue: { defaults: { workerSpec: image("1") } },
        green: { defaults: { workerSpec: image("2") } },
      };
      const platform = new Platform("platform", { releases });
      const { blue } = await resolved(platform.releases);
      assert.ok(blue);
      const pinned = new LLMInferenceService("chat", { ...QWEN, platform, release: "blue", digest: blue.digest });
      const spec = await resolved(pinned.mergedSpec);
      assert.equal(spec.template?.containers?.[0]?.image, "p:1");
      assert.deepEqual(await resolved(pinned.pin), { release: "blue", digest: blue.digest });
    });
  });

  it("waits for the component's timeouts, and not at all with await: false", async () => {
    const of = async (await_: boolean): Promise<Registered> => {
      const { registered } = await registeredBy(
        () => new LLMInferenceService("chat", { ...QWEN, await: await_ }, { customTimeouts: { create: "77m" } }),
      );
      return deploymentOf(registered);
    };
    assert.equal((await of(true)).createTimeout, "77m");
    const unawaited = await of(false);
    const { annotations } = (unawaited.inputs as { metadata: { annotations: Record<string, string> } }).metadata;
    assert.equal(annotations["pulumi.com/skipAwait"], "true");
  });
});

describe("the platform of a service", () => {
  const content = { settings: { urlScheme: "https" as const } };
  const { bundle } = bundleOf(content, { systemNamespace: "kserve", recorded: false }, "blue");
  const other = bundleOf({}, { systemNamespace: "kserve", recorded: false }, "blue").bundle;
  const served = (given: unknown, more: object, preview: boolean): Promise<string> =>
    runMocked(
      async () => {
        const platform = given as LLMInferenceServiceArgs["platform"];
        const service = new LLMInferenceService("chat", { ...QWEN, platform, release: "blue", ...more });
        return await resolved(service.url).then(
          () => "",
          (error: Error) => error.message,
        );
      },
      { preview },
    ).then(
      ({ result }) => result,
      (error: Error) => error.message,
    );

  it("is refused in a preview and in an update when its content does not match its digest", async () => {
    for (const preview of [true, false]) {
      for (const digest of ["x", "deferred-5f1c7e-0-x", other.digest, undefined]) {
        for (const wrapped of [(value: object) => value, (value: object) => pulumi.output(value), pulumi.secret]) {
          const given = wrapped({ blue: { ...bundle, digest } });
          const message = await served(given, { digest: bundle.digest, replicas: pulumi.output(1) }, preview);
          const text = wrapped === pulumi.secret ? "depends on a secret value" : "release blue has (the|no) digest";
          assert.match(message, new RegExp(`DigestMismatch platform.*${text}`), message);
        }
      }
    }
  });

  it("may have an unknown digest of the used release, only in a preview", async () => {
    const later = { ...bundle, digest: unknownOutput<string>() };
    assert.equal(await served({ blue: later }, { digest: bundle.digest }, true), "");
    const elsewhere = { blue: { ...bundle, digest: "deferred-5f1c7e-0-x" }, green: later };
    assert.match(await served(elsewhere, { digest: bundle.digest }, true), /cannot be planned: 1 problem/);
  });

  it("must be known as a whole if it decides structure", async () => {
    assert.match(await served(unknownOutput(), {}, true), /UnknownValue platform .*is unknown/);
    assert.match(
      await served({ blue: unknownOutput() }, {}, true),
      /UnknownValue platform\.blue .*its value is unknown/,
    );
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform, type PlatformArgs, ROLES } from "../../components/index.ts";
import { type Registered, resolved, runMocked, secretOf, UNKNOWN, unknownOutput } from "./mocks.ts";

async function registeredBy(args: PlatformArgs, preview = false): Promise<Registered[]> {
  const { registered } = await runMocked(() => void new Platform("platform", args), { preview });
  return registered.filter(({ type }) => type.startsWith("kubernetes:"));
}

async function failureOf(args: unknown, preview = false): Promise<string> {
  const run = runMocked(
    async () => {
      const platform = new Platform("platform", args as PlatformArgs);
      return await resolved(platform.namespace).then(
        () => "",
        (error: Error) => error.message,
      );
    },
    { preview },
  );
  const { result } = await run.catch((error: Error) => ({ result: error.message }));
  assert.notEqual(result, "", "it must be refused");
  return result;
}

const named = (registered: readonly Registered[], kind: string): Registered[] =>
  registered.filter(({ inputs }) => inputs["kind"] === kind);

describe("Platform", () => {
  it("takes over CRDs and namespace by patch, and keeps only the CRDs on destroy", async () => {
    const registered = await registeredBy({});
    const kept = registered.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);
    assert.deepEqual(kept, [
      "platform/llminferenceserviceconfigs.serving.kserve.io",
      "platform/llminferenceservices.serving.kserve.io",
    ]);
    const patches = registered.filter(({ type }) => type.endsWith("Patch"));
    assert.deepEqual(
      patches.map(({ type }) => type),
      [
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinitionPatch",
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinitionPatch",
        "kubernetes:core/v1:NamespacePatch",
      ],
    );
  });

  it("makes admission policies and their bindings on request, after the CRDs", async () => {
    const policies = (registered: readonly Registered[]): Registered[] =>
      registered.filter(({ type }) => type.includes("ValidatingAdmissionPolicy"));
    assert.deepEqual(policies(await registeredBy({})), []);
    const made = policies(await registeredBy({ admissionPolicies: true }));
    assert.deepEqual(
      made.map(({ type }) => type.split(":").at(-1)),
      [
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingAdmissionPolicyBinding",
      ],
    );
    for (const { dependencies, retainOnDelete } of made) {
      assert.ok(dependencies.some((urn) => urn.includes("CustomResourceDefinition")) && !retainOnDelete);
    }
  });

  it("creates dashboards and rules on request, also in another namespace, and its bundle stays the same", async () => {
    const observability = { namespace: "monitoring", dashboards: true, rules: { alertLabels: { team: "inference" } } };
    const made = (await registeredBy({ observability })).filter(({ type }) => /ConfigMap|PrometheusRule/.test(type));
    assert.deepEqual(
      made.map(({ type, inputs }) => [type.split(":").at(-1), (inputs["metadata"] as { namespace: string }).namespace]),
      [...Array.from({ length: 3 }, () => ["ConfigMap", "monitoring"]), ["PrometheusRule", "monitoring"]],
    );
    const digestOf = (args: PlatformArgs): Promise<{ result: string }> =>
      runMocked(async () => (await resolved(new Platform("platform", args).bundle)).digest);
    assert.equal((await digestOf({ observability })).result, (await digestOf({})).result);
  });

  it("keeps a secret in the rules secret", async () => {
    const rules = { alertLabels: { receiver: pulumi.secret("hunter2") } };
    const registered = await registeredBy({ observability: { rules } });
    const text = JSON.stringify(registered.filter(({ type }) => type.endsWith("PrometheusRule")));
    const count = (part: string): number => text.split(part).length - 1;
    assert.ok(count("hunter2") > 10);
    assert.equal(count("hunter2"), count(JSON.stringify(secretOf("hunter2"))));
  });

  it("makes a config for every role, after CRDs and namespace", async () => {
    const registered = await registeredBy({});
    const configs = named(registered, "LLMInferenceServiceConfig");
    const names = configs.map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
    for (const config of Object.values(ROLES)) assert.ok(names.includes(config), config);
    for (const { dependencies } of configs) assert.equal(dependencies.length, 3);
  });

  it("creates no CRDs and uses a separate namespace where KServe runs", async () => {
    await runMocked(async () => {
      const platform = new Platform("platform", { crds: "skip" });
      assert.equal(await resolved(platform.namespace), "kserve-llm");
      assert.equal((await resolved(platform.bundle)).recorded, false);
    });
    const registered = await registeredBy({ crds: "skip", namespace: { mode: "existing" } });
    assert.deepEqual([...new Set(registered.map(({ inputs }) => inputs["kind"]))], ["LLMInferenceServiceConfig"]);
  });

  it("knows its bundle in the first preview, from arguments alone", async () => {
    const { result } = await runMocked(
      async () => {
        const platform = new Platform("platform", { settings: { enableTLS: true } });
        return await resolved(platform.bundle);
      },
      { preview: true },
    );
    assert.match(result.digest, /^sha256:/);
    assert.equal(result.settings.enableTLS, true);
  });

  it("leaves one unknown leaf in one config for an unknown image", async () => {
    const image = unknownOutput<string>();
    const registered = await registeredBy(
      { defaults: { workerSpec: { template: { containers: [{ name: "main", image }] } } } },
      true,
    );
    const touched = registered.filter(({ inputs }) => JSON.stringify(inputs).includes(UNKNOWN));
    assert.deepEqual(
      touched.map(({ name }) => name),
      ["platform/kserve-config-llm-template"],
    );
    assert.equal(JSON.stringify(touched[0]?.inputs).split(UNKNOWN).length, 2);
  });

  it("refuses all problems at once, each with its path", async () => {
    const message = await failureOf({
      crdz: "install",
      crds: "maybe",
      nodeLabels: "azure",
      namespace: { mode: "mine" },
      defaults: { workerSpek: {} },
      releases: { blue: { namespace: "x" }, green: { defaults: { decodeSpec: { accelerator: "nvidia-h1000" } } } },
    });
    for (const part of [
      "UnknownField crdz",
      "InvalidValue crds",
      "InvalidValue nodeLabels",
      "InvalidValue namespace.mode",
      "UnknownField defaults.workerSpek",
      "UnknownField releases.blue.namespace",
      "UnknownAccelerator releases.green.defaults.decodeSpec.accelerator",
    ]) {
      assert.ok(message.includes(part), `${part} is missing in:\n${message}`);
    }
  });

  it("refuses a release whose content is unknown, because a published release never changes", async () => {
    const image = unknownOutput<string>();
    const releases = { blue: { defaults: { workerSpec: { template: { containers: [{ name: "main", image }] } } } } };
    assert.match(await failureOf({ releases }, true), /UnknownValue releases\.blue\.defaults\.workerSpec/);
  });

  describe("with a secret in its defaults", () => {
    const env = [{ name: "HF_TOKEN", value: pulumi.secret("s3cr3t") }];
    const defaults = { workerSpec: { template: { containers: [{ name: "main", env }] } } };
    const model = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };
    const args = { model, accelerator: "nvidia-h100-80gb" };
    const deploymentIn = (registered: readonly Registered[]): unknown =>
      named(registered, "Deployment")[0]?.inputs ?? assert.fail("there is a Deployment");
    const shows = (value: unknown): boolean =>
      JSON.stringify(value)
        .replaceAll(JSON.stringify(secretOf("s3cr3t")), "")
        .includes("s3cr3t");

    it("passes the secret at its own leaf to services, by the bundle and by the releases", async () => {
      const { registered, outputs } = await runMocked(async () => {
        const platform = new Platform("platform", { defaults, releases: { blue: { defaults } } });
        for (const more of [{}, { release: "blue" }])
          await resolved(
            new LLMInferenceService(`chat-${Object.keys(more).length}`, { ...args, ...more, platform }).url,
          );
        assert.equal(await pulumi.isSecret(platform.releases), true);
        assert.equal(await pulumi.isSecret(platform.namespace), false);
      });
      for (const one of named(registered, "Deployment")) {
        assert.ok(JSON.stringify(one.inputs).includes(JSON.stringify({ name: "HF_TOKEN", value: secretOf("s3cr3t") })));
        assert.match(JSON.stringify(one.inputs), /"--served-model-name=qwen"|"qwen"/, "what stands beside is readable");
      }
      assert.ok(!shows(registered) && !shows(outputs));
    });

    it("has a digest that is a secret too and can be pinned by services", async () => {
      const { result } = await runMocked(async () => {
        const platform = new Platform("platform", { releases: { blue: { defaults } } });
        const { blue = assert.fail("it has the release") } = await resolved(platform.releases);
        const pinned = { ...args, platform, release: "blue" };
        const fine = new LLMInferenceService("fine", { ...pinned, digest: pulumi.secret(blue.digest) });
        const pin = await resolved(fine.pin);
        assert.deepEqual([pin?.digest, await pulumi.isSecret(fine.pin)], [blue.digest, true]);
        const other = new LLMInferenceService("other", { ...pinned, digest: `sha256:${"0".repeat(64)}` });
        const said = await resolved(other.url).catch((error: Error) => error.message);
        assert.match(said, /DigestMismatch/);
        return { said, digest: blue.digest };
      }).catch((error: Error) => ({ result: { said: error.message, digest: "none" } }));
      assert.ok(!result.said.includes(result.digest), result.said);
    });

    it("plans services with a bundle that is secret as a whole, as from a StackReference, and shows no part of it", async () => {
      const { registered, outputs } = await runMocked(async () => {
        const platform = new Platform("platform", { defaults, crds: "skip" });
        const bundle = pulumi.secret(await resolved(platform.bundle));
        await resolved(new LLMInferenceService("chat", { ...args, platform: bundle }).url);
      });
      const text = JSON.stringify(deploymentIn(registered));
      assert.match(text, /s3cr3t/);
      assert.deepEqual(
        Object.keys((deploymentIn(registered) as { spec: object }).spec).sort(),
        Object.keys(secretOf(0)).sort(),
      );
      const found = Object.entries(outputs).find(([urn]) => urn.includes("LLMInferenceService::chat"));
      const [, service] = found ?? assert.fail("the service has outputs");
      const { mergedSpec } = service as { mergedSpec: object };
      assert.deepEqual(Object.keys(mergedSpec).sort(), Object.keys(secretOf(0)).sort());
    });
  });
});

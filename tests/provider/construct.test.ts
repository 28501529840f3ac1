import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type LLMInferenceServiceArgs, Platform } from "../../components/index.ts";
import { construct } from "../../provider/construct.ts";
import { packageSchema } from "../../provider/schema/schema.ts";
import { type Registered, resolved, runMocked, UNKNOWN, Upstream, unknownOutput } from "../components/mocks.ts";

const SERVICE = "kserve-llm:index:LLMInferenceService";
const args: LLMInferenceServiceArgs = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
  parallelism: { tensor: 2, data: 2 },
  accelerator: "nvidia-h100-80gb",
};
const type = (wanted: string) => (registered: Registered) => registered.type === wanted;
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

function constructed(
  inputs: object,
  options: pulumi.ComponentResourceOptions = {},
  preview = false,
): Promise<{ result: { urn: pulumi.Input<string>; state: pulumi.Inputs }; registered: Registered[] }> {
  return runMocked(() => construct("chat", SERVICE, inputs as pulumi.Inputs, options), { preview });
}

describe("construct", () => {
  it("registers what the library registers, to the byte", async () => {
    const remote = await constructed(args);
    const local = await runMocked(() => new LLMInferenceService("chat", args));
    assert.deepEqual(remote.registered, local.registered);
    assert.ok(remote.registered.some(type(DEPLOYMENT)));
  });

  it("returns every output of the schema", async () => {
    const { resources } = packageSchema("0.0.0");
    const inputs: Record<string, object> = { [SERVICE]: args };
    for (const [token, { properties, required = [] }] of Object.entries(resources)) {
      const { result } = await runMocked(async () => {
        const { state } = await construct("x", token, inputs[token] ?? {}, {});
        return Object.fromEntries(
          await Promise.all(
            Object.entries(state).map(async ([key, value]) => [key, await resolved(pulumi.output(value))] as const),
          ),
        );
      });
      assert.deepEqual(Object.keys(result).sort(), Object.keys(properties).sort(), token);
      for (const key of required) assert.notEqual(result[key], undefined, `${token} ${key}`);
    }
  });

  it("leaves only an unknown image tag unknown in a preview", async () => {
    const image = pulumi.interpolate`ghcr.io/acme/vllm:${unknownOutput<string>()}`;
    const template = { containers: [{ name: "main", image }] };
    const unknown = await constructed({ ...args, template }, {}, true);
    const known = await constructed(
      { ...args, template: { containers: [{ name: "main", image: "ghcr.io/acme/vllm:1" }] } },
      {},
      true,
    );
    const identities = (all: Registered[]) => all.map(({ type, name, parent }) => [type, name, parent]);
    assert.deepEqual(identities(unknown.registered), identities(known.registered));
    const text = JSON.stringify(unknown.registered.find(type(DEPLOYMENT))?.inputs);
    assert.equal(text.split(UNKNOWN).length, 2, "one leaf");
    assert.equal(
      text.replace(UNKNOWN, "ghcr.io/acme/vllm:1"),
      JSON.stringify(known.registered.find(type(DEPLOYMENT))?.inputs),
    );
  });

  it("refuses with every problem at its property, and registers nothing", async () => {
    const wrong = { ...args, replicas: -1, accelerator: "nvidia-h1000", modle: 1 };
    const { registered } = await runMocked(async () => {
      await assert.rejects(construct("chat", SERVICE, wrong as never, {}), (error: pulumi.InputPropertiesError) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        const paths = error.errors.map(({ propertyPath }) => propertyPath);
        for (const path of ["accelerator", "replicas"]) assert.ok(paths.includes(path), `${path} in ${paths}`);
        return true;
      });
    });
    assert.deepEqual(registered, []);
  });

  it("keeps values secret that any language marks as secret, in registered objects and in outputs", async () => {
    const env = [{ name: "VLLM_ADDITIONAL_ARGS", value: pulumi.secret("--seed 3 --api-key s3cr3t") }];
    const template = { containers: [{ name: "main", env }] };
    const { registered } = await runMocked(async () => {
      const { state } = await construct("chat", SERVICE, { ...args, template } as never, {});
      assert.equal(await pulumi.isSecret(state["mergedSpec"]), true);
      assert.equal(await pulumi.isSecret(state["url"]), false);
    });
    const pod = JSON.stringify(registered.find(type(DEPLOYMENT))?.inputs);
    const [, ...sealed] = pod.split('"1b47061264138c4ac30d75fd1eb44270"');
    assert.ok(sealed.some((part) => part.includes("s3cr3t")) && !pod.split(sealed[0] ?? "")[0]?.includes("s3cr3t"));
  });

  it("shows no part of a secret in its error messages", async () => {
    const flags = { containers: [{ name: "main", args: [pulumi.secret("--max-model-len=s3cr3t")] }] };
    const { registered } = await runMocked(async () => {
      const refused = construct("chat", SERVICE, { ...args, template: flags } as never, {});
      await assert.rejects(refused, (error: pulumi.InputPropertiesError) => {
        assert.ok(error.errors.length > 0);
        return !JSON.stringify(error.errors).includes("s3cr3t");
      });
    });
    assert.deepEqual(registered, []);
  });

  it("refuses an unknown value that decides structure, and names the resource that it comes from", async () => {
    await runMocked(
      async () => {
        const replicas = unknownOutput<number>([new Upstream("count")]);
        const refused = construct("chat", SERVICE, { ...args, parallelism: { data: replicas } } as never, {});
        await assert.rejects(refused, (error: pulumi.InputPropertiesError) => {
          assert.deepEqual(
            error.errors.map(({ propertyPath }) => propertyPath),
            ["parallelism.data"],
          );
          assert.match(error.errors[0]?.reason ?? "", /test:index:Upstream count/);
          return true;
        });
      },
      { preview: true },
    );
  });

  it("refuses unknown resource types", async () => {
    await assert.rejects(construct("chat", "kserve-llm:index:Other", {}, {}), /unknown resource type/);
  });

  it("reads custom timeouts in the form that the engine sends", async () => {
    const wire = { create: "45m", update: "", pb_delete: "2m" } as pulumi.CustomTimeouts;
    const { registered } = await constructed(args, { customTimeouts: wire });
    const computed = await constructed(args, { customTimeouts: { create: "", update: "", pb_delete: "" } as never });
    const timeoutOf = (all: Registered[]): string => all.find(type(DEPLOYMENT))?.createTimeout ?? "";
    assert.equal(timeoutOf(registered), "45m");
    assert.match(timeoutOf(computed.registered), /^[1-9]\d*m$/);
  });
});

describe("a recorded service", () => {
  const recorded = type("kubernetes:serving.kserve.io/v1alpha2:LLMInferenceService");

  it("waits for the platform, and for all resources that its bundle comes from", async () => {
    const { registered } = await runMocked(() => {
      const platform = new Platform("platform");
      new LLMInferenceService("one", { ...args, platform });
      new LLMInferenceService("two", { ...args, platform: platform.bundle });
    });
    const crds = registered.filter(({ type }) => type.includes("CustomResourceDefinition")).map(({ name }) => name);
    assert.equal(crds.length, 2);
    for (const { name, dependencies } of registered.filter(recorded)) {
      for (const crd of crds)
        assert.ok(
          dependencies.some((urn) => urn.endsWith(`::${crd}`)),
          `${name} needs ${crd}`,
        );
    }
    assert.equal(registered.filter(recorded).length, 2);
  });
});

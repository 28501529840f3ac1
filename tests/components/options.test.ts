import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type LLMInferenceServiceArgs, Platform } from "../../components/index.ts";
import { construct } from "../../provider/construct.ts";
import { type Registered, runMocked, Upstream } from "./mocks.ts";

const args: LLMInferenceServiceArgs = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4" };

class Cluster extends pulumi.ProviderResource {
  constructor(name: string) {
    super("kubernetes", name, {});
  }
}

class After extends pulumi.CustomResource {
  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("test:index:After", name, props, opts);
  }
}

/** Both ways to a service: the library in a Node program, and the provider for any other. */
const WAYS: Readonly<Record<string, (opts: pulumi.ComponentResourceOptions) => Promise<unknown>>> = {
  "in the library": async (opts) => new LLMInferenceService("chat", args, opts),
  remotely: (opts) => construct("chat", "kserve-llm:index:LLMInferenceService", args as pulumi.Inputs, opts),
};

const isChild = ({ name, type }: Registered): boolean => name.startsWith("chat/") && type.startsWith("kubernetes:");

for (const [way, make] of Object.entries(WAYS)) {
  const made = async (
    options: () => pulumi.ComponentResourceOptions,
  ): Promise<{ service: Registered; children: Registered[] }> => {
    const { registered } = await runMocked(async () => void (await make(options())));
    const children = registered.filter(isChild);
    const service = registered.find(({ name }) => name === "chat");
    assert.ok(service && children.length > 1);
    return { service, children };
  };

  describe(`options of a component ${way}`, () => {
    it("providers reach every child", async () => {
      const { children } = await made(() => ({ providers: { kubernetes: new Cluster("cluster") } }));
      for (const child of children) assert.match(child.provider, /pulumi:providers:kubernetes::cluster::/, child.name);
    });

    it("parent is the component's, and the component is its children's", async () => {
      const { service, children } = await made(() => ({
        parent: new pulumi.ComponentResource("test:index:Team", "team"),
      }));
      assert.match(service.parent, /::test:index:Team::team$/);
      for (const child of children) assert.match(child.parent, /LLMInferenceService::chat$/, child.name);
    });

    it("dependsOn of the component applies to its children, also when it resolves late", async () => {
      const { service } = await made(() => {
        const late = new Promise<pulumi.Resource>((resolve) => setTimeout(() => resolve(new Upstream("late")), 50));
        return { dependsOn: pulumi.output(late) as pulumi.Input<pulumi.Resource> };
      });
      assert.ok(service.dependencies.some((urn) => urn.endsWith("::late")));
    });

    it("protect applies to every child", async () => {
      const { service, children } = await made(() => ({ protect: true }));
      assert.ok(service.protect && children.every((child) => child.protect));
      const without = await made(() => ({}));
      assert.ok(!without.service.protect && !without.children.some((child) => child.protect));
    });

    it("aliases are the component's; the engine finds its children by them", async () => {
      const { service } = await made(() => ({ aliases: [{ name: "talk" }] }));
      assert.deepEqual(service.aliases, ["talk"]);
    });

    it("customTimeouts apply only to objects that Pulumi waits for", async () => {
      const { children } = await made(() => ({ customTimeouts: { create: "123m" } }));
      for (const { type, createTimeout } of children) {
        assert.equal(createTimeout, type === "kubernetes:apps/v1:Deployment" ? "123m" : "", type);
      }
    });

    it("retainOnDelete of the component is inherited by its children", async () => {
      const { service, children } = await made(() => ({ retainOnDelete: true }));
      assert.ok(service.retainOnDelete);
      for (const child of children) assert.equal(child.saysRetain, false, child.name);
    });
  });
}

describe("transforms", () => {
  it("see every child and may change it", async () => {
    const seen: string[] = [];
    const transformation: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
      if (!type.startsWith("kubernetes:")) return undefined;
      seen.push(name);
      return { props: { ...props, marked: true }, opts };
    };
    const { registered } = await runMocked(() => {
      new LLMInferenceService("chat", args, { transformations: [transformation] });
    });
    const children = registered.filter(isChild);
    assert.deepEqual(seen.sort(), children.map(({ name }) => name).sort());
    for (const { inputs } of children) assert.equal(inputs["marked"], true);
  });
});

describe("a resource that depends on a service", () => {
  it("waits for all objects of the service", async () => {
    const { registered } = await runMocked(() => {
      const platform = new Platform("platform");
      const service = new LLMInferenceService("chat", { ...args, platform });
      new After("after", {}, { dependsOn: service });
    });
    const after = registered.find(({ name }) => name === "after");
    for (const { name } of registered.filter(isChild)) {
      assert.ok(
        after?.dependencies.some((urn) => urn.endsWith(`::${name}`)),
        name,
      );
    }
  });
});

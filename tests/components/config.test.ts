import assert from "node:assert/strict";
import {
  LLMInferenceService,
  LLMInferenceServiceConfig,
  type LLMInferenceServiceConfigArgs,
  Platform,
} from "../../components/index.ts";
import { type Registered, resolved, runMocked, UNKNOWN, unknownOutput } from "./mocks.ts";

interface Pod {
  nodeSelector?: Record<string, string>;
  containers: { image?: string; args?: string[]; resources?: { limits: Record<string, string> } }[];
}
const podIn = ({ inputs }: Registered): Pod => {
  const { template } = inputs["spec"] as { template: Pod & { spec?: Pod } };
  return template.spec ?? template;
};
const objects = (registered: readonly Registered[], kind: string): Registered[] =>
  registered.filter(({ inputs }) => inputs["kind"] === kind);

async function failureOf(args: LLMInferenceServiceConfigArgs): Promise<string> {
  const failed = runMocked(async () => {
    await resolved(new LLMInferenceServiceConfig("base", args).manifest);
    assert.fail("it must be refused");
  });
  return await failed.then(
    () => "",
    (error: Error) => error.message,
  );
}

const ACCELERATORS = { ours: { resource: "nvidia.com/gpu", nodeSelector: { pool: "a" } } };

describe("LLMInferenceServiceConfig", () => {
  it("keeps KServe's own format, and gives services the config as it is written", async () => {
    const { registered } = await runMocked(async () => {
      const platform = new Platform("platform", { accelerators: ACCELERATORS });
      const base = new LLMInferenceServiceConfig("base", {
        platform,
        accelerator: "ours",
        tuning: { maxModelLen: 4096 },
        operations: { podDisruptionBudget: true },
      });
      const model = { uri: "hf://Qwen/Qwen2.5-7B-Instruct" };
      const service = new LLMInferenceService("chat", {
        ...{ platform, model, configs: [base], baseRefs: [{ name: "base" }] },
        parallelism: { tensor: 2 },
      });
      await resolved(service.url);
    });
    const stored = registered.find(({ name }) => name === "base/base") ?? assert.fail("it is registered");
    assert.deepEqual(Object.keys(stored.inputs["spec"] as object), ["template"]);
    assert.deepEqual(podIn(stored), {
      nodeSelector: { pool: "a" },
      containers: [{ name: "main", resources: { limits: { "nvidia.com/gpu": "1" } }, args: ["--max-model-len=4096"] }],
    });
    const [deployment = assert.fail("there is a Deployment")] = objects(registered, "Deployment");
    const { nodeSelector, containers } = podIn(deployment);
    assert.deepEqual(nodeSelector, { pool: "a" });
    // The service's size decides, although the object of the config has one device.
    assert.equal(containers[0]?.resources?.limits["nvidia.com/gpu"], "2");
    assert.ok(containers[0]?.args?.includes("--max-model-len=4096"));
    assert.equal(objects(registered, "PodDisruptionBudget").length, 1);
  });

  it("waits for the objects that the platform installs", async () => {
    const { registered } = await runMocked(async () => {
      const platform = new Platform("platform", {});
      await resolved(new LLMInferenceServiceConfig("base", { platform, replicas: 2 }).manifest);
    });
    const stored = registered.find(({ name }) => name === "base/base");
    assert.ok(
      stored?.dependencies.some((urn) => urn.includes("CustomResourceDefinition")),
      String(stored?.dependencies),
    );
  });

  it("leaves one unknown leaf for an unknown image", async () => {
    const image = unknownOutput<string>();
    const args = { accelerator: "nvidia-l4", template: { containers: [{ name: "main", image }] } };
    const { registered } = await runMocked(
      async () => void (await resolved(new LLMInferenceServiceConfig("base", args).urn)),
      { preview: true },
    );
    const [stored = assert.fail("it is registered")] = objects(registered, "LLMInferenceServiceConfig");
    assert.equal(podIn(stored).containers[0]?.image, UNKNOWN);
    assert.equal(podIn(stored).nodeSelector?.["nvidia.com/gpu.product"], "NVIDIA-L4");
  });

  it("refuses a setting whose value is unknown in a preview", async () => {
    const failed = runMocked(
      async () => {
        const args = { tuning: { maxModelLen: unknownOutput<number>() } };
        await resolved(new LLMInferenceServiceConfig("base", args).manifest);
      },
      { preview: true },
    );
    await assert.rejects(failed, /UnknownValue spec\.tuning\.maxModelLen/);
  });

  it("refuses fields that the object cannot hold, each with its path", async () => {
    const message = await failureOf({
      unset: ["replicas"],
      prefill: { argsMerge: "replace" },
      accelerator: "nvidia-l44",
    });
    for (const part of ["UnknownField spec.unset", "UnknownField spec.prefill.argsMerge", "UnknownAccelerator"]) {
      assert.ok(message.includes(part), `${part} in ${message}`);
    }
    assert.match(await failureOf({ release: "2026-11" }), /ReleaseNotFound|release/);
  });
});

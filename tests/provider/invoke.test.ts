import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { API_VERSION } from "../../core/api/service.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import type { Explained } from "../../core/views/explain/explain.ts";
import { invoke } from "../../provider/invoke.ts";
import { secretOf } from "../components/mocks.ts";

const spec = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, parallelism: { tensor: 2 }, accelerator: "nvidia-l4" };
const call = (name: string, args: Record<string, unknown>) =>
  invoke(`kserve-llm:index:${name}`, { name: "chat", args });

/** The values of secrets instead of their marks. */
function withoutMarks(value: unknown): unknown {
  return mapped(value, (secret) => withoutMarks(secret));
}

/** Nothing in the place of secrets. */
function withoutSecrets(value: unknown): unknown {
  return mapped(value, () => undefined);
}

function mapped(value: unknown, secret: (value: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapped(item, secret));
  const entries = Object.entries(value);
  const isSecret = entries.length === 2 && Object.keys(secretOf(0)).every((key) => key in value);
  if (isSecret) return secret((value as { value: unknown }).value);
  return Object.fromEntries(entries.map(([key, item]) => [key, mapped(item, secret)]));
}

describe("functions of the package", () => {
  it("render gives the objects of the plan, as values and as YAML", async () => {
    const { outputs, failures } = await call("render", { ...spec });
    assert.equal(failures, undefined);
    const service = { apiVersion: API_VERSION, kind: "LLMInferenceService", metadata: { name: "chat" }, spec };
    const { objects } = plan({
      service: { ...service, metadata: { name: "chat", namespace: "default" } },
      configs: presets({ namespace: DEFAULT_SETTINGS.systemNamespace }),
      settings: DEFAULT_SETTINGS,
    });
    assert.ok(objects.length > 1);
    assert.deepEqual(outputs["objects"], JSON.parse(JSON.stringify(objects)));
    const documents = parseAllDocuments(String(outputs["yaml"]));
    assert.ok(Array.isArray(documents));
    assert.deepEqual(
      documents.map((document) => document.toJS()),
      outputs["objects"],
    );
  });

  it("render refuses with every problem at its property", async () => {
    const { failures } = await call("render", { ...spec, replicas: -1, accelerator: "nvidia-l44" });
    assert.deepEqual(failures?.map(({ property }) => property).sort(), ["args.accelerator", "args.replicas"]);
  });

  it("validate returns the issues and never fails", async () => {
    const { outputs } = await call("validate", { ...spec, replicas: -1 });
    assert.equal(outputs["valid"], false);
    assert.deepEqual(
      (outputs["issues"] as { path: string }[]).map(({ path }) => path),
      ["spec.replicas"],
    );
    assert.equal((await call("validate", { ...spec })).outputs["valid"], true);
  });

  it("explain names the layer that set a leaf, the rule and the overridden layers", async () => {
    const pinned = { nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-L4-A" } };
    const { outputs } = await call("explain", { ...spec, tuning: { maxNumSeqs: 17 }, template: pinned });
    const leaves = outputs["leaves"] as Explained[];
    const leafAt = (end: string) => leaves.find(({ path }) => path.endsWith(end)) ?? assert.fail(end);
    const { layer, rule } = leafAt("model.uri");
    assert.deepEqual([layer, rule], ["service", "merge"]);
    assert.deepEqual([leafAt("[--max-num-seqs]").value, leafAt("[--max-num-seqs]").rule], ["17", "tuning"]);
    assert.deepEqual(leafAt("[nvidia.com/gpu.product]").overrode, [
      { layer: "service", rule: "accelerator", value: "NVIDIA-L4" },
    ]);
    assert.ok(leafAt("[--served-model-name]").written, "a template is told of as it was written");
  });

  it("fit returns how each role uses its accelerators, and the limits of a role that does not fit", async () => {
    const fine = (await call("fit", { ...spec })).outputs;
    assert.equal(fine["fits"], true);
    const { outputs, failures } = await call("fit", {
      ...spec,
      model: { uri: "hf://meta-llama/Llama-3.1-70B-Instruct" },
    });
    assert.equal(failures, undefined);
    const [role] = outputs["roles"] as {
      fits: boolean;
      accelerator: string;
      rows: { part: string }[];
      limits: object;
    }[];
    assert.deepEqual([outputs["fits"], role?.fits, role?.accelerator], [false, false, "nvidia-l4"]);
    assert.deepEqual(
      role?.rows.map(({ part }) => part),
      ["weights", "step", "context", "KV cache"],
    );
    assert.ok((outputs["issues"] as { code: string }[]).some(({ code }) => code === "MemoryFit"));
  });

  it("fit reserves the KV cache for the wanted number of sequences", async () => {
    const fitFor = (more: object) => invoke("kserve-llm:index:fit", { name: "chat", args: { ...spec }, ...more });
    const cache = async (more: object) => {
      const { roles } = (await fitFor(more)).outputs as { roles: { rows: { part: string; bytes: number }[] }[] };
      return roles[0]?.rows.find(({ part }) => part === "KV cache")?.bytes ?? 0;
    };
    assert.equal(await cache({ concurrency: 4 }), 4 * (await cache({})));
    const { failures } = await fitFor({ concurrency: 0 });
    assert.deepEqual(
      failures?.map(({ property }) => property),
      ["concurrency"],
    );
  });

  it("plan secrets like plain values, and mark results that depend on them", async () => {
    const marked = { ...spec, model: secretOf({ uri: spec.model.uri }) };
    const [plain, secret] = [await call("render", { ...spec }), await call("render", { ...marked })];
    assert.deepEqual(withoutMarks(secret), plain);
    const initializer = JSON.stringify(secret.outputs["objects"]);
    assert.ok(
      initializer.includes(JSON.stringify(secretOf(spec.model.uri))),
      "the argument of the storage initializer",
    );
    assert.ok(JSON.stringify(secret.outputs["yaml"]).startsWith(JSON.stringify(secretOf("")).slice(0, -3)));
    assert.equal(JSON.stringify(withoutSecrets(secret)).includes(spec.model.uri), false);
  });

  it("show no secret in their errors", async () => {
    const args = { ...spec, accelerator: secretOf("s3cr3t-gpu"), replicas: secretOf(-7919) };
    const { failures = [] } = await call("render", args);
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["args.accelerator", "args.replicas"]);
    assert.doesNotMatch(JSON.stringify(failures), /s3cr3t|7919/);
  });

  it("are exactly the functions of the schema", async () => {
    await assert.rejects(call("merge", { ...spec }), /unknown function kserve-llm:index:merge/);
  });
});

import assert from "node:assert/strict";
import { COMPATS, type Compat } from "../../../../core/contract/behaviour.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import type { JsonObject } from "../../../../core/kubernetes/json.ts";
import { plan } from "../../../../core/plan.ts";
import { applyEdits, editsOf } from "../../../../core/stages/check/fixes/edits.ts";

const SPEC = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" }, accelerator: "nvidia-l40s" };
const SERVICE = {
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: { name: "chat" },
  spec: SPEC,
};

interface Case {
  document: JsonObject;
  path: string;
  fix: string | RegExp;
  /** What `validate --fix` makes of the document; without it, it changes nothing. */
  becomes?: JsonObject;
}

const CASES: readonly Case[] = [
  {
    document: { replicas: 3 },
    path: "replicas",
    fix: "move it to spec.replicas",
    becomes: { spec: { ...SPEC, replicas: 3 } },
  },
  {
    document: { tuning: { maxModelLen: 4096 } },
    path: "tuning",
    fix: "move it to spec.tuning",
    becomes: { spec: { ...SPEC, tuning: { maxModelLen: 4096 } } },
  },
  { document: { accelerator: "nvidia-l4" }, path: "accelerator", fix: "move it to spec.accelerator" },
  {
    document: { labels: { a: "b" } },
    path: "labels",
    fix: "move it to metadata.labels",
    becomes: { metadata: { name: "chat", labels: { a: "b" } } },
  },
  { document: { name: "chat" }, path: "name", fix: "move it to metadata.name" },
  {
    document: { namespace: "team" },
    path: "namespace",
    fix: "move it to metadata.namespace",
    becomes: { metadata: { name: "chat", namespace: "team" } },
  },
  {
    document: { metadata: { name: "chat", label: { a: "b" } } },
    path: "metadata.label",
    fix: "did you mean labels?",
    becomes: { metadata: { name: "chat", labels: { a: "b" } } },
  },
  {
    document: { metadata: { name: "chat", replicas: 2 } },
    path: "metadata.replicas",
    fix: "move it to spec.replicas",
    becomes: { spec: { ...SPEC, replicas: 2 } },
  },
  {
    document: { metadata: { name: "chat", spec: SPEC }, spec: null },
    path: "metadata.spec",
    fix: "move it to spec",
  },
  {
    document: { nodeSelector: { a: "b" } },
    path: "nodeSelector",
    fix: "move it to spec.template.nodeSelector",
    becomes: { spec: { ...SPEC, template: { nodeSelector: { a: "b" } } } },
  },
  { document: { extra: {} }, path: "extra", fix: /^remove it, or use one of: apiVersion, / },
  { document: { constructor: 1 }, path: "constructor", fix: /^remove it, or use one of: apiVersion, / },
];

function issuesOf(service: JsonObject, compat?: Compat): Issue[] {
  const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
  return plan({ service, configs, settings: DEFAULT_SETTINGS, ...(compat && { compat }) }).issues;
}

describe("an unknown field outside of the spec", () => {
  for (const { document, path, fix, becomes } of CASES) {
    it(`is an error, ${JSON.stringify(document)}: ${String(fix)}`, () => {
      const service: JsonObject = { ...SERVICE, ...document };
      const issue = issuesOf(service).find((one) => one.path === path);
      assert.equal(issue?.code, "UnknownField");
      assert.equal(issue.severity, "error");
      if (typeof fix === "string") assert.equal(issue.fix, fix);
      else assert.match(issue.fix ?? "", fix);
      const mended = (issue.fixes ?? []).reduce((one, edit) => applyEdits(one, editsOf(one, edit)), service);
      assert.deepEqual(mended, becomes === undefined ? service : { ...SERVICE, ...becomes });
    });
  }

  it("is a warning with KServe's behaviour, whose API server drops it", () => {
    for (const compat of Object.keys(COMPATS) as Compat[]) {
      const found = issuesOf({ ...SERVICE, replicas: 3 }, compat).filter(({ path }) => path === "replicas");
      assert.deepEqual(
        found.map(({ severity, code }) => `${severity} ${code}`),
        ["warning UnknownField"],
      );
    }
  });

  it("is reported once for a service with replica groups", () => {
    const groups = { a: { replicas: 1 }, b: { replicas: 2 } };
    const found = issuesOf({ ...SERVICE, replicas: 3, spec: { ...SPEC, groups } });
    assert.equal(found.filter(({ path }) => path === "replicas").length, 1);
  });

  it("is not an anchor of YAML at the root, a null, or a field of former releases in metadata", () => {
    const document = { ...SERVICE, "x-common": { a: "b" }, other: null, metadata: { name: "chat", clusterName: "" } };
    const { issues } = plan({
      service: document,
      configs: presets({ namespace: DEFAULT_SETTINGS.systemNamespace }),
      settings: DEFAULT_SETTINGS,
    });
    assert.deepEqual(
      issues.filter(({ code }) => code === "UnknownField"),
      [],
    );
  });

  it("hides no error of the spec", () => {
    const spec = { ...SPEC, template: { containers: [{ name: "main", args: ["--max-num-sqs=4"] }] } };
    const codes = issuesOf({ ...SERVICE, extra: {}, spec }).map(({ code }) => code);
    assert.deepEqual(codes, ["UnknownField", "UnknownFlag"]);
  });
});

describe("an object as a cluster returns it", () => {
  it("has no unknown fields outside of its spec", () => {
    const read = {
      ...SERVICE,
      metadata: {
        name: "chat",
        namespace: "team",
        generateName: "c",
        selfLink: "",
        uid: "6f2c8d3a-0000-4000-8000-000000000000",
        resourceVersion: "123",
        generation: 2,
        creationTimestamp: "2026-01-01T00:00:00Z",
        deletionTimestamp: "2026-01-02T00:00:00Z",
        deletionGracePeriodSeconds: 0,
        labels: { a: "b" },
        annotations: { a: "b" },
        finalizers: ["serving.kserve.io/llmisvc-finalizer"],
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "1", controller: true }],
        managedFields: [{ manager: "kubectl", operation: "Update", fieldsV1: { "f:spec": {} } }],
      },
      status: { url: "http://chat.team", conditions: [{ type: "Ready", status: "True" }] },
    };
    assert.deepEqual(
      issuesOf(read).filter(({ code }) => code === "UnknownField"),
      [],
    );
  });
});

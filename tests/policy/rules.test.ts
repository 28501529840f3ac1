import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isCredential } from "../../core/knowledge/credentials.ts";
import { typeToken } from "../../core/kubernetes/token.ts";
import { policiesOf } from "../../policy/pack.ts";
import type { StackResource } from "../../policy/rule.ts";
import { RULES } from "../../policy/rules.ts";
import { planOf } from "../core/stages/check/plan.ts";

type Props = Record<string, unknown>;

const ENGINE_LABELS = { "app.kubernetes.io/part-of": "llminferenceservice", "kserve.io/component": "workload" };
const GPUS = (count: number | string) => ({ resources: { limits: { "nvidia.com/gpu": count } } });

function resource(type: string, props: Props, stack = "dev"): StackResource {
  return { type, props, urn: `urn:pulumi:${stack}::shop::${type}::one` };
}

/** A Deployment of one pod whose container `main` has these fields. */
function deployment(container: Props, spec: Props = {}, pod: Props = {}, labels: Props = {}): StackResource {
  const template = {
    metadata: { labels: { ...ENGINE_LABELS, ...labels } },
    spec: { ...pod, containers: [{ name: "main", image: "engine:v1", ...container }] },
  };
  const metadata = { name: "chat-kserve", namespace: "team" };
  return resource("kubernetes:apps/v1:Deployment", { kind: "Deployment", metadata, spec: { template, ...spec } });
}

function judged(name: string, resources: readonly StackResource[], config: Props = {}): string[] {
  const rule = RULES.find((one) => one.name === name) ?? assert.fail(`there is no rule ${name}`);
  return rule.judge(resources, config).map(({ message }) => message);
}

function breaks(name: string, resources: readonly StackResource[], expected: RegExp, config: Props = {}): void {
  const found = judged(name, resources, config);
  assert.equal(found.length, 1, found.join("\n"));
  assert.match(found[0] ?? "", expected);
}

const keeps = (name: string, resources: readonly StackResource[], config: Props = {}): void =>
  assert.deepEqual(judged(name, resources, config), []);

describe("policies with incomplete resources", () => {
  it("ignore items that are not containers, and report a container without a name", () => {
    const gpu = { resources: { limits: { "nvidia.com/gpu": 1 } }, image: "engine:v1" };
    const template = { spec: { containers: [null, "text", gpu], initContainers: null } };
    const object = { kind: "Deployment", metadata: { name: "chat" }, spec: { template } };
    const messages = RULES.flatMap(({ name }) =>
      judged(
        name,
        [resource("kubernetes:apps/v1:Deployment", object)],
        name === "gpu-budget" ? { budgets: { a: 1 } } : {},
      ),
    );
    assert.ok(
      messages.includes("Deployment chat: a container without a name has no limit for memory; set resources.limits"),
    );
  });
});

describe("policies: images-pinned", () => {
  for (const image of ["engine", "host:5000/engine", "engine:latest"]) {
    it(`refuses ${image}`, () => breaks("images-pinned", [deployment({ image })], /containers\[0\]\.image has/));
  }
  for (const image of ["engine:v1", "host:5000/engine:v1", "engine@sha256:0a", "engine:latest@sha256:0a"]) {
    it(`allows ${image}`, () => keeps("images-pinned", [deployment({ image })]));
  }
  it("refuses a tag if digests are required", () =>
    breaks("images-pinned", [deployment({})], /has no digest/, { requireDigests: true }));
  it("does not show the image, which may hold a secret", () => {
    for (const config of [{}, { requireDigests: true }]) {
      for (const message of judged("images-pinned", [deployment({ image: "c4n4ry/engine" })], config))
        assert.doesNotMatch(message, /c4n4ry/);
    }
  });
  it("judges images of volumes and of init containers", () => {
    const pod = { initContainers: [{ name: "first", image: "a" }], volumes: [{ image: { reference: "b" } }] };
    assert.equal(judged("images-pinned", [deployment({}, {}, pod)]).length, 2);
  });
  it("judges both templates of a LeaderWorkerSet", () => {
    const template = { spec: { containers: [{ name: "main", image: "a" }] } };
    const spec = { leaderWorkerTemplate: { leaderTemplate: template, workerTemplate: template } };
    const set = { kind: "LeaderWorkerSet", metadata: { name: "chat" }, spec };
    const type = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet";
    assert.equal(judged("images-pinned", [resource(type, set)]).length, 2);
  });
});

describe("policies: no-plain-tokens", () => {
  const env = (name: string, value: unknown) => deployment({ env: [{ name, value }] });
  for (const name of ["HF_TOKEN", "OPENAI_API_KEY", "CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "hf_token"]) {
    it(`refuses a text in ${name}, and does not repeat it`, () => {
      breaks("no-plain-tokens", [env(name, "hunter2")], new RegExp(name));
      assert.doesNotMatch(judged("no-plain-tokens", [env(name, "hunter2")]).join(), /hunter2/);
    });
  }
  it("allows a value from a Secret, a reference to a variable, and other names", () => {
    const valueFrom = { secretKeyRef: { name: "hf", key: "token" } };
    keeps("no-plain-tokens", [deployment({ env: [{ name: "HF_TOKEN", valueFrom }] })]);
    keeps("no-plain-tokens", [env("HF_TOKEN", "$(OTHER)"), env("HF_TOKEN", ""), env("TOKENIZERS_PARALLELISM", "1")]);
  });
  it("refuses a text after --api-key, and allows a reference there", () => {
    for (const args of [["--api-key=a"], ["--api-key", "a"]])
      breaks("no-plain-tokens", [deployment({ args })], /--api-key/);
    keeps("no-plain-tokens", [deployment({ args: ["--api-key", "$(KEY)"] })]);
  });
  it("refuses a text after other flags and spellings that the engines read as a credential's, and in a script", () => {
    for (const args of [["--api_key=hunter2"], ["--api-ke", "hunter2"], ["-api-key=hunter2"], ["--hf-token=hunter2"]]) {
      breaks("no-plain-tokens", [deployment({ args })], /in its command line/);
      assert.doesNotMatch(judged("no-plain-tokens", [deployment({ args })]).join(), /hunter2/);
    }
    const script = (key: string) =>
      deployment({ command: ["bash", "-c", `exec vllm serve /mnt/models --api-key ${key}`] });
    breaks("no-plain-tokens", [script("hunter2")], /--api-key/);
    keeps("no-plain-tokens", [script('"$KEY"')]);
  });
  it("matches the parts of a pattern in their order, without overlap", () => {
    assert.ok(isCredential("AWS_SECRET_ACCESS_KEY", ["*_SECRET_*"]));
    assert.ok(!isCredential("AB", ["AB*B"]));
    assert.ok(!isCredential("XHF_TOKEN", ["HF_TOKEN"]));
  });
});

describe("policies: allowed-accelerators", () => {
  const h100 = deployment(GPUS(8), {}, { nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" } });
  it("allows every accelerator if none is configured", () => keeps("allowed-accelerators", [h100]));
  it("allows a class and a resource that are configured", () => {
    keeps("allowed-accelerators", [h100], { allowed: ["nvidia-h100-80gb"] });
    keeps("allowed-accelerators", [h100], { allowed: ["nvidia.com/gpu"] });
  });
  it("refuses another class, and a GPU that no node label names", () => {
    breaks("allowed-accelerators", [h100], /nvidia-h100/, { allowed: ["nvidia-l4"] });
    breaks("allowed-accelerators", [deployment(GPUS(1))], /without a node label/, { allowed: ["nvidia-l4"] });
  });
});

describe("policies: gpu-budget", () => {
  const eight = deployment(GPUS("4"), { replicas: 2 }, {}, { team: "search" });
  it("judges nothing without budgets", () => keeps("gpu-budget", [eight]));
  it("counts GPUs times replicas over the workloads of a team", () => {
    keeps("gpu-budget", [eight], { budgets: { search: 8 } });
    breaks("gpu-budget", [eight, eight], /16 accelerators, but its budget is 8/, { budgets: { search: 8 } });
  });
  it("counts all pods of the groups of a LeaderWorkerSet", () => {
    const template = { metadata: { labels: { team: "search" } }, spec: { containers: [{ name: "main", ...GPUS(8) }] } };
    const spec = { replicas: 2, leaderWorkerTemplate: { size: 3, workerTemplate: template } };
    const set = resource("kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", {
      kind: "LeaderWorkerSet",
      metadata: { name: "chat" },
      spec,
    });
    breaks("gpu-budget", [set], /48 accelerators, but its budget is 47/, { budgets: { search: 47 } });
  });
  it("counts the workloads of all replica groups of a service", () => {
    const group = { accelerator: "nvidia-h100-80gb", parallelism: { tensor: 4 }, replicas: 2 };
    const spec = {
      ...{ model: { uri: "hf://Qwen/Qwen3-8B" }, labels: { team: "search" }, router: { route: {}, scheduler: {} } },
      groups: { one: group, other: { ...group, scaling: { maxReplicas: 5, wva: { hpa: {} } }, replicas: null } },
    };
    const resources = planOf(spec, { stack: "llm-d-0.9" }).objects.map((object) =>
      resource(typeToken(object.apiVersion, object.kind), { ...object }),
    );
    breaks("gpu-budget", resources, /28 accelerators, but its budget is 27/, { budgets: { search: 27 } });
  });
  it("counts the replicas that an autoscaler may add", () => {
    const target = { kind: "Deployment", name: "chat-kserve" };
    const spec = { scaleTargetRef: target, minReplicas: 1, maxReplicas: 5 };
    const scaler = { kind: "HorizontalPodAutoscaler", metadata: { name: "chat", namespace: "team" }, spec };
    const scaled = [eight, resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler)];
    breaks("gpu-budget", scaled, /20 accelerators/, { budgets: { search: 8 } });
  });
  it("uses the budget of * for other teams, and refuses a team without one", () => {
    breaks("gpu-budget", [eight], /its budget is 1/, { budgets: { "*": 1 } });
    breaks("gpu-budget", [eight], /has no budget/, { budgets: { other: 1 } });
  });
  it("refuses accelerators without a team, and ignores workloads without accelerators", () => {
    breaks("gpu-budget", [deployment(GPUS(1))], /has no label team/, { budgets: { "*": 8 } });
    keeps("gpu-budget", [deployment({})], { budgets: { "*": 8 } });
  });
});

describe("policies: engine-limits and disruption-budget", () => {
  it("refuses an engine without a limit for memory", () => {
    breaks("engine-limits", [deployment(GPUS(1))], /no limit for memory/);
    keeps("engine-limits", [deployment({ resources: { limits: { memory: "8Gi" } } })]);
  });
  const budget = (namespace: string) =>
    resource("kubernetes:policy/v1:PodDisruptionBudget", {
      kind: "PodDisruptionBudget",
      metadata: { name: "chat", namespace },
      spec: { selector: { matchLabels: ENGINE_LABELS } },
    });
  it("refuses several replicas without a PodDisruptionBudget of their namespace", () => {
    const two = deployment(GPUS(1), { replicas: 2 });
    breaks("disruption-budget", [two], /2 replicas/);
    breaks("disruption-budget", [two, budget("other")], /2 replicas/);
    keeps("disruption-budget", [two, budget("team")]);
    keeps("disruption-budget", [deployment(GPUS(1))]);
  });
});

describe("policies: gates-on", () => {
  const service = (checks: Props, stack: string) => resource("kserve-llm:index:LLMInferenceService", { checks }, stack);
  it("refuses an error that production switches off or makes a warning", () => {
    breaks("gates-on", [service({ MemoryFit: "off" }, "prod")], /checks\.MemoryFit is off/);
    breaks("gates-on", [service({ GpuShape: "warning" }, "prod-eu")], /GpuShape is warning/);
  });
  it("allows it in other stacks, for codes that are configured, and for codes that are warnings", () => {
    keeps("gates-on", [service({ MemoryFit: "off" }, "dev"), service({ MemoryFit: "off" }, "product")]);
    keeps("gates-on", [service({ MemoryFit: "off" }, "prod")], { allowed: ["MemoryFit"] });
    keeps("gates-on", [service({ GracePeriod: "off", MemoryFit: "error" }, "prod")]);
  });
  it("judges the platform's checks and those of its releases", () => {
    const props = { bundle: { checks: { MemoryFit: "off" } }, releases: { v1: { checks: { GpuShape: "off" } } } };
    const found = judged("gates-on", [resource("kserve-llm:index:Platform", props, "production")]);
    assert.deepEqual(
      found.map((message) => message.split(" ")[0]),
      ["checks.MemoryFit", "releases.v1.checks.GpuShape"],
    );
  });
});

describe("policies: the pack", () => {
  it("every rule survives resources and objects that are not complete", () => {
    const odd = [resource("kubernetes:apps/v1:Deployment", { kind: "Deployment", metadata: {}, spec: null })];
    for (const { judge } of RULES) assert.deepEqual(judge([...odd, resource("a:b:C", {})], undefined), []);
  });
  it("every rule is a policy with a description and a schema of its configuration", () => {
    const policies = policiesOf(RULES);
    assert.deepEqual(
      policies.map(({ name, configSchema }) => [name, Object.keys(configSchema?.properties ?? {})]),
      RULES.map(({ name, fields }) => [name, Object.keys(fields)]),
    );
  });
});

describe("policies: the cases of this file", () => {
  const text = readFileSync(import.meta.filename, "utf8");
  for (const { name } of RULES) {
    it(`have one that breaks ${name} and one that keeps it`, () => {
      for (const outcome of ["breaks", "keeps"]) assert.match(text, new RegExp(`\\b${outcome}\\(\\s*"${name}"`));
    });
  }
});

describe("policies: docs/policies.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/policies.md"), "utf8");

  it("shows a configuration of rules and fields that the pack has", () => {
    const [, text = "{}"] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const shown = Object.entries(JSON.parse(text) as Record<string, string | object>);
    assert.ok(shown.length > 3);
    for (const [name, config] of shown) {
      const { fields } = RULES.find((rule) => rule.name === name) ?? assert.fail(name);
      if (typeof config === "string") assert.match(config, /^(mandatory|advisory|disabled)$/);
      else for (const field of Object.keys(config)) assert.ok(field in fields, `${name} ${field}`);
    }
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { GROUP_FIELDS } from "../../core/api/shorthands/shorthands.ts";
import { LABEL } from "../../core/contract/names.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { presets, STACKS } from "../../core/knowledge/stacks/stacks.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import {
  isDeployment,
  labelsIn,
  podLabelsOf,
  templatesOf,
  workloadsOf,
} from "../../core/kubernetes/workloads/workloads.ts";
import { plan } from "../../core/plan.ts";
import { type PartialInput, planOf } from "./stages/check/plan.ts";

interface Case {
  name: string;
  spec: Record<string, unknown>;
  input?: PartialInput;
  issues?: string[];
  /** The fix of each issue. */
  fixes?: string[];
}
const casesIn = (file: string): Case[] =>
  parse(readFileSync(new URL(file, import.meta.url), "utf8"), { merge: true, maxAliasCount: -1 }) as Case[];
const CASES = casesIn("stages/check/checks.yaml");

/** Fields that the Service and prefill take from the service, and not from a group. */
const SHARED: readonly string[] = ["labels", "annotations"];

/** The same service, with everything that a group may set moved to its only group. */
function inOneGroup(spec: Record<string, unknown>): Record<string, unknown> {
  const isShared = (field: string): boolean => SHARED.includes(field) || (field === "accelerator" && "prefill" in spec);
  const isOfGroup = ([field]: [string, unknown]): boolean => GROUP_FIELDS.includes(field) && !isShared(field);
  const entries = Object.entries(spec);
  const shared = Object.fromEntries(entries.filter((entry) => !isOfGroup(entry)));
  return { ...shared, groups: { only: Object.fromEntries(entries.filter(isOfGroup)) } };
}

/** The text of a service without groups: without the name of the group in names of objects and in paths. */
function withoutGroup(text: string): string {
  return text
    .replace(/(-kserve(?:-mn)?)-only\b/g, "$1")
    .replaceAll("(group only)", "(service)")
    .replaceAll("spec.groups.only.", "spec.")
    .replaceAll("spec.groups.only", "spec");
}

function judged({ issues }: Plan): string[] {
  return issues
    .map(({ code, severity, path, message }) => withoutGroup(`${severity} ${code} ${path} ${message}`))
    .sort();
}

const LABELS = /"(?:kserve-llm\/group|inference\.optimization\/acceleratorName)":"[^"]*",?/g;

/** The objects without what identifies a group: its name and its two labels. */
function built({ objects }: Plan): unknown[] {
  const texts = objects.map((object) => withoutGroup(JSON.stringify(object)).replace(LABELS, "").replaceAll(",}", "}"));
  return texts.sort().map((text) => JSON.parse(text));
}

describe("a service with one replica group", () => {
  for (const { name, spec, input } of CASES) {
    it(`has the same issues and objects as without groups: ${name}`, () => {
      const [plain, grouped] = [planOf(spec, input), planOf(inOneGroup(spec), input)];
      assert.deepEqual(judged(grouped), judged(plain));
      assert.deepEqual(built(grouped), built(plain));
    });
  }
});

describe("a service with several replica groups", () => {
  for (const { name, spec, input, issues = [], fixes } of casesIn("groups.yaml")) {
    it(issues.length > 0 ? `reports ${name}` : `accepts ${name}`, () => {
      const found = planOf(spec, input).issues.filter(({ severity }) => severity !== "info");
      assert.deepEqual(
        found.map(({ severity, code, path, layer, message }) => `${severity} ${code} ${path} (${layer}): ${message}`),
        issues,
      );
      if (fixes !== undefined)
        assert.deepEqual(
          found.map(({ fix }) => fix),
          fixes,
        );
    });
  }

  const groups = { h100: { accelerator: "nvidia-h100-80gb" }, l40s: { accelerator: "nvidia-l40s", replicas: 4 } };
  const spec = {
    model: { uri: "hf://Qwen/Qwen3-8B" },
    tuning: { maxModelLen: 8192 },
    router: { route: {}, scheduler: {} },
  };

  it("has one pool, whose selector finds the pods of all groups", () => {
    const { objects } = planOf({ ...spec, groups });
    const pools = objects.filter(({ kind }) => kind === "InferencePool");
    const workloads = workloadsOf(objects).filter(({ object }) => object.metadata.labels?.[LABEL.group] !== undefined);
    assert.equal(pools.length, 1);
    const wanted = Object.entries((pools[0] as unknown as Pool).spec.selector.matchLabels);
    assert.deepEqual(
      workloads.map(({ object, count }) => [object.metadata.name, count]),
      [
        ["chat-kserve-h100", 1],
        ["chat-kserve-l40s", 4],
      ],
    );
    for (const { pods } of workloads)
      for (const { labels } of pods) for (const [key, value] of wanted) assert.equal(labels[key], value);
  });

  it("has workloads whose selectors find no pod of another group", () => {
    const found = workloadsOf(planOf({ ...spec, groups }).objects);
    for (const { object, pods } of found)
      for (const other of found.filter((one) => one.object !== object)) {
        const wanted = Object.entries(podLabelsOf(other.object));
        assert.ok(pods.every(({ labels }) => !wanted.every(([key, value]) => labels[key] === value)));
      }
  });

  it("has a variant with its own cost for each group that the variant autoscaler scales", () => {
    const scaled = (variantCost: string) => ({ maxReplicas: 4, wva: { variantCost, hpa: {} } });
    const { objects } = planOf(
      {
        ...spec,
        groups: {
          h100: { accelerator: "nvidia-h100-80gb", scaling: scaled("40") },
          l40s: { accelerator: "nvidia-l40s", scaling: scaled("9.5") },
        },
      },
      { stack: "llm-d-0.9" },
    );
    const scalers = objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler");
    assert.deepEqual(
      scalers.map(({ metadata: { name, labels, annotations } }) => [
        name,
        labels?.[LABEL.accelerator],
        annotations?.["llm-d.ai/variant-cost"],
      ]),
      [
        ["chat-kserve-h100-hpa", "nvidia-h100-80gb", "40"],
        ["chat-kserve-l40s-hpa", "nvidia-l40s", "9.5"],
      ],
    );
  });

  it("scales each group by the requests of its own pods with the stack's triggers of KEDA", () => {
    const settings = { autoscaling: { prometheus: PROMETHEUS } } as PartialInput["settings"];
    const keda = { maxReplicas: 4, keda: {} };
    const { objects } = planOf(
      {
        ...spec,
        groups: { h100: { ...groups.h100, scaling: keda }, l40s: { ...groups.l40s, replicas: null, scaling: keda } },
      },
      { stack: "llm-d-0.9", ...(settings && { settings }) },
    );
    const asked = objects
      .filter(({ kind }) => kind === "ScaledObject")
      .map((object) => [object.metadata.name, new Set(JSON.stringify(object).match(/(?<=pod=~[^-]*)-kserve-\w+/g))]);
    assert.deepEqual(asked, [
      ["chat-kserve-h100-keda", new Set(["-kserve-h100"])],
      ["chat-kserve-l40s-keda", new Set(["-kserve-l40s"])],
    ]);
  });

  const engines = { h100: { ...groups.h100, runtime: null }, l40s: { accelerator: "nvidia-l40s" } };
  for (const stack of STACKS) {
    it(`runs in each group the engine of the group's runtime, on ${stack.name}`, () => {
      const { issues, objects } = planOf(
        { ...spec, runtime: "kserve-llm-sglang", groups: engines },
        { stack: stack.name },
      );
      assert.deepEqual(issues, []);
      const found = objects
        .filter(isDeployment)
        .filter(({ metadata }) => /-kserve-(?:h100|l40s)$/.test(metadata.name))
        .flatMap(templatesOf)
        .map(({ labels, spec: { containers = [] } }) => [containers[0]?.image, labels[LABEL.engineType]]);
      assert.deepEqual(found, [
        [stack.engines.cuda.image, undefined],
        [stack.sglang?.engines.cuda.image, "sglang"],
      ]);
    });
  }

  it("queries the metrics of each group's own engine by default", () => {
    const settings = { autoscaling: { prometheus: PROMETHEUS } } as PartialInput["settings"];
    const scaling = { maxReplicas: 4, keda: {} };
    const scaled = { h100: { ...engines.h100, scaling }, l40s: { ...engines.l40s, scaling } };
    const { objects } = planOf(
      { ...spec, runtime: "kserve-llm-sglang", groups: scaled },
      { stack: "llm-d-0.9", ...(settings && { settings }) },
    );
    const asked = objects.filter(({ kind }) => kind === "ScaledObject").map((object) => JSON.stringify(object));
    const engineOf = (text: string) => ["vllm", "sglang"].filter((engine) => text.includes(`${engine}:num_`));
    assert.deepEqual(asked.map(engineOf), [["vllm"], ["sglang"]]);
  });

  it("cannot share a scheduler whose account would differ between groups", () => {
    const account = (name: string) => ({
      ...{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "team" } },
      imagePullSecrets: [{ name: `of-${name}` }],
    });
    const running = (serviceAccountName: string) => ({
      accelerator: "nvidia-h100-80gb",
      template: { serviceAccountName },
    });
    const { issues, objects } = planOf(
      { ...spec, groups: { one: running("a"), other: running("b") } },
      { known: [account("a"), account("b")] as NonNullable<PartialInput["known"]> },
    );
    assert.deepEqual(
      issues.map(({ code, path, message }) => [code, path, message]),
      [
        [
          "Conflict",
          "spec.groups.other",
          "ServiceAccount chat-epp-sa belongs to all replica groups, but the group other needs a different imagePullSecrets[0].name than the group one",
        ],
      ],
    );
    assert.deepEqual(objects, []);
  });

  it("leaves objects to another owner that only one of the groups has", () => {
    const { issues, objects } = planOf({ ...spec, groups }, { adopt: { leave: ["Deployment/chat-kserve-l40s"] } });
    const names = objects.map(({ metadata }) => metadata.name);
    assert.deepEqual(issues, []);
    assert.ok(names.includes("chat-kserve-h100") && !names.includes("chat-kserve-l40s"), names.join());
  });

  it("keeps only the objects that outlive its pods while it is stopped", () => {
    const cached = { ...spec, groups, operations: { modelCache: true } };
    const metadata = { name: "chat", namespace: "team", annotations: { "serving.kserve.io/stop": "true" } };
    const service = { apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceService", metadata, spec: cached };
    const configs = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });
    const { objects } = plan({ service, configs, settings: DEFAULT_SETTINGS });
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["PersistentVolumeClaim", "Job"],
    );
  });

  for (const [what, main] of [
    ["engine cannot be read", { image: "registry.example/own:1", command: ["/start"], args: ["--fast"] }],
    ["names come from a variable", { args: ["--served-model-name=$(NAME)"] }],
    ["flags come from a file", { args: ["--config=/etc/vllm.yaml"] }],
  ] as const) {
    it(`is warned that a group is not compared when its ${what}`, () => {
      const own = { accelerator: "nvidia-l40s", template: { containers: [{ name: "main", ...main }] } };
      const { issues } = planOf({ ...spec, groups: { h100: groups.h100, own } });
      const found = issues.filter(({ code }) => code === "GroupsDisagree");
      const isTold = found.some(({ severity, message }) => severity === "info" && message.includes("compare"));
      assert.equal(isTold, what !== "flags come from a file", JSON.stringify(issues));
      assert.ok(found.every(({ severity }) => severity === "info"));
    });
  }

  for (const [field, value, fix, change] of [
    [
      "image",
      "vllm/vllm-openai:v0.23.0",
      "move it to spec.groups.h100.template.containers[name=main].image",
      "spec.groups.h100.template.containers[name=main].image",
    ],
    ["maxModelLen", 4096, "move it to spec.groups.h100.tuning.maxModelLen", "spec.groups.h100.tuning.maxModelLen"],
    ["replica", 2, "did you mean replicas?", "spec.groups.h100.replicas"],
    ["uri", "hf://Qwen/Qwen3-8B", "move it to spec.model.uri, or remove it", undefined],
    ["minReplicas", 2, "move it to spec.groups.h100.scaling.minReplicas, or remove it", undefined],
  ] as const)
    it(`that has the unknown field ${field} gets the advice that a service gets: ${fix}`, () => {
      const { issues } = planOf({ ...spec, groups: { ...groups, h100: { ...groups.h100, [field]: value } } });
      const found = issues.find(({ path }) => path === `spec.groups.h100.${field}`);
      assert.deepEqual([found?.code, found?.fix], ["UnknownField", fix]);
      assert.deepEqual(
        found?.fixes,
        change === undefined ? undefined : [{ path: `spec.groups.h100.${field}` }, { path: change, value }],
      );
    });

  for (const compat of ["kserve-0.20", "kserve-0.21"] as const)
    it(`is an unknown field to KServe, which ignores it, under ${compat}`, () => {
      const { issues } = planOf({ ...spec, groups }, { compat });
      const found = issues.find(({ code, path }) => code === "UnknownField" && path === "spec.groups");
      assert.equal(found?.severity, "warning");
      assert.match(found?.message ?? "", /unknown field groups: it is ignored/);
    });

  it("is selected by the labels of the service, and each group by its own labels", () => {
    const from = [{ namespaceSelector: {} }];
    const operations = { podDisruptionBudget: true, networkPolicy: { from }, monitoring: { podMonitor: true } };
    const { objects, issues } = planOf({ ...spec, groups, operations });
    assert.deepEqual(issues, []);
    const engines = workloadsOf(objects).filter(({ object }) => object.metadata.labels?.[LABEL.group] !== undefined);
    const reached = (kind: string): string[] =>
      objects
        .filter((object) => object.kind === kind && !object.metadata.name.includes("epp"))
        .map((object) => {
          const wanted = selectorOf(object);
          const found = engines.filter(({ pods }) => pods.every(({ labels }) => isSelected(labels, wanted)));
          return found.map(({ object: { metadata } }) => metadata.labels?.[LABEL.group]).join();
        });
    assert.deepEqual(reached("InferencePool"), ["h100,l40s"]);
    assert.deepEqual(reached("Service"), ["h100,l40s"]);
    assert.deepEqual(reached("NetworkPolicy"), ["h100,l40s"]);
    assert.deepEqual(reached("PodDisruptionBudget"), ["h100", "l40s"]);
    assert.deepEqual(reached("PodMonitor"), ["h100", "l40s"]);
  });

  it("shares the requests of a routing group by weight, as one member", () => {
    const route = (weight: number) => ({ route: { group: "canary", weight }, scheduler: {} });
    const model = { ...spec.model, name: "qwen" };
    const peer = {
      ...{ apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceService" },
      metadata: { name: "next", namespace: "team" },
      spec: { model, router: route(10), groups },
    };
    const { objects } = planOf(
      { ...spec, model, router: route(90), groups },
      { known: [peer] as NonNullable<PartialInput["known"]> },
    );
    const routes = objects.filter(({ kind }) => kind === "HTTPRoute");
    const weights = new Set(JSON.stringify(routes).match(/"name":"[a-z]+-inference-pool","port":\d+,"weight":\d+/g));
    assert.equal(routes.length, 1);
    assert.deepEqual([...weights].sort(), [
      // Paths of the service's own.
      '"name":"chat-inference-pool","port":8000,"weight":1',
      '"name":"chat-inference-pool","port":8000,"weight":90',
      '"name":"next-inference-pool","port":8000,"weight":10',
    ]);
  });
});

interface Expression {
  key: string;
  values?: string[];
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Expression[];
}

/** The selector of a kind that has one, at any path. */
function selectorOf({ kind, spec }: KubernetesObject): Selector {
  const { selector, podSelector } = spec as { selector?: object; podSelector?: object };
  return kind === "Service" ? { matchLabels: labelsIn(selector) } : (selector ?? podSelector ?? {});
}

function isSelected(labels: Record<string, string>, { matchLabels = {}, matchExpressions = [] }: Selector): boolean {
  const isIn = ({ key, values = [] }: Expression): boolean => values.includes(labels[key] ?? "");
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(isIn);
}

interface Pool {
  spec: { selector: { matchLabels: Record<string, string> } };
}

const PROMETHEUS = {
  ...{ url: "http://prometheus", tlsInsecureSkipVerify: false },
  ...{ authModes: "", triggerAuthName: "", triggerAuthKind: "" },
};

import assert from "node:assert/strict";
import { DEFAULT_SETTINGS, type Settings } from "../../../../core/contract/options/settings.ts";
import type { PlanInput } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";
import { type Expected, NOTHING_EXPECTED, readExpected, withFieldOf } from "../../../../core/views/promote/expected.ts";
import { checkPromotion } from "../../../../core/views/promote/promote.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";

const API = "serving.kserve.io/v1alpha2";

interface Given {
  namespace: string;
  spec?: object;
  image?: string;
  settings?: Partial<Settings>;
}

/** A service `chat` on a config `base` of its own namespace. */
function environment({ namespace, spec = {}, image = "vllm:1", settings = {} }: Given): PlanInput {
  const template = { containers: [{ name: "main", image }] };
  return deepFreeze({
    service: {
      apiVersion: API,
      kind: "LLMInferenceService",
      metadata: { name: "chat", namespace },
      spec: {
        model: { uri: "hf://a/b" },
        replicas: 1,
        accelerator: "nvidia-l4",
        baseRefs: [{ name: "base" }],
        ...spec,
      },
    },
    configs: [
      ...presets({ namespace: "kserve" }),
      { apiVersion: API, kind: "LLMInferenceServiceConfig", metadata: { name: "base", namespace }, spec: { template } },
    ],
    settings: { ...DEFAULT_SETTINGS, ...settings },
  });
}

const staging = environment({ namespace: "staging" });
const PROD = { replicas: 4, accelerator: "nvidia-h100-80gb" };
const EXPECTED: Expected = { ...NOTHING_EXPECTED, service: ["namespace", "replicas", "accelerator"] };

function check(to: PlanInput, expected: Expected = EXPECTED, more: object = {}) {
  return checkPromotion({ from: staging, to, expected, ...more });
}

describe("checkPromotion", () => {
  it("passes if environments differ only in expected fields and in fields derived from them", () => {
    const { verdict, fields, objects, impact } = check(environment({ namespace: "prod", spec: PROD }));
    assert.deepEqual({ verdict, fields, objects }, { verdict: "fine", fields: [], objects: [] });
    assert.deepEqual([impact?.gpus.before, impact?.gpus.after, impact?.podsRestarted], [4, 4, 0]);
  });

  describe("of replica groups", () => {
    const of = (namespace: string, groups: object): PlanInput =>
      environment({ namespace, spec: { replicas: null, accelerator: null, groups } });
    const l4 = (replicas: number) => ({ accelerator: "nvidia-l4", replicas });
    const from = of("staging", { l4: l4(1), h100: { accelerator: "nvidia-h100-80gb" } });
    const expected: Expected = { ...NOTHING_EXPECTED, service: ["namespace", "groups.l4.replicas"] };

    it("passes if a field of a group differs as expected", () => {
      const to = of("prod", { l4: l4(4), h100: { accelerator: "nvidia-h100-80gb" } });
      const { verdict, objects, impact, issues } = checkPromotion({ from, to, expected });
      const errors = issues.filter(({ issue }) => issue.severity === "error");
      assert.deepEqual({ verdict, objects, errors }, { verdict: "fine", objects: [], errors: [] });
      assert.deepEqual([impact?.gpus.before, impact?.gpus.after], [5, 5]);
    });

    it("refuses a group with other differences, and one that only one side has", () => {
      const other = of("prod", { l4: l4(4), h100: { accelerator: "nvidia-h200-141gb" } });
      const differs = checkPromotion({ from, to: other, expected });
      assert.equal(differs.verdict, "refused");
      assert.ok(differs.fields.some(({ path }) => path.startsWith("groups.h100.template.nodeSelector")));
      const fewer = checkPromotion({ from, to: of("prod", { l4: l4(1) }), expected });
      assert.equal(fewer.verdict, "refused");
      assert.deepEqual(
        fewer.objects.map(({ change, object }) => `${change} ${object.name}`),
        ["create chat-kserve-h100"],
      );
    });
  });

  it("uses the free devices of the target environment, and its loading speed if that may differ", () => {
    const model = { uri: "hf://Qwen/Qwen2.5-7B-Instruct" };
    const from = { ...environment({ namespace: "staging", spec: { model } }), freeDevices: { "nvidia.com/gpu": 0 } };
    const there = { loadBytesPerSecond: 20e6, freeDevices: { "nvidia.com/gpu": 8 } };
    const to = { ...environment({ namespace: "prod", spec: { model } }), ...there };
    const expected = { ...NOTHING_EXPECTED, service: ["namespace"] };
    const unexpected = checkPromotion({ from, to, expected });
    assert.equal(unexpected.verdict, "refused");
    assert.match(unexpected.objects[0]?.fields[0]?.path ?? "", /startupProbe/);
    const { verdict, issues } = checkPromotion({
      from,
      to,
      expected: { ...expected, settings: ["loadBytesPerSecond"] },
    });
    assert.equal(verdict, "fine");
    assert.deepEqual(
      issues.filter(({ issue }) => issue.code === "RolloutSurge").map(({ side }) => side),
      ["from"],
    );
  });

  it("refuses another difference, and names the layer, both values and the effect on pods", () => {
    const { verdict, fields, objects, impact } = check(environment({ namespace: "prod", spec: PROD, image: "vllm:0" }));
    assert.equal(verdict, "refused");
    assert.deepEqual(fields, [
      {
        path: "template.containers[name=main].image",
        from: "vllm:1",
        fromLayer: "config staging/base",
        to: "vllm:0",
        toLayer: "config prod/base",
      },
    ]);
    assert.deepEqual(
      objects.map(({ object, effect }) => [object.kind, object.namespace, effect]),
      [["Deployment", "prod", "restart"]],
    );
    assert.equal(impact?.podsRestarted, 4);
  });

  it("reports every difference that is not declared as expected", () => {
    const { verdict, fields } = check(environment({ namespace: "staging", spec: { replicas: 2 } }), NOTHING_EXPECTED);
    assert.equal(verdict, "refused");
    assert.deepEqual(
      fields.map(({ path }) => path),
      ["replicas"],
    );
  });

  it("accepts differences in fields of objects that are declared for their kind", () => {
    const to = environment({ namespace: "staging", spec: { labels: { tier: "gold" } } });
    const service = { ...NOTHING_EXPECTED, service: ["labels"] };
    assert.equal(check(to, service).verdict, "fine");
    const labels = [{ kind: "Deployment", path: "spec.template.metadata.labels" }, { path: "metadata.labels" }];
    const { verdict, fields } = check(to, { ...NOTHING_EXPECTED, objects: labels });
    assert.deepEqual([verdict, fields.map(({ path }) => path)], ["fine", ["labels.tier"]]);
    const one = check(to, { ...NOTHING_EXPECTED, objects: labels.slice(1) });
    assert.deepEqual(
      one.objects.map(({ object, fields }) => [object.kind, fields.map(({ path }) => path)]),
      [["Deployment", ["spec.template.metadata.labels.tier"]]],
    );
  });

  it("uses the other environment's settings only if they are expected to differ", () => {
    const to = environment({ namespace: "staging", settings: { enableTLS: true } });
    assert.equal(check(to, NOTHING_EXPECTED).verdict, "refused");
    assert.equal(check(to, { ...NOTHING_EXPECTED, settings: ["enableTLS"] }).verdict, "fine");
  });

  it("refuses a service that cannot be planned in one of the environments", () => {
    const broken = environment({ namespace: "prod", spec: { accelerator: "nvidia-h100-80g" } });
    const { verdict, issues, objects } = check(broken);
    assert.deepEqual([verdict, objects], ["refused", []]);
    assert.deepEqual(
      issues.filter(({ issue }) => issue.severity === "error").map(({ side, issue }) => [side, issue.code]),
      [
        ["to", "UnknownAccelerator"],
        ["promoted", "UnknownAccelerator"],
      ],
    );
  });

  it("measures the rollout from what runs now", () => {
    const prod = environment({ namespace: "prod", spec: PROD });
    const now = plan(environment({ namespace: "prod", spec: { ...PROD, replicas: 2 }, image: "vllm:0" })).objects;
    const { verdict, impact } = check(prod, EXPECTED, { now });
    assert.equal(verdict, "fine");
    assert.deepEqual([impact?.podsRestarted, impact?.gpus.delta], [2, 2]);
  });
});

describe("withFieldOf", () => {
  const rows: [path: string, document: object, other: object, result: object][] = [
    ["a.b", { a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
    ["a.b", { a: { b: 1, c: 2 } }, {}, { a: { c: 2 } }],
    ["a.b", {}, { a: { b: 3 } }, { a: { b: 3 } }],
    ["a.b", { c: 1 }, {}, { c: 1 }],
    [
      "l[x].v",
      { l: [{ name: "x", v: 1 }, { name: "y" }] },
      { l: [{ name: "x", v: 2 }] },
      { l: [{ name: "x", v: 2 }, { name: "y" }] },
    ],
    ["l[x]", { l: [{ name: "y" }] }, { l: [{ name: "x" }] }, { l: [{ name: "y" }, { name: "x" }] }],
    ["l[x]", { l: [{ name: "x" }, { name: "y" }] }, { l: [] }, { l: [{ name: "y" }] }],
  ];
  for (const [path, document, other, result] of rows) {
    it(`${path} of ${JSON.stringify(other)} in ${JSON.stringify(document)}`, () => {
      assert.deepEqual(withFieldOf(deepFreeze(document) as never, deepFreeze(other) as never, path), result);
    });
  }
});

describe("readExpected", () => {
  it("treats missing lists as empty", () => {
    assert.deepEqual(readExpected({ service: ["replicas"] }).expected, { ...NOTHING_EXPECTED, service: ["replicas"] });
  });
  const wrong: [document: unknown, path: string][] = [
    ["x", ""],
    [{ services: [] }, "services"],
    [{ service: "replicas" }, "service"],
    [{ objects: ["Deployment"] }, "objects"],
    [{ objects: [{}] }, "objects"],
    [{ objects: [{ kind: "Deployment", paths: [] }] }, "objects"],
  ];
  for (const [document, path] of wrong) {
    it(`refuses ${JSON.stringify(document)}`, () => {
      assert.deepEqual(
        readExpected(document).issues.map((issue) => issue.path),
        [path],
      );
    });
  }
});

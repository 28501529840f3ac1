import assert from "node:assert/strict";
import { KINDS } from "../../../../../core/contract/kinds.ts";

import { isObject, type JsonObject, objectsOf, valueAt } from "../../../../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { podLabelsOf, podSpecsOf, workloadsOf } from "../../../../../core/kubernetes/workloads/workloads.ts";
import { fittingName, nameProblem } from "../../../../../core/stages/check/objects/names.ts";
import { readConfigs } from "../../../../../core/stages/materialize/router/epp/eppconfig.ts";
import { diffObjects } from "../../../../../core/views/diff/diff.ts";
import { impactOf } from "../../../../../core/views/diff/impact.ts";
import { planOf } from "../../check/plan.ts";
import { GROUPED, issuesOf, MODEL, NEWEST, planned, withEnv } from "./operated.ts";

const TRIGGERS = [{ type: "prometheus", metadata: { serverAddress: "http://p", query: "up", threshold: "1" } }];
const KEDA = { scaling: { minReplicas: 2, maxReplicas: 4, keda: { triggers: TRIGGERS } } };
const operated = (operations: object = {}) => ({ pairedRollout: { disaggregatedSet: true }, ...operations });
const SERVICE = { ...MODEL, router: { route: {}, scheduler: {} }, prefill: {}, operations: operated() };

const setOf = (objects: readonly KubernetesObject[]): KubernetesObject => {
  const [set, ...more] = objects.filter(({ kind }) => kind === "DisaggregatedSet");
  assert.ok(set !== undefined && more.length === 0);
  return set;
};
const rolesOf = (objects: readonly KubernetesObject[]): JsonObject[] =>
  objectsOf(valueAt(setOf(objects), ["spec", "roles"]));
const roleOf = (objects: readonly KubernetesObject[], name: string): JsonObject => {
  const role = rolesOf(objects).find((one) => one["name"] === name);
  assert.ok(role !== undefined);
  return role;
};
const named = (objects: readonly KubernetesObject[], kind: string): string[] =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
const isNamed = (kind: string, name: string) => (object: KubernetesObject) =>
  object.kind === kind && object.metadata.name === name;

describe("operations.pairedRollout.disaggregatedSet", () => {
  it("creates one set in place of the Deployments of both roles, and changes nothing else", () => {
    const objects = planned({ ...SERVICE, replicas: 3, prefill: { replicas: 2 } }, NEWEST);
    const before = planned({ ...SERVICE, replicas: 3, prefill: { replicas: 2 }, operations: {} }, NEWEST);
    const engines = ["Deployment chat-kserve", "Deployment chat-kserve-prefill"];
    const keys = (all: readonly KubernetesObject[]) => all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const others = keys(before).filter((key) => !engines.includes(key));
    assert.deepEqual(
      keys(objects).filter((key) => key !== "DisaggregatedSet chat-kserve"),
      others,
    );
    assert.deepEqual([setOf(objects).apiVersion, rolesOf(objects).length], [KINDS.DisaggregatedSet.apiVersion, 2]);
    assert.equal(valueAt(roleOf(objects, "decode"), ["spec", "replicas"]), 3);
    assert.equal(valueAt(roleOf(objects, "prefill"), ["spec", "replicas"]), 2);
  });

  it("turns the pods of a Deployment into groups of one pod, with the Deployment's rollout and restarts", () => {
    const [decode, before] = [
      roleOf(planned(SERVICE, NEWEST), "decode"),
      planned({ ...SERVICE, operations: {} }, NEWEST).find(isNamed("Deployment", "chat-kserve")),
    ];
    assert.deepEqual(valueAt(decode, ["spec"]), {
      replicas: 1,
      leaderWorkerTemplate: {
        workerTemplate: valueAt(before, ["spec", "template"]),
        size: 1,
        restartPolicy: "None",
      },
      startupPolicy: "LeaderCreated",
      rolloutStrategy: {
        type: "RollingUpdate",
        rollingUpdateConfiguration: { maxSurge: "25%", maxUnavailable: "25%" },
      },
    });
    assert.deepEqual(valueAt(decode, ["metadata", "labels"]), before?.metadata.labels);
  });

  it("keeps the groups as they are, with the rollout of each role", () => {
    const spec = { ...SERVICE, ...GROUPED, rolloutStrategy: { maxSurge: 1 }, prefill: GROUPED };
    const [set, groups] = [planned(spec, NEWEST), planned({ ...spec, operations: {} }, NEWEST)];
    const own = groups.find(isNamed("LeaderWorkerSet", "chat-kserve-mn"));
    const template = valueAt(own, ["spec", "leaderWorkerTemplate"]);
    assert.ok(isObject(template));
    assert.deepEqual(valueAt(roleOf(set, "decode"), ["spec", "leaderWorkerTemplate"]), template);
    const rollout = ["spec", "rolloutStrategy", "rollingUpdateConfiguration"] as const;
    assert.deepEqual(valueAt(roleOf(set, "decode"), rollout), { maxSurge: 1, maxUnavailable: 1 });
    assert.deepEqual(valueAt(roleOf(set, "prefill"), rollout), { maxSurge: 0, maxUnavailable: 1 });
  });

  it("lets an autoscaler scale each role by the scaler that the set's controller makes", () => {
    const objects = planned({ ...SERVICE, ...KEDA, prefill: { replicas: 2 } }, NEWEST);
    const decode = roleOf(objects, "decode");
    assert.deepEqual(decode["scaling"], { mode: "External" });
    assert.equal(valueAt(decode, ["spec", "replicas"]), undefined);
    assert.equal(roleOf(objects, "prefill")["scaling"], undefined);
    const scaled = objects.find(({ kind }) => kind === "ScaledObject");
    assert.deepEqual(valueAt(scaled, ["spec", "scaleTargetRef"]), {
      apiVersion: "disaggregatedset.x-k8s.io/v1",
      kind: "DisaggregatedSetRoleScaler",
      name: "chat-kserve-decode",
    });
  });

  it("keeps a budget for the pods of each role", () => {
    const selectors = (spec: object) =>
      planned(spec, NEWEST)
        .filter(({ kind }) => kind === "PodDisruptionBudget")
        .map((object) => valueAt(object, ["spec", "selector", "matchLabels"]));
    const both = { ...SERVICE, ...GROUPED, prefill: {}, operations: operated({ podDisruptionBudget: true }) };
    const [decode, prefill] = selectors(both);
    const labels = { "disaggregatedset.x-k8s.io/name": "chat-kserve", "disaggregatedset.x-k8s.io/role": "decode" };
    assert.deepEqual(decode, labels, "the name of a LeaderWorkerSet holds its revision");
    assert.ok(isObject(prefill) && !("leaderworkerset.sigs.k8s.io/name" in prefill));
  });

  it("pairs the revisions that the controller of the set writes, without a label of this package", () => {
    const objects = planned(SERVICE, NEWEST);
    const [scheduler] = objects.filter(({ metadata }) => metadata.name.endsWith("-scheduler"));
    const plugins = podSpecsOf(scheduler as KubernetesObject)
      .flatMap(({ containers }) => readConfigs(containers?.[0]?.args ?? []))
      .flatMap(({ plugins: all }) => objectsOf(all));
    const screener = plugins.find(({ type }) => type === "disaggregatedset-rollout-screener");
    const key = valueAt(screener, ["parameters", "revisionGating", "revisionLabelKey"]);
    assert.equal(key, "disaggregatedset.x-k8s.io/revision");
    assert.ok(!JSON.stringify(objects).includes("kserve-llm/revision"));
  });

  it("appears role by role in all views of workloads", () => {
    const objects = planned({ ...SERVICE, ...KEDA, ...GROUPED, prefill: { replicas: 3 } }, NEWEST);
    const engines = workloadsOf(objects).filter(({ object }) => object.kind === "LeaderWorkerSet");
    assert.deepEqual(
      engines.map(({ object, count, most, pods }) => [
        object.metadata.name,
        count,
        most,
        pods.map((one) => one.perUnit),
      ]),
      [
        ["chat-kserve-decode", 2, 4, [1, 1]],
        ["chat-kserve-prefill", 3, 3, [1]],
      ],
    );
    const labels = (role: string) => ({
      "disaggregatedset.x-k8s.io/name": "chat-kserve",
      "disaggregatedset.x-k8s.io/role": role,
    });
    assert.deepEqual(
      engines.map(({ object }) => podLabelsOf(object)),
      [labels("decode"), labels("prefill")],
    );
  });

  it("restarts both roles when the template of one changes, and none when only replicas do", () => {
    const of = (prefill: object) => planned({ ...SERVICE, prefill }, NEWEST);
    const effects = (prefill: object) => impactOf(of({}), of(prefill)).workloads.map(({ effect }) => effect);
    assert.deepEqual(effects(withEnv("VLLM_CACHE_ROOT")), ["restart", "restart"]);
    assert.deepEqual(effects({ replicas: 2 }), ["resize"]);
    const [change] = diffObjects(of({}), of(withEnv("VLLM_CACHE_ROOT")));
    assert.deepEqual([change?.object.kind, change?.effect], ["DisaggregatedSet", "restart"]);
  });

  const GROWN = { ...SERVICE, ...GROUPED, prefill: GROUPED };
  it("rolls a role that becomes larger instead of deleting it", () => {
    const larger = { ...GROUPED, parallelism: { data: 4, dataLocal: 1 } };
    const effects = impactOf(planned(GROWN, NEWEST), planned({ ...GROWN, prefill: larger }, NEWEST)).workloads;
    assert.deepEqual(
      effects.map(({ effect }) => effect),
      ["restart", "restart"],
    );
  });

  const HPA = { scaling: { maxReplicas: 4, wva: { hpa: {} } } };
  const CASES: Record<string, [spec: object, wanted: string[]]> = {
    "a service without prefill": [
      { ...SERVICE, prefill: undefined },
      ["warning UnusedField spec.operations.pairedRollout"],
    ],
    "a role of 0 replicas beside one that has some": [
      { ...SERVICE, prefill: { replicas: 0 } },
      ["warning Conflict spec.operations.pairedRollout", "error InvalidValue spec.prefill.replicas"],
    ],
    "the variant autoscaler": [
      { ...SERVICE, ...HPA, prefill: { replicas: 1 } },
      ["warning Conflict spec.operations.pairedRollout.disaggregatedSet"],
    ],
  };
  for (const [title, [spec, wanted]] of Object.entries(CASES)) {
    it(`reports ${title}`, () => {
      const found = issuesOf(spec);
      for (const issue of wanted) assert.ok(found.includes(issue), found.join("\n"));
    });
  }

  it("checks the pods and the name of a set like those of any workload", () => {
    const bad = { template: { containers: [{ name: "main", resources: { limits: { memory: "-1Gi" } } }] } };
    const found = issuesOf({ ...SERVICE, prefill: bad });
    assert.ok(
      found.some((issue) => issue.startsWith("error ") && issue.includes("spec.prefill.template.containers[")),
      found.join("\n"),
    );
    const set = setOf(planned(SERVICE, NEWEST));
    const called = (name: string) => ({ ...set, metadata: { ...set.metadata, name } });
    const longest = called(`${"a".repeat(26)}-kserve`);
    assert.equal(nameProblem(longest, true), undefined, "-0-REVISION-prefill and a hash of ten digits follow in 63");
    const long = called(`${"a".repeat(27)}-kserve`);
    assert.match(nameProblem(long, true) ?? "", /room for 33 of its 34 characters/);
    assert.match(fittingName(long), /at most 26 characters/);
    assert.equal(nameProblem(long, false), undefined);
    assert.match(nameProblem(called("1-kserve"), true) ?? "", /letter/);
  });

  it("is named in messages about its roles, because they have no Deployments", () => {
    const operations = operated({
      exclusiveTopology: "rack",
      gangScheduling: { kueue: { queue: "gpus" } },
      topologySpread: true,
      priorityClassName: "high",
    });
    const constraint = { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" };
    const own = { priorityClassName: "low", topologySpreadConstraints: [constraint] };
    const { issues } = planOf({ ...SERVICE, template: own, prefill: { template: own }, operations }, NEWEST);
    const said = issues.filter(({ path }) => path.startsWith("spec.operations.")).map(({ message }) => message);
    for (const name of ["decode", "prefill"])
      assert.equal(said.filter((one) => one.includes(`role ${name} of DisaggregatedSet chat-kserve`)).length, 4);
    assert.ok(!said.some((one) => /Deployment chat-kserve(-prefill)?\b(?!-router)/.test(one)), said.join("\n"));
  });

  it("spreads the pods of one revision by the label that its controller writes", () => {
    const objects = planned({ ...SERVICE, operations: operated({ topologySpread: true }) }, NEWEST);
    const [pod] = podSpecsOf(workloadsOf(objects).find(({ object }) => object.kind === "LeaderWorkerSet")!.object);
    assert.deepEqual(pod?.topologySpreadConstraints?.[0]?.matchLabelKeys, [
      "leaderworkerset.sigs.k8s.io/template-revision-hash",
    ]);
  });

  it("is off without the option, also with pairedRollout: true", () => {
    for (const pairedRollout of [true, { mode: "sum" }, { disaggregatedSet: false }]) {
      const objects = planned({ ...SERVICE, operations: { pairedRollout } }, NEWEST);
      assert.deepEqual(named(objects, "DisaggregatedSet"), []);
      assert.ok(JSON.stringify(objects).includes("kserve-llm/revision"));
    }
  });
});

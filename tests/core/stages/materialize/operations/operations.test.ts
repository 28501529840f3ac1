import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { operations } from "../../../../../core/api/shorthands/operations.ts";
import { KSERVE_0_20 } from "../../../../../core/contract/behaviour.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { planOf } from "../../check/plan.ts";
import { make } from "../given.ts";
import { GROUPS, MODEL, planned, refused, type Spec, specsOf } from "./operated.ts";

const config = (operations: unknown) => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceServiceConfig",
  metadata: { name: "team", namespace: "team" },
  spec: { operations },
});

describe("operations", () => {
  it("each have a test in this folder", () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
    const text = files.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("\n");
    for (const name of Object.keys(operations.shape)) assert.match(text, new RegExp(`\\b${name}\\b[:,]`), name);
  });

  it("add nothing when no switch is set or a switch is off", () => {
    const plain = planned(MODEL);
    assert.deepEqual(planned({ ...MODEL, operations: {} }), plain);
    assert.deepEqual(planned({ ...MODEL, operations: { podDisruptionBudget: false, rollout: {} } }), plain);
  });

  it("are refused under prefill and with invalid values", () => {
    const all = { ...MODEL, prefill: { operations: { priorityClassName: "high" } } };
    const { issues } = planOf(all);
    assert.deepEqual(
      issues.map(({ code, path, fix }) => ({ code, path, fix })),
      [{ code: "UnknownField", path: "spec.prefill.operations", fix: "write it as spec.operations" }],
    );
    const budget = (podDisruptionBudget: unknown) => refused({ ...MODEL, operations: { podDisruptionBudget } });
    assert.deepEqual(budget({ maxUnavailble: 1 }), [
      "error UnknownField spec.operations.podDisruptionBudget.maxUnavailble",
    ]);
    assert.deepEqual(budget({ maxUnavailable: "half" }), [
      "error InvalidValue spec.operations.podDisruptionBudget.maxUnavailable",
    ]);
    assert.deepEqual(budget({ maxUnavailable: 1, minAvailable: 1 }), [
      "error Conflict spec.operations.podDisruptionBudget",
    ]);
    assert.deepEqual(refused({ ...MODEL, operations: { priorityClass: "high" } }), [
      "error UnknownField spec.operations.priorityClass",
    ]);
  });

  it("are not part of the stored object", () => {
    const { service, spec, operations } = planOf({ ...MODEL, operations: { priorityClassName: "high" } });
    assert.deepEqual(operations, { priorityClassName: "high" });
    assert.ok(service !== undefined && !("operations" in service.spec));
    assert.ok(spec !== undefined && !("operations" in spec));
  });

  it("of configs have lower precedence than the service's", () => {
    const merged = (ofConfig: unknown, operations?: unknown): KubernetesObject[] =>
      planned(
        { ...MODEL, baseRefs: [{ name: "team" }], ...(operations !== undefined && { operations }) },
        {
          configs: [config(ofConfig)],
        },
      );
    const both = { podDisruptionBudget: { minAvailable: 2 }, rollout: { maxSurge: 0 } };
    const [kept] = specsOf(merged(both), "PodDisruptionBudget");
    assert.equal(kept?.["minAvailable"], 2);
    const over = merged(both, { podDisruptionBudget: { maxUnavailable: 2 }, rollout: { maxUnavailable: 2 } });
    const [changed] = specsOf(over, "PodDisruptionBudget");
    assert.deepEqual([changed?.["minAvailable"], changed?.["maxUnavailable"]], [undefined, 2]);
    assert.deepEqual(specsOf(over, "Deployment")[0]?.strategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 0, maxUnavailable: 2 },
    });
    assert.equal(specsOf(merged(both, { podDisruptionBudget: true }), "PodDisruptionBudget")[0]?.["minAvailable"], 2);
    assert.deepEqual(specsOf(merged(both, { podDisruptionBudget: false }), "PodDisruptionBudget"), []);
  });

  it("are unknown fields under compat", () => {
    const { objects } = make({ behaviour: KSERVE_0_20 });
    assert.deepEqual(specsOf(objects, "PodDisruptionBudget"), []);
    const stopped = make({ metadata: { annotations: { "serving.kserve.io/stop": "true" } } });
    assert.deepEqual(stopped.objects, []);
  });
});

describe("operations.podDisruptionBudget", () => {
  const budgets = (spec: object, podDisruptionBudget: unknown): Spec[] =>
    specsOf(planned({ ...spec, operations: { podDisruptionBudget } }), "PodDisruptionBudget");

  it("allows the eviction of one pod of each workload by default, and of any pod that is not ready", () => {
    const objects = planned({ ...MODEL, operations: { podDisruptionBudget: true } });
    const [spec] = specsOf(objects, "PodDisruptionBudget");
    const [deployment] = specsOf(objects, "Deployment");
    const { maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec ?? {};
    assert.deepEqual([maxUnavailable, unhealthyPodEvictionPolicy], [1, "AlwaysAllow"]);
    assert.deepEqual(selector, deployment?.selector);
  });

  it("applies to prefill separately", () => {
    const objects = planned({
      ...MODEL,
      prefill: { accelerator: "nvidia-l4" },
      router: { scheduler: {}, route: {} },
      operations: { podDisruptionBudget: true },
    });
    const names = objects.filter(({ kind }) => kind === "PodDisruptionBudget").map(({ metadata }) => metadata.name);
    assert.deepEqual(names, ["chat-kserve-pdb", "chat-kserve-prefill-pdb"]);
  });

  it("counts all pods of a group, because the eviction of a pod stops its group", () => {
    const [spec] = budgets(GROUPS, { maxUnavailable: 2 });
    assert.equal(spec?.["maxUnavailable"], 2);
    assert.deepEqual(spec?.selector, { matchLabels: { "leaderworkerset.sigs.k8s.io/name": "chat-kserve-mn" } });
    assert.equal(budgets(GROUPS, { maxUnavailable: "25%" })[0]?.["maxUnavailable"], 1);
    assert.equal(budgets(GROUPS, { minAvailable: 3 })[0]?.["maxUnavailable"], 1);
    assert.equal(budgets(GROUPS, { minAvailable: "60%" })[0]?.["maxUnavailable"], 1);
    assert.equal(budgets(GROUPS, { minAvailable: 9 })[0]?.["maxUnavailable"], 0);
  });

  it("needs a number if an autoscaler decides the number of groups", () => {
    const scaling = { minReplicas: 1, maxReplicas: 4, wva: { hpa: {} } };
    const { replicas: _fixed, ...groups } = GROUPS;
    const scaled = (podDisruptionBudget: unknown) =>
      refused({ ...groups, scaling, operations: { podDisruptionBudget } });
    assert.deepEqual(scaled({ minAvailable: 1 }), ["error InvalidValue spec.operations.podDisruptionBudget"]);
    assert.deepEqual(scaled({ maxUnavailable: 1 }), []);
  });
});

describe("operations.rollout", () => {
  it("is the strategy of Deployments and of LeaderWorkerSets", () => {
    const operations = { rollout: { maxSurge: 0, maxUnavailable: 1 } };
    assert.deepEqual(specsOf(planned({ ...MODEL, operations }), "Deployment")[0]?.strategy, {
      type: "RollingUpdate",
      rollingUpdate: operations.rollout,
    });
    assert.deepEqual(specsOf(planned({ ...GROUPS, operations }), "LeaderWorkerSet")[0]?.rolloutStrategy, {
      type: "RollingUpdate",
      rollingUpdateConfiguration: operations.rollout,
    });
  });

  it("leaves the scheduler as it is", () => {
    const routed = { ...MODEL, router: { scheduler: {}, route: {} }, operations: { rollout: { maxSurge: 0 } } };
    assert.deepEqual(specsOf(planned(routed), "Deployment")[1]?.strategy, { type: "Recreate" });
  });

  it("refuses maxSurge and maxUnavailable of 0, defaults included", () => {
    const rolls = (spec: object, rollout: object) => refused({ ...spec, operations: { rollout } });
    const wrong = ["error InvalidValue spec.operations.rollout"];
    assert.deepEqual(rolls(MODEL, { maxSurge: 0, maxUnavailable: "0%" }), wrong);
    assert.deepEqual(rolls(GROUPS, { maxUnavailable: 0 }), wrong);
    assert.deepEqual(rolls(MODEL, { maxUnavailable: 0 }), []);
  });

  it("is the surge that the check RolloutSurge compares with free devices", () => {
    const surge = (spec: object, free: number) =>
      planOf(spec, { freeDevices: { "nvidia.com/gpu": free } }).issues.map(({ code }) => code);
    const four = { ...MODEL, replicas: 4 };
    assert.deepEqual(surge(four, 0), ["RolloutSurge"]);
    assert.deepEqual(surge({ ...four, operations: { rollout: { maxSurge: 0 } } }, 0), []);
    assert.deepEqual(surge({ ...four, operations: { rollout: { maxSurge: "50%" } } }, 1), ["RolloutSurge"]);
    assert.deepEqual(surge(GROUPS, 0), []);
    const grouped = { ...GROUPS, operations: { rollout: { maxSurge: 1 } } };
    assert.deepEqual(surge(grouped, 3), ["RolloutSurge"]);
    assert.deepEqual(surge(grouped, 4), []);
  });
});

describe("operations.priorityClassName", () => {
  const classesOf = (objects: readonly KubernetesObject[]): (string | undefined)[] =>
    [...specsOf(objects, "Deployment"), ...specsOf(objects, "LeaderWorkerSet")].flatMap((spec) =>
      [spec.template, spec.leaderWorkerTemplate?.leaderTemplate, spec.leaderWorkerTemplate?.workerTemplate]
        .filter((one) => one !== undefined)
        .map(({ spec: pod }) => pod.priorityClassName),
    );

  it("is on every pod of the service", () => {
    const operations = { priorityClassName: "serving" };
    const router = { scheduler: {}, route: {} };
    assert.deepEqual(classesOf(planned({ ...MODEL, router, operations })), ["serving", "serving"]);
    assert.deepEqual(classesOf(planned({ ...GROUPS, operations })), ["serving", "serving"]);
  });

  it("reports a template that already sets priorityClassName, and keeps it", () => {
    const spec = { ...MODEL, template: { priorityClassName: "own" }, operations: { priorityClassName: "serving" } };
    assert.deepEqual(classesOf(planOf(spec).objects), ["own"]);
    assert.deepEqual(refused(spec), ["warning UnusedField spec.operations.priorityClassName"]);
  });
});

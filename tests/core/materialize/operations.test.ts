import assert from "node:assert/strict";
import { KSERVE_0_20 } from "../../../core/behaviour.ts";
import type { PlanInput } from "../../../core/plan.ts";
import { preflight } from "../../../core/preflight/preflight.ts";
import { DEFAULT_SETTINGS } from "../../../core/settings.ts";
import type { KubernetesObject, PodSpec } from "../../../core/spec/kubernetes.ts";
import { planOf } from "../checks/plan.ts";
import { ENGINE, issuesIn, make } from "./given.ts";

const MODEL = { model: { uri: "hf://facebook/opt-125m" }, accelerator: "nvidia-l4" };
const GROUPS = { ...MODEL, worker: {}, parallelism: { data: 4, dataLocal: 1 }, replicas: 4 };

interface Spec {
  replicas?: number;
  selector?: object;
  strategy?: object;
  rolloutStrategy?: object;
  template?: { spec: PodSpec };
  leaderWorkerTemplate?: { leaderTemplate: { spec: PodSpec }; workerTemplate: { spec: PodSpec } };
  [field: string]: unknown;
}

function planned(spec: object, input: Partial<PlanInput> = {}): KubernetesObject[] {
  const { objects, issues } = planOf(spec, input);
  assert.deepEqual(issues, []);
  return objects;
}

const specsOf = (objects: readonly KubernetesObject[], kind: string): Spec[] =>
  objects.filter((object) => object.kind === kind).map((object) => object["spec"] as Spec);

const refused = (spec: object): string[] =>
  planOf(spec).issues.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

const config = (operations: unknown) => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceServiceConfig",
  metadata: { name: "team", namespace: "team" },
  spec: { operations },
});

describe("operations", () => {
  it("add nothing where nothing is said, or a switch is off", () => {
    const plain = planned(MODEL);
    assert.deepEqual(planned({ ...MODEL, operations: {} }), plain);
    assert.deepEqual(planned({ ...MODEL, operations: { podDisruptionBudget: false, rollout: {} } }), plain);
  });

  it("stand on the service, not on prefill, and say what is wrong with them", () => {
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

  it("of configs lie under the service's", () => {
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

  it("are unknown to KServe, and change nothing that is its", () => {
    const { objects } = make({ behaviour: KSERVE_0_20 });
    assert.deepEqual(specsOf(objects, "PodDisruptionBudget"), []);
    const stopped = make({ metadata: { annotations: { "serving.kserve.io/stop": "true" } } });
    assert.deepEqual(stopped.objects, []);
  });
});

describe("operations.podDisruptionBudget", () => {
  const budgets = (spec: object, podDisruptionBudget: unknown): Spec[] =>
    specsOf(planned({ ...spec, operations: { podDisruptionBudget } }), "PodDisruptionBudget");

  it("lets one pod of each workload go by default, and any that is not ready", () => {
    const objects = planned({ ...MODEL, operations: { podDisruptionBudget: true } });
    const [spec] = specsOf(objects, "PodDisruptionBudget");
    const [deployment] = specsOf(objects, "Deployment");
    const { maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec ?? {};
    assert.deepEqual([maxUnavailable, unhealthyPodEvictionPolicy], [1, "AlwaysAllow"]);
    assert.deepEqual(selector, deployment?.selector);
  });

  it("holds for prefill by itself", () => {
    const objects = planned({
      ...MODEL,
      prefill: { accelerator: "nvidia-l4" },
      router: { scheduler: {}, route: {} },
      operations: { podDisruptionBudget: true },
    });
    const names = objects.filter(({ kind }) => kind === "PodDisruptionBudget").map(({ metadata }) => metadata.name);
    assert.deepEqual(names, ["chat-kserve-pdb", "chat-kserve-prefill-pdb"]);
  });

  it("counts groups over all of their pods, for each pod that goes takes its group with it", () => {
    const [spec] = budgets(GROUPS, { maxUnavailable: 2 });
    assert.equal(spec?.["maxUnavailable"], 2);
    assert.deepEqual(spec?.selector, { matchLabels: { "leaderworkerset.sigs.k8s.io/name": "chat-kserve-mn" } });
    assert.equal(budgets(GROUPS, { maxUnavailable: "25%" })[0]?.["maxUnavailable"], 1);
    assert.equal(budgets(GROUPS, { minAvailable: 3 })[0]?.["maxUnavailable"], 1);
    assert.equal(budgets(GROUPS, { minAvailable: "60%" })[0]?.["maxUnavailable"], 1);
    assert.equal(budgets(GROUPS, { minAvailable: 9 })[0]?.["maxUnavailable"], 0);
  });

  it("needs a number where an autoscaler decides how many groups there are", () => {
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

  it("must move: the defaults count", () => {
    const rolls = (spec: object, rollout: object) => refused({ ...spec, operations: { rollout } });
    const wrong = ["error InvalidValue spec.operations.rollout"];
    assert.deepEqual(rolls(MODEL, { maxSurge: 0, maxUnavailable: "0%" }), wrong);
    assert.deepEqual(rolls(GROUPS, { maxUnavailable: 0 }), wrong);
    assert.deepEqual(rolls(MODEL, { maxUnavailable: 0 }), []);
  });

  it("is what the surge of a rollout is held against", () => {
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

  it("yields to a template's, and says so", () => {
    const spec = { ...MODEL, template: { priorityClassName: "own" }, operations: { priorityClassName: "serving" } };
    assert.deepEqual(classesOf(planOf(spec).objects), ["own"]);
    assert.deepEqual(refused(spec), ["warning UnusedField spec.operations.priorityClassName"]);
  });
});

describe("operations.monitoring", () => {
  const routed = { ...MODEL, router: { scheduler: {}, route: {} } };
  const monitored = (spec: object, podMonitor: unknown, settings = DEFAULT_SETTINGS): Spec[] =>
    specsOf(planned({ ...spec, operations: { monitoring: { podMonitor } } }, { settings }), "PodMonitor");

  it("reads the engine's own port, of the pods that serve", () => {
    const [alone] = monitored(MODEL, true);
    assert.deepEqual(alone?.["podMetricsEndpoints"], [{ targetPort: 8000, path: "/metrics", scheme: "http" }]);
    const both = { ...routed, prefill: { accelerator: "nvidia-l4" } };
    const ports = monitored(both, true).map(
      ({ podMetricsEndpoints }) => podMetricsEndpoints as { targetPort: number }[],
    );
    assert.deepEqual(
      ports.map(([endpoint]) => endpoint?.targetPort),
      [8001, 8000],
    );
    const [groups] = monitored(GROUPS, true);
    const selector = groups?.selector as { matchLabels: Record<string, string> } | undefined;
    assert.equal(selector?.matchLabels["app.kubernetes.io/component"], "llminferenceservice-workload-leader");
  });

  it("carries the labels and the interval by which Prometheus reads", () => {
    const operations = { monitoring: { podMonitor: { interval: "15s", labels: { release: "prometheus" } } } };
    const monitor = planned({ ...MODEL, operations }).find(({ kind }) => kind === "PodMonitor");
    assert.equal(monitor?.metadata.labels?.["release"], "prometheus");
    const spec = monitor?.["spec"] as { podMetricsEndpoints: { interval: string }[] } | undefined;
    assert.equal(spec?.podMetricsEndpoints[0]?.interval, "15s");
    const bad = { monitoring: { podMonitor: { interval: "often" } } };
    assert.deepEqual(refused({ ...MODEL, operations: bad }), [
      "error InvalidValue spec.operations.monitoring.podMonitor.interval",
    ]);
  });

  it("verifies our own certificate, and none that it does not know", () => {
    const endpointOf = (tls: object): Record<string, unknown> | undefined => {
      const settings = { ...DEFAULT_SETTINGS, enableTLS: true, ...tls };
      const endpoints = monitored(MODEL, true, settings)[0]?.["podMetricsEndpoints"];
      return (endpoints as Record<string, unknown>[] | undefined)?.[0];
    };
    const secret = { name: "chat-kserve-self-signed-certs", key: "ca.crt" };
    const serverName = "chat-kserve-workload-svc.team.svc";
    assert.deepEqual(endpointOf({})?.["tlsConfig"], { ca: { secret }, serverName });
    assert.equal(endpointOf({})?.["scheme"], "https");
    assert.deepEqual(endpointOf({ tls: { secretName: "ours" } })?.["tlsConfig"], { insecureSkipVerify: true });
  });

  it("reads the scheduler as one who may, and says where there is none", () => {
    const operations = { monitoring: { serviceMonitor: { interval: "1m" } } };
    const objects = planned({ ...routed, operations });
    const [spec] = specsOf(objects, "ServiceMonitor");
    const service = objects.find(({ kind, metadata }) => kind === "Service" && metadata.name === "chat-epp-service");
    assert.deepEqual(spec?.selector, { matchLabels: service?.metadata.labels });
    const bearerTokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    assert.deepEqual(spec?.["endpoints"], [
      { port: "metrics", path: "/metrics", scheme: "http", bearerTokenFile, interval: "1m" },
    ]);
    assert.deepEqual(refused({ ...MODEL, operations }), [
      "warning UnusedField spec.operations.monitoring.serviceMonitor",
    ]);
  });

  it("needs the Prometheus operator, as a look at the cluster tells", () => {
    const objects = planned({ ...MODEL, operations: { monitoring: { podMonitor: true } } });
    const wanted = objects.filter(({ kind }) => kind === "PodMonitor");
    const [issue, ...more] = preflight(wanted, { source: "cluster", apis: {}, unread: [] });
    assert.deepEqual(more, []);
    assert.equal(issue?.code, "MissingApi");
    assert.match(issue?.fix ?? "", /Prometheus operator/);
  });

  it("needs a port to be declared", () => {
    const template = { containers: [{ name: "main", ports: null }] };
    assert.deepEqual(refused({ ...MODEL, template, operations: { monitoring: { podMonitor: true } } }), [
      "warning UnusedField spec.operations.monitoring.podMonitor",
    ]);
  });
});

describe("operations.networkPolicy", () => {
  const policyOf = (spec: object, networkPolicy: unknown): { [field: string]: unknown } | undefined =>
    specsOf(planned({ ...MODEL, ...spec, operations: { networkPolicy } }), "NetworkPolicy")[0];
  const own = { "app.kubernetes.io/name": "chat", "app.kubernetes.io/part-of": "llminferenceservice" };
  const gateway = (namespace: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  });

  it("lets the gateway and the service's own pods in, and whom it names", () => {
    const policy = policyOf({ router: { route: {}, scheduler: {} } }, true);
    assert.deepEqual(policy?.["policyTypes"], ["Ingress"]);
    assert.deepEqual(policy?.["ingress"], [{ from: [{ podSelector: { matchLabels: own } }, gateway("kserve")] }]);
    const prometheus = gateway("monitoring");
    const more = policyOf({}, { from: [prometheus] });
    assert.deepEqual(more?.["ingress"], [{ from: [{ podSelector: { matchLabels: own } }, prometheus] }]);
  });

  it("holds for every engine, and not for the scheduler", () => {
    const policy = policyOf({ router: { route: {}, scheduler: {} } }, true);
    const selector = policy?.["podSelector"] as { matchExpressions: { values: string[] }[] } | undefined;
    const components = selector?.matchExpressions[0]?.values ?? [];
    for (const spec of [MODEL, GROUPS, { ...MODEL, prefill: GROUPS, router: { route: {}, scheduler: {} } }]) {
      for (const { kind, metadata } of planOf(spec).objects) {
        if (kind !== "Deployment" && kind !== "LeaderWorkerSet") continue;
        const component = metadata.labels?.["app.kubernetes.io/component"] ?? "";
        assert.equal(components.includes(component), !component.endsWith("scheduler"), component);
      }
    }
  });

  it("follows the gateways that the service names", () => {
    const refs = [{ name: "edge", namespace: "edge" }, { name: "near" }];
    const { objects } = planOf({
      ...MODEL,
      router: { route: {}, gateway: { refs } },
      operations: { networkPolicy: true },
    });
    const [policy] = specsOf(objects, "NetworkPolicy");
    assert.deepEqual(policy?.["ingress"], [
      { from: [{ podSelector: { matchLabels: own } }, gateway("edge"), gateway("team")] },
    ]);
  });

  it("tells whom it would keep out", () => {
    assert.deepEqual(refused({ ...MODEL, operations: { networkPolicy: true } }), [
      "error Conflict spec.operations.networkPolicy",
    ]);
    const operations = { networkPolicy: true, monitoring: { podMonitor: true } };
    assert.deepEqual(refused({ ...MODEL, router: { route: {} }, operations }), [
      "warning Conflict spec.operations.networkPolicy",
    ]);
    assert.deepEqual(refused({ ...MODEL, operations: { networkPolicy: { from: [{ podSelektor: {} }] } } }), [
      "error UnknownField spec.operations.networkPolicy.from[0].podSelektor",
    ]);
  });
});

describe("operations.topologySpread", () => {
  const constraintsOf = (pod: { spec: PodSpec } | undefined) => pod?.spec.topologySpreadConstraints;

  it("spreads pods over zones by default, each revision by itself", () => {
    const [deployment] = specsOf(planned({ ...MODEL, operations: { topologySpread: true } }), "Deployment");
    assert.deepEqual(constraintsOf(deployment?.template), [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: (deployment?.selector ?? {}) as object,
        matchLabelKeys: ["pod-template-hash"],
      },
    ]);
  });

  it("spreads groups by their leaders, which the others follow", () => {
    const topologySpread = { topologyKey: "rack", maxSkew: 2, whenUnsatisfiable: "DoNotSchedule" };
    const [groups] = specsOf(planned({ ...GROUPS, operations: { topologySpread } }), "LeaderWorkerSet");
    const { leaderTemplate, workerTemplate } = groups?.leaderWorkerTemplate ?? {};
    const [constraint] = constraintsOf(leaderTemplate) ?? [];
    const { labelSelector, matchLabelKeys, ...said } = constraint ?? {};
    assert.deepEqual(said, topologySpread);
    assert.equal(labelSelector?.matchLabels?.["app.kubernetes.io/component"], "llminferenceservice-workload-leader");
    assert.deepEqual(matchLabelKeys, ["leaderworkerset.sigs.k8s.io/template-revision-hash"]);
    assert.equal(constraintsOf(workerTemplate), undefined);
  });

  it("cannot spread groups that have no leader of their own", () => {
    const spec = { template: undefined, worker: ENGINE, parallelism: { pipeline: 2 } };
    const made = make({ spec, operations: { topologySpread: true } });
    assert.deepEqual(issuesIn(made), ["error Conflict spec.operations.topologySpread"]);
  });

  it("yields to a template's, and says so", () => {
    const own = { maxSkew: 3, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" };
    const spec = { ...MODEL, template: { topologySpreadConstraints: [own] }, operations: { topologySpread: true } };
    const [deployment] = specsOf(planOf(spec).objects, "Deployment");
    assert.deepEqual(constraintsOf(deployment?.template), [own]);
    assert.deepEqual(refused(spec), ["warning UnusedField spec.operations.topologySpread"]);
  });
});

describe("operations.exclusiveTopology", () => {
  const operations = { exclusiveTopology: "rack" };
  const KEY = "leaderworkerset.sigs.k8s.io/exclusive-topology";

  it("gives each group a value of the label for itself", () => {
    const groups = planned({ ...GROUPS, operations }).find(({ kind }) => kind === "LeaderWorkerSet");
    assert.deepEqual(groups?.metadata.annotations, { [KEY]: "rack" });
  });

  it("has no effect on pods without groups, and says so", () => {
    assert.deepEqual(refused({ ...MODEL, operations }), ["warning UnusedField spec.operations.exclusiveTopology"]);
  });

  it("must agree with the service's annotation", () => {
    const spec = { worker: ENGINE, parallelism: { pipeline: 2 } };
    const annotated = (value: string) => make({ spec, operations, metadata: { annotations: { [KEY]: value } } });
    assert.deepEqual(issuesIn(annotated("rack")), []);
    assert.deepEqual(issuesIn(annotated("zone")), ["error Conflict spec.operations.exclusiveTopology"]);
  });
});

import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../../core/contract/options/settings.ts";
import type { PodSpec } from "../../../../../core/kubernetes/objects.ts";
import { preflight } from "../../../../../core/views/preflight/preflight.ts";
import { planOf } from "../../check/plan.ts";
import { ENGINE, issuesIn, make } from "../given.ts";
import { GROUPS, MODEL, planned, refused, type Spec, specsOf } from "./operated.ts";

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

  it("verifies the self-signed certificate, and no certificate that the plan does not know", () => {
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

  it("reads the scheduler's metrics with a token, and reports a service without a scheduler", () => {
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

  it("requires the Prometheus operator in the cluster (preflight)", () => {
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

  it("allows the gateway, the pods of the service and the peers in `from`", () => {
    const policy = policyOf({ router: { route: {}, scheduler: {} } }, true);
    assert.deepEqual(policy?.["policyTypes"], ["Ingress"]);
    assert.deepEqual(policy?.["ingress"], [{ from: [{ podSelector: { matchLabels: own } }, gateway("kserve")] }]);
    const prometheus = gateway("monitoring");
    const more = policyOf({}, { from: [prometheus] });
    assert.deepEqual(more?.["ingress"], [{ from: [{ podSelector: { matchLabels: own } }, prometheus] }]);
  });

  it("applies to every engine, but not to the scheduler", () => {
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

  it("reports clients that it would block", () => {
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

  it("cannot spread groups without a leader template", () => {
    const spec = { template: undefined, worker: ENGINE, parallelism: { pipeline: 2 } };
    const made = make({ spec, operations: { topologySpread: true } });
    assert.deepEqual(issuesIn(made), ["error Conflict spec.operations.topologySpread"]);
  });

  it("reports a template that already sets topologySpreadConstraints, and keeps it", () => {
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

  it("gives each group its own value of the label", () => {
    const groups = planned({ ...GROUPS, operations }).find(({ kind }) => kind === "LeaderWorkerSet");
    assert.deepEqual(groups?.metadata.annotations, { [KEY]: "rack" });
  });

  it("reports that it has no effect on pods without groups", () => {
    assert.deepEqual(refused({ ...MODEL, operations }), ["warning UnusedField spec.operations.exclusiveTopology"]);
  });

  it("must agree with the service's annotation", () => {
    const spec = { worker: ENGINE, parallelism: { pipeline: 2 } };
    const annotated = (value: string) => make({ spec, operations, metadata: { annotations: { [KEY]: value } } });
    assert.deepEqual(issuesIn(annotated("rack")), []);
    assert.deepEqual(issuesIn(annotated("zone")), ["error Conflict spec.operations.exclusiveTopology"]);
  });
});

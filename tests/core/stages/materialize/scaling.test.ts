import assert from "node:assert/strict";
import type { PrometheusSettings } from "../../../../core/contract/options/settings.ts";
import { stackNamed } from "../../../../core/knowledge/stacks/stacks.ts";
import { ENGINE, type Given, issuesIn, make, objectIn } from "./given.ts";
import { rendered } from "./rendered.ts";

const KINDS = ["VariantAutoscaling", "HorizontalPodAutoscaler", "ScaledObject"];
const PROMETHEUS: PrometheusSettings = {
  url: "https://prometheus:9090",
  tlsInsecureSkipVerify: false,
  authModes: "",
  triggerAuthName: "",
  triggerAuthKind: "",
};
const AUTHENTICATED = {
  authModes: "bearer",
  triggerAuthName: "prometheus",
  triggerAuthKind: "ClusterTriggerAuthentication",
};
const settings = (prometheus: Partial<PrometheusSettings> = {}) => ({
  autoscaling: { prometheus: { ...PROMETHEUS, ...prometheus } },
});
const KEDA = { scaling: { maxReplicas: 4, wva: { keda: {} } } };
const HPA = { scaling: { maxReplicas: 4, wva: { hpa: {} } } };
const kindsOf = (given: Given) =>
  make(given)
    .objects.map(({ kind }) => kind)
    .filter((kind) => KINDS.includes(kind));

describe("scaling with the presets", () => {
  it("queries Prometheus through KEDA as the settings configure", () => {
    const keda = {
      pollingInterval: 10,
      cooldownPeriod: 60,
      idleReplicaCount: 1,
      fallback: { failureThreshold: 3, replicas: 2, behavior: "static" },
    };
    const scaling = { minReplicas: 2, maxReplicas: 4, wva: { variantCost: "2.5", keda } };
    const { objects, issues } = rendered({ scaling }, settings({ ...AUTHENTICATED, tlsInsecureSkipVerify: true }));
    assert.deepEqual(issues, []);
    const scaled = objects.find(({ kind }) => kind === "ScaledObject");
    assert.equal(scaled?.metadata.name, "chat-kserve-keda");
    assert.deepEqual(scaled?.["spec"], {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "chat-kserve" },
      minReplicaCount: 2,
      maxReplicaCount: 4,
      ...keda,
      triggers: [
        {
          type: "prometheus",
          name: "wva-desired-replicas",
          metadata: {
            serverAddress: "https://prometheus:9090",
            query: 'wva_desired_replicas{variant_name="chat-kserve-va",exported_namespace="team"}',
            threshold: "1",
            unsafeSsl: "true",
            authModes: "bearer",
          },
          authenticationRef: { name: "prometheus", kind: "ClusterTriggerAuthentication" },
        },
      ],
    });
  });
});

describe("scaling", () => {
  it("makes no objects without spec.scaling or while the service is stopped", () => {
    assert.deepEqual(kindsOf({ spec: { replicas: 3 } }), []);
    const metadata = { annotations: { "serving.kserve.io/stop": "true" } };
    assert.deepEqual(kindsOf({ spec: KEDA, metadata }), []);
  });

  it("scales groups as a whole", () => {
    const groups = { worker: ENGINE, parallelism: { data: 4, dataLocal: 2 } };
    const made = make({ spec: { ...HPA, ...groups, prefill: { template: ENGINE, ...HPA, ...groups } } });
    const targets = made.objects
      .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
      .map(({ spec }) => (spec as { scaleTargetRef: object }).scaleTargetRef);
    const target = (name: string) => ({ apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet", name });
    assert.deepEqual(targets, [target("chat-kserve-mn"), target("chat-kserve-mn-prefill")]);
  });

  it("knows the model by its name, and the accelerator by the label of its pods", () => {
    const labels = { "inference.optimization/acceleratorName": "H100" };
    const { metadata, spec } = objectIn(make({ spec: { ...HPA, labels } }), "VariantAutoscaling");
    assert.equal(metadata.labels["inference.optimization/acceleratorName"], "H100");
    assert.equal(spec.modelID, "chat");
    const unnamed = objectIn(make({ spec: { ...HPA, model: { uri: "hf://org/model" } } }), "VariantAutoscaling");
    assert.equal(unnamed.metadata.labels["inference.optimization/acceleratorName"], "unknown");
    assert.equal(unnamed.spec.modelID, "hf://org/model");
  });

  it("needs no Prometheus setting for a HorizontalPodAutoscaler", () => {
    assert.deepEqual(issuesIn(make({ spec: HPA })), []);
  });

  const PATH = "autoscaling-wva-controller-config.prometheus";
  const refused: [situation: string, settings: Given["settings"], field: string][] = [
    ["there are no settings of it", {}, "url"],
    ["they have no URL", settings({ url: "" }), "url"],
    ["modes of authentication come without a reference", settings({ authModes: "bearer" }), "triggerAuthName"],
    ["a reference comes without modes", settings({ triggerAuthName: "prometheus" }), "authModes"],
  ];
  for (const [situation, given, field] of refused) {
    it(`by KEDA is refused if ${situation}`, () => {
      const made = make({ spec: KEDA, settings: given });
      assert.deepEqual(issuesIn(made), [`error SettingsInvalid ${PATH}.${field}`]);
      assert.equal(objectIn(made, "ScaledObject"), undefined);
    });
  }

  it("by KEDA refers to a TriggerAuthentication if no kind is given", () => {
    const made = make({ spec: KEDA, settings: settings({ ...AUTHENTICATED, triggerAuthKind: "" }) });
    assert.deepEqual(objectIn(made, "ScaledObject").spec.triggers[0].authenticationRef, { name: "prometheus" });
  });
});

describe("scaling by KEDA with the user's triggers", () => {
  const triggers = [{ type: "cpu", metricType: "Utilization", metadata: { value: "60" } }];
  const keda = { idleReplicaCount: 0, cooldownPeriod: 60, triggers };
  const made = make({ spec: { scaling: { maxReplicas: 4, keda } } });

  it("creates the ScaledObject with the user's triggers, and needs no Prometheus setting", () => {
    assert.deepEqual(issuesIn(made), []);
    const { metadata, spec } = objectIn(made, "ScaledObject");
    assert.equal(metadata.name, "chat-kserve-keda");
    const { scaleTargetRef: _target, ...settings } = spec;
    assert.deepEqual(settings, { minReplicaCount: 1, maxReplicaCount: 4, ...keda });
  });

  it("creates no object for the variant autoscaler", () => {
    assert.equal(objectIn(made, "VariantAutoscaling"), undefined);
    assert.equal(objectIn(made, "ScaledObject").metadata.annotations, undefined);
  });
});

describe("scaling by a variant autoscaler that reads annotations", () => {
  const stack = stackNamed("llm-d-0.9");
  const made = make({
    spec: { ...HPA, labels: { "inference.optimization/acceleratorName": "L4" } },
    ...(stack && { stack }),
  });

  it("makes no VariantAutoscaling, and annotates the actuator instead", () => {
    assert.equal(objectIn(made, "VariantAutoscaling"), undefined);
    const { metadata, spec } = objectIn(made, "HorizontalPodAutoscaler");
    assert.deepEqual(metadata.annotations, { "llm-d.ai/managed": "true", "llm-d.ai/model-id": "chat" });
    assert.equal(metadata.labels["inference.optimization/acceleratorName"], "L4");
    assert.deepEqual(spec.metrics[0].external.metric.selector.matchLabels, { variant_name: metadata.name });
  });
});

import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { PlanInput } from "../../../../core/contract/plan.ts";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { planOf } from "../check/plan.ts";

const prometheus = {
  ...{ url: "http://prometheus:9090", tlsInsecureSkipVerify: false },
  ...{ authModes: "", triggerAuthName: "", triggerAuthKind: "" },
};
const settings = { ...DEFAULT_SETTINGS, autoscaling: { prometheus } };
const ACCELERATOR = "nvidia-h100-80gb";
const LABEL = "inference.optimization/acceleratorName";
const SPEC = {
  model: { uri: "hf://Qwen/Qwen3-30B-A3B" },
  accelerator: ACCELERATOR,
  router: { route: {}, gateway: {}, scheduler: {} },
};

function planned(spec: object, input: Partial<PlanInput> = {}) {
  const { objects, issues } = planOf(
    { ...SPEC, ...spec },
    { stack: "llm-d-0.9", settings, checks: { MemoryFit: "off" }, ...input },
  );
  assert.deepEqual(
    issues.filter(({ severity }) => severity === "error"),
    [],
  );
  return objects;
}
const kindsOf = (objects: readonly KubernetesObject[]) => objects.map(({ kind }) => kind);
const one = (objects: readonly KubernetesObject[], kind: string) =>
  objects.find((object) => object.kind === kind) ?? assert.fail(kind);

describe("autoscaling by the release of the stack", () => {
  const wva = { scaling: { minReplicas: 1, maxReplicas: 4, wva: { variantCost: "10.0", keda: {} } } };

  it("describes a variant by a VariantAutoscaling on the oldest release", () => {
    const objects = planned(wva, { stack: "llm-d-0.8" });
    assert.ok(kindsOf(objects).includes("VariantAutoscaling"));
    assert.equal(one(objects, "ScaledObject").metadata.annotations, undefined);
    assert.equal(one(objects, "VariantAutoscaling").metadata.labels?.[LABEL], "unknown");
  });

  it("describes a variant by annotations of the actuator on the next one, with the accelerator's name", () => {
    for (const actuator of ["keda", "hpa"] as const) {
      const objects = planned({ scaling: { maxReplicas: 4, wva: { variantCost: "10.0", [actuator]: {} } } });
      assert.ok(!kindsOf(objects).includes("VariantAutoscaling"));
      const { labels, annotations } = one(
        objects,
        actuator === "keda" ? "ScaledObject" : "HorizontalPodAutoscaler",
      ).metadata;
      assert.deepEqual(annotations, {
        "llm-d.ai/managed": "true",
        "llm-d.ai/model-id": "chat",
        "llm-d.ai/variant-cost": "10.0",
      });
      assert.equal(labels?.[LABEL], ACCELERATOR);
    }
  });

  it("names the accelerator of each role by its node selector, unless a label of the pods names another", () => {
    const scaling = { maxReplicas: 4, wva: { keda: {} } };
    const prefill = { accelerator: "nvidia-l4", scaling };
    const labels = (objects: readonly KubernetesObject[]) =>
      objects.filter(({ kind }) => kind === "ScaledObject").map(({ metadata }) => metadata.labels?.[LABEL]);
    assert.deepEqual(labels(planned({ scaling, prefill })), [ACCELERATOR, "nvidia-l4"]);
    const nodeSelector = { "nvidia.com/gpu.product": "NVIDIA-L4" };
    assert.deepEqual(labels(planned({ accelerator: undefined, scaling, template: { nodeSelector } })), ["nvidia-l4"]);
    assert.deepEqual(labels(planned({ scaling, labels: { [LABEL]: "H100" } })), ["H100"]);
  });

  it("scales by KEDA alone with the triggers of the stack, for the names of the service", () => {
    const objects = planned({ scaling: { maxReplicas: 4, keda: {} } });
    const { spec } = one(objects, "ScaledObject") as unknown as {
      spec: { triggers: { name: string; metadata: { query: string } }[]; minReplicaCount: number };
    };
    assert.ok(!kindsOf(objects).includes("VariantAutoscaling"));
    assert.deepEqual(
      spec.triggers.map(({ name }) => name),
      ["scheduler-queue", "engine-waiting", "engine-running"],
    );
    assert.deepEqual(
      spec.triggers.slice(0, 2).map(({ metadata }) => metadata.query),
      [
        'sum(llm_d_epp_flow_control_queue_size{namespace="team",service="chat-epp-service"})',
        'sum(vllm:num_requests_waiting{namespace="team",pod=~"chat-kserve-[a-z0-9]+-[a-z0-9]+|chat-kserve-mn-[0-9]+(-[0-9]+)?"})',
      ],
    );
  });

  it("scales to zero with either, and with KEDA alone a request that waits in the scheduler wakes it", () => {
    for (const scaling of [{ keda: {} }, { wva: { keda: {} } }]) {
      const objects = planned({ scaling: { maxReplicas: 4, ...scaling }, operations: { scaleToZero: true } });
      const { spec } = one(objects, "ScaledObject") as unknown as { spec: { idleReplicaCount: number } };
      assert.equal(spec.idleReplicaCount, 0);
      const scheduler = objects.find(({ metadata }) => metadata.name === "chat-kserve-router-scheduler");
      assert.match(JSON.stringify(scheduler), /flowControl/);
    }
  });
});

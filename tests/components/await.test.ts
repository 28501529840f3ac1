import assert from "node:assert/strict";
import { annotate, isAwaited } from "../../components/resources/await.ts";

describe("objects that an update awaits", () => {
  for (const [apiVersion, kind] of [
    ["policy/v1", "PodDisruptionBudget"],
    ["networking.k8s.io/v1", "NetworkPolicy"],
    ["monitoring.coreos.com/v1", "PodMonitor"],
    ["monitoring.coreos.com/v1", "ServiceMonitor"],
  ] as const) {
    it(`do not include a ${kind}, which is complete once it is created`, () => {
      const object = { apiVersion, kind, metadata: { name: "chat" } };
      assert.equal(isAwaited(object), false);
      const { annotations } = annotate(object, false).metadata;
      assert.deepEqual(annotations, { "pulumi.com/deletionPropagationPolicy": "background" });
    });
  }
});

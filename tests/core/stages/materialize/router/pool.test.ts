import assert from "node:assert/strict";
import { KSERVE_0_20, OWN } from "../../../../../core/contract/behaviour.ts";
import { make } from "../given.ts";

const SPEC = {
  targetPorts: [{ number: 8000 }, { number: 8002 }],
  selector: { matchLabels: { a: "b" } },
  endpointPickerRef: { group: "", kind: "Service", name: "picker", port: { number: 9002 }, failureMode: "FailOpen" },
};
const router = { scheduler: { template: { containers: [{ name: "main" }] }, pool: { spec: SPEC } } };
const poolsOf = (behaviour = OWN) =>
  make({ spec: { router }, behaviour }).objects.filter(({ kind }) => kind === "InferencePool");

describe("the InferencePool", () => {
  it("is created once, in the API of current gateways", () => {
    const [pool, ...more] = poolsOf();
    assert.deepEqual(more, []);
    assert.equal(pool?.apiVersion, "inference.networking.k8s.io/v1");
    assert.equal(pool?.metadata.name, "chat-inference-pool");
    assert.deepEqual(pool?.["spec"], SPEC);
  });

  it("is two objects under compat; the older one has one port and a flat selector", () => {
    const [older, newer] = poolsOf(KSERVE_0_20);
    assert.deepEqual(newer?.["spec"], SPEC);
    assert.equal(older?.apiVersion, "inference.networking.x-k8s.io/v1alpha2");
    assert.deepEqual(older?.["spec"], {
      targetPortNumber: 8000,
      selector: { a: "b" },
      extensionRef: { group: "", kind: "Service", name: "picker", portNumber: 9002, failureMode: "FailOpen" },
    });
  });

  it("is refused in an unknown API", () => {
    const behaviour = { ...OWN, inferencePools: ["inference.networking.k8s.io/v9"] };
    assert.throws(() => poolsOf(behaviour), /inference\.networking\.k8s\.io\/v9/);
  });
});

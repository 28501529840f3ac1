import assert from "node:assert/strict";
import { ENGINE, make, objectIn } from "./given.ts";

const GROUPS = { template: ENGINE, worker: ENGINE, parallelism: { data: 4, dataLocal: 2 } };

describe("rolloutStrategy", () => {
  it("writes the given fields of a Deployment, and leaves the rest to the API", () => {
    const made = make({ spec: { rolloutStrategy: { maxUnavailable: 0 } } });
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } };
    assert.deepEqual(objectIn(made, "Deployment").spec.strategy, strategy);
  });

  it("writes both fields for groups, whose API requires both", () => {
    const made = make({ spec: { ...GROUPS, rolloutStrategy: { maxSurge: "50%" } } });
    const { rolloutStrategy } = objectIn(made, "LeaderWorkerSet").spec;
    assert.deepEqual(rolloutStrategy.rollingUpdateConfiguration, { maxSurge: "50%", maxUnavailable: 1 });
  });

  it("is separate for each role, and has no effect if it is empty", () => {
    const prefill = { template: ENGINE, rolloutStrategy: { maxSurge: 2 } };
    const made = make({ spec: { rolloutStrategy: {}, prefill } });
    assert.equal(objectIn(made, "Deployment", "chat-kserve").spec.strategy, undefined);
    assert.deepEqual(objectIn(made, "Deployment", "chat-kserve-prefill").spec.strategy.rollingUpdate, { maxSurge: 2 });
  });

  it("overrides operations.rollout, field by field", () => {
    const operations = { rollout: { maxSurge: 1, maxUnavailable: 0 } };
    const made = make({ spec: { rolloutStrategy: { maxSurge: 2 } }, operations });
    const { rollingUpdate } = objectIn(made, "Deployment").spec.strategy;
    assert.deepEqual(rollingUpdate, { maxSurge: 2, maxUnavailable: 0 });
  });
});

import assert from "node:assert/strict";
import { type Finding, mend } from "../../../../core/views/recovery/mend.ts";
import type { ExportedState, StateResource } from "../../../../core/views/recovery/state.ts";
import type { Action } from "../../../../core/views/recovery/verdict.ts";
import { deployment, PROVIDER, provider, stateOf, urn } from "./states.ts";

const ID = "team/chat-kserve";

function finding(type: string, action: Action, resource: StateResource): Finding {
  return { operation: { type, resource }, action, why: "", subject: "", manager: "pulumi-kubernetes-1a2b" };
}

function mended(resources: StateResource[], ...found: Finding[]): ExportedState["deployment"] {
  const state = stateOf(
    resources,
    found.map(({ operation }) => operation),
  );
  const before = JSON.stringify(state);
  const { deployment: after } = mend(state, found);
  assert.equal(JSON.stringify(state), before, "the state that was given is not changed");
  return after;
}

describe("a corrected state", () => {
  it("contains a created object as the plugin would store it, and updates it once more", () => {
    const begun = deployment("chat-kserve");
    const { resources = [], pending_operations: pending } = mended([provider()], finding("creating", "adopt", begun));
    const [, added] = resources;
    assert.equal(added?.id, ID);
    assert.deepEqual(added?.inputs, begun.inputs);
    assert.deepEqual(added?.outputs, {
      ...begun.inputs,
      __inputs: begun.inputs,
      __initialApiVersion: "apps/v1",
      __fieldManager: "pulumi-kubernetes-1a2b",
    });
    assert.equal(added?.initErrors?.length, 1);
    assert.deepEqual(pending, []);
  });

  it("keeps operations that are refused or cannot be judged unchanged", () => {
    const refused = finding("creating", "refuse", deployment("chat-kserve"));
    const kept = finding("creating", "keep", { urn: "urn:x", type: "random:index:Pet" });
    const { resources, pending_operations: pending } = mended([provider()], refused, kept);
    assert.equal(resources?.length, 1);
    assert.deepEqual(pending, [refused.operation, kept.operation]);
  });

  it("updates again only resources that were being updated", () => {
    const [chat, other] = [deployment("chat-kserve", { id: ID }), deployment("other", { id: "team/other" })];
    const { resources = [] } = mended([chat, other], finding("updating", "again", chat));
    assert.deepEqual(
      resources.map(({ initErrors }) => initErrors?.length),
      [1, undefined],
    );
  });

  it("finds the resource of an update for which the engine had not recorded the id, but not one that must be deleted", () => {
    const [going, chat] = [
      deployment("chat-kserve", { id: "team/old", delete: true }),
      deployment("chat-kserve", { id: ID }),
    ];
    const begun = deployment("chat-kserve");
    const { resources: again = [] } = mended([going, chat], finding("updating", "again", begun));
    assert.deepEqual(
      again.map(({ initErrors }) => initErrors?.length),
      [undefined, 1],
    );
    assert.deepEqual(mended([going, chat], finding("updating", "forget", begun)).resources, [going]);
  });

  it("moves children of a removed resource to the nearest remaining one above it", () => {
    const above = { urn: "urn:above", type: "kserve-llm:index:LLMInferenceService" };
    const gone = deployment("chat-kserve", { id: "team/chat-kserve", parent: above.urn });
    const child = deployment("other", { id: "team/other", parent: gone.urn });
    const { resources } = mended([above, provider(), gone, child], finding("deleting", "forget", gone));
    assert.deepEqual(resources, [above, provider(), { ...child, parent: above.urn }]);
  });

  it("has no reference to a resource that was removed from it", () => {
    const gone = deployment("chat-kserve", { id: ID });
    const dependent = deployment("other", {
      id: "team/other",
      dependencies: [gone.urn, PROVIDER],
      propertyDependencies: { spec: [gone.urn], metadata: [] },
    });
    const { resources } = mended([provider(), gone, dependent], finding("deleting", "forget", gone));
    assert.deepEqual(resources, [
      provider(),
      { ...dependent, dependencies: [PROVIDER], propertyDependencies: { spec: [], metadata: [] } },
    ]);
  });

  it("has one resource for an object that was deleted and created again", () => {
    const old = deployment("chat-kserve", { id: ID, pendingReplacement: true });
    const dependent = deployment("other", { id: "team/other", dependencies: [old.urn] });
    const { resources = [] } = mended([old, dependent], finding("creating", "adopt", deployment("chat-kserve")));
    assert.deepEqual(
      resources.map((one) => [one.urn, one.pendingReplacement]),
      [
        [urn("Deployment", "chat-kserve"), undefined],
        [urn("Deployment", "other"), undefined],
      ],
    );
  });

  it("deletes the old object if the new one has another name", () => {
    const old = deployment("chat-kserve", { id: "team/chat-kserve-old" });
    const { resources = [] } = mended([old], finding("creating", "adopt", deployment("chat-kserve")));
    assert.deepEqual(
      resources.map(({ id, delete: isGoing }) => [id, isGoing]),
      [
        [ID, undefined],
        ["team/chat-kserve-old", true],
      ],
    );
  });
});

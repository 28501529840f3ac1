import assert from "node:assert/strict";
import { possiblyLost } from "../../../../core/views/recovery/lost.ts";
import { deployment, PROVIDER, provider, stateOf } from "./states.ts";

const PARENT = "urn:pulumi:prod::serving::kserve-llm:index:LLMInferenceService::chat";
const state = stateOf([provider(), { urn: PARENT, type: "kserve-llm:index:LLMInferenceService" }]);
const planned = (extra: object = {}) => ({
  op: "create",
  newState: { ...deployment("chat-kserve", { parent: PARENT }), id: "made-up", outputs: { status: {} }, ...extra },
});

describe("creates whose answer was lost", () => {
  it("are among what a preview would create", () => {
    const [lost, ...others] = possiblyLost({ steps: [planned()] }, state);
    assert.deepEqual(others, []);
    assert.deepEqual(lost, { type: "creating", resource: deployment("chat-kserve", { parent: PARENT }) });
  });

  const none: [title: string, step: object][] = [
    ["an update", { ...planned(), op: "update" }],
    ["an object without the stack's mark", planned({ inputs: { apiVersion: "v1", kind: "Secret", metadata: {} } })],
    ["a child of a component that is not in the state", planned({ parent: "urn:other" })],
    ["an object of a provider that is not in the state", planned({ provider: `${PROVIDER}::other` })],
    ["a resource of another package", planned({ type: "random:index:Pet" })],
    ["fields of a shared object", planned({ type: "kubernetes:core/v1:NamespacePatch" })],
  ];
  for (const [title, step] of none) {
    it(`are not ${title}`, () => assert.deepEqual(possiblyLost({ steps: [step] }, state), []));
  }

  it("are not operations that the state lists as pending", () => {
    const pending = [{ type: "creating", resource: deployment("chat-kserve") }];
    const { resources = [] } = state.deployment;
    assert.deepEqual(possiblyLost({ steps: [planned()] }, stateOf(resources, pending)), []);
  });

  it("are none when the preview has an unexpected form", () => {
    for (const preview of [undefined, null, "text", {}, { steps: [null, {}] }]) {
      assert.deepEqual(possiblyLost(preview, state), []);
    }
  });
});

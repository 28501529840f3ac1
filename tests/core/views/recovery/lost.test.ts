import assert from "node:assert/strict";
import {
  bound,
  foreseen,
  isMarked,
  missingRoots,
  plannedInputs,
  possiblyLost,
  withComponents,
} from "../../../../core/views/recovery/lost.ts";
import { providerOf, type StateResource } from "../../../../core/views/recovery/state.ts";
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

describe("a state without the stack, the components and the providers of lost objects", () => {
  const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const ROOT = "urn:pulumi:prod::serving::pulumi:pulumi:Stack::serving-prod";
  const create = (newState: object) => ({ op: "create", urn: (newState as StateResource).urn, newState });
  const stack = create({ urn: ROOT, type: "pulumi:pulumi:Stack", custom: false });
  const component = create({ urn: PARENT, type: "kserve-llm:index:LLMInferenceService", custom: false, parent: ROOT });
  const cluster = create({ ...provider({ kubeconfig: "[secret]", context: UNKNOWN }), id: undefined, parent: ROOT });
  const below = (ref: string) => create(deployment("chat-kserve", { parent: PARENT, provider: `${ref}::${UNKNOWN}` }));
  const preview = { steps: [stack, cluster, component, below(PROVIDER)] };
  const empty = stateOf([]);
  const lost = possiblyLost(preview, empty);

  it("hides no lost object, because the preview creates them too", () => {
    assert.deepEqual(
      lost.map(({ resource }) => resource.urn),
      [deployment("chat-kserve").urn],
    );
    assert.deepEqual(lost.map(isMarked), [true]);
    const found = providerOf(foreseen(preview, empty), lost[0]?.resource as StateResource);
    assert.deepEqual(found?.inputs?.["kubeconfig"], "[secret]");
    assert.deepEqual(plannedInputs(preview, PROVIDER), { kubeconfig: "[secret]" });
  });

  it("gets the stack and the providers from the engine, and nothing else", () => {
    assert.deepEqual(missingRoots(preview, lost, empty), [ROOT, PROVIDER]);
    assert.deepEqual(missingRoots(preview, [], empty), []);
  });

  it("needs nothing from the engine if only a component is missing", () => {
    const steps = [{ ...stack, op: "same" }, component, create(deployment("chat-kserve", { parent: PARENT }))];
    const rooted = stateOf([{ urn: ROOT, type: "pulumi:pulumi:Stack" }, provider()]);
    assert.equal(possiblyLost({ steps }, rooted).length, 1);
    assert.deepEqual(missingRoots({ steps }, possiblyLost({ steps }, rooted), rooted), []);
  });

  it("gets the engine's default provider, which a preview does not list, from the stack alone", () => {
    const byDefault = "urn:pulumi:prod::serving::pulumi:providers:kubernetes::default_4_30_0";
    const steps = [stack, component, below(byDefault)];
    const found = possiblyLost({ steps }, empty);
    assert.equal(found.length, 1);
    assert.deepEqual(missingRoots({ steps }, found, empty), [ROOT]);
  });

  it("has the components, from the top down, and the objects below the provider that the engine made", () => {
    const made = stateOf([{ urn: ROOT, type: "pulumi:pulumi:Stack" }, provider()]);
    const urns = withComponents(preview, lost, made).deployment.resources?.map(({ urn }) => urn);
    assert.deepEqual(urns, [ROOT, PROVIDER, PARENT]);
    assert.deepEqual(
      bound(lost, made).map(({ resource }) => resource.provider),
      [`${PROVIDER}::id`],
    );
  });

  it("contains an object without a mark only if the user names it", () => {
    const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } };
    const namespace = create({ ...deployment("team"), parent: ROOT, inputs, provider: `${PROVIDER}::${UNKNOWN}` });
    assert.deepEqual(possiblyLost({ steps: [stack, cluster, namespace] }, empty).map(isMarked), [false]);
  });
});

import assert from "node:assert/strict";
import { BASES } from "../../tools/fuzz/objects/bases.ts";
import { inputOf, mutantOf, serviceOf } from "../../tools/fuzz/objects/compare.ts";
import { probesOf } from "../../tools/fuzz/objects/server.ts";
import { verdictOf } from "../../tools/fuzz/objects/verdicts.ts";
import { planInput } from "../../tools/fuzz/planned.ts";

describe("services whose verdict is compared with an API server's", () => {
  for (const base of BASES) {
    it(`the base "${base.name}" has no errors, so that every refusal comes from a change`, () => {
      const verdict = verdictOf(inputOf({ base, service: serviceOf(base) }));
      assert.deepEqual(verdict.kind === "before" ? verdict.errors : verdict.kind, "passed");
    });
  }

  it("the same seed gives the same input, and another seed another input", () => {
    assert.deepEqual(mutantOf(1, 7), mutantOf(1, 7));
    assert.notDeepEqual(mutantOf(1, 7), mutantOf(2, 7));
  });

  it("each differs from its base only where it was changed", () => {
    for (let index = 0; index < 100; index++) {
      const { base, service, changes } = mutantOf(3, index);
      assert.notDeepEqual(service, serviceOf(base), changes.join());
    }
  });

  it("a LeaderWorkerSet is judged by the StatefulSets and pods that are made of it", () => {
    const groups = BASES.find(({ name }) => name === "groups");
    assert.ok(groups !== undefined);
    const verdict = verdictOf(planInput({ service: serviceOf(groups) }));
    const objects = verdict.kind === "before" ? [] : verdict.objects;
    const set = objects.find(({ kind }) => kind === "LeaderWorkerSet");
    assert.ok(set !== undefined);
    const kinds = probesOf(set).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["Pod", "StatefulSet", "Pod", "StatefulSet"]);
  });
});

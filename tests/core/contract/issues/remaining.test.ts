import assert from "node:assert/strict";
import { isNear, nearTo } from "../../../../core/contract/issues/remaining.ts";

/** Pairs of places, and whether they are near to each other. */
const PAIRS: readonly [path: string, other: string, isNear: boolean, why: string][] = [
  ["spec.replicas", "spec.replicas", true, "they are the same"],
  ["spec.template.containers[0]", "spec.template.containers[0].env[1].name", true, "one is inside of the other"],
  ["spec.template", "spec.template.containers[0].env[1].name", true, "one is deep inside of the other"],
  ["metadata", "metadata.name", true, "one is inside of the other"],
  ["spec.prefill.replicas", "spec.prefill.template", false, "they are neighbours"],
  ["spec.template.containers[1]", "spec.template.containers[10]", false, "only their texts begin alike"],
  ["spec.temp", "spec.template", false, "only their texts begin alike"],
  ["spec.labels[a]", "spec.labels[a.b]", false, "a key with a dot is one step"],
  ["spec", "spec.replicas", false, "the spec is near to itself alone"],
  ["spec.prefill", "spec.prefill.replicas", false, "a role is near to itself alone"],
  ["spec.prefill", "spec.prefill", true, "they are the same role"],
  ["", "spec.replicas", false, "the whole document is near to itself alone"],
  ["", "", true, "they are both the whole document"],
];

describe("whether places in a document are near to each other", () => {
  for (const [path, other, expected, why] of PAIRS)
    it(`${path || "the document"} and ${other || "the document"} are ${expected ? "" : "not "}near, because ${why}`, () => {
      assert.equal(isNear(path, other), expected);
      assert.equal(isNear(other, path), expected);
    });

  it("a place is near to many when it is near to one of them, in whichever order", () => {
    const places = [...new Set([...PAIRS.map(([path]) => path), ...PAIRS.map(([, other]) => other)])];
    for (const one of places)
      for (const other of places)
        for (const path of places) {
          const expected = isNear(path, one) || isNear(path, other);
          assert.equal(nearTo([one, other])(path), expected, `${path} of ${one}, ${other}`);
        }
  });
});

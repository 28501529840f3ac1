import assert from "node:assert/strict";
import { nearest, sameButOneWord } from "../../../core/kubernetes/nearest.ts";

describe("the nearest of the known names", () => {
  const KNOWN = ["max-model-len", "max-num-seqs", "seed", "served-model-name"];
  const cases: [name: string, near: string | undefined][] = [
    ["max-modle-len", "max-model-len"],
    ["Max-Model-Len", "max-model-len"],
    ["max-num-seq", "max-num-seqs"],
    ["sede", "seed"],
    ["serve-model-names", "served-model-name"],
    ["something-else", undefined],
    ["s", undefined],
    ["x".repeat(100_000), undefined],
  ];
  for (const [name, near] of cases) {
    it(`for ${name.slice(0, 20)} is ${near ?? "none"}`, () => assert.equal(nearest(name, KNOWN), near));
  }

  it("is the only one whose first words the name is, before names with fewer changes", () => {
    assert.equal(nearest("llama3", ["plamo3", "llama3_json", "llama4_json"]), "llama3_json");
    assert.equal(nearest("llama", ["plama", "llama3_json"]), "plama");
    assert.equal(nearest("gpu-ram", ["gpu-rom", "gpu-ram-a", "gpu-ram-b"]), "gpu-rom");
  });

  it("is found if the two words differ by two swaps, but not if they differ by more than a third", () => {
    assert.equal(nearest("abdcfe", ["abcdef"]), "abcdef");
    assert.equal(nearest("bdcfea", ["abcdef"]), undefined);
  });
});

describe("names with dashes", () => {
  const cases: [name: string, other: string, same: boolean][] = [
    ["max-model-length", "max-model-len", true],
    ["enable-prefix-cache", "enable-prefix-caching", true],
    ["max-model-len", "max-model-len", false],
    ["max-model-size", "max-model-len", false],
    ["max-len", "max-model-len", false],
    ["maximum-model-length", "max-model-len", false],
  ];
  for (const [name, other, same] of cases) {
    it(`${name} and ${other} ${same ? "differ in one abbreviated word" : "do not differ in one abbreviated word"}`, () =>
      assert.equal(sameButOneWord(name, other), same));
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { addQuantities, canonicalQuantity } from "../../../core/kubernetes/quantity.ts";

describe("canonicalQuantity", () => {
  const rows: [written: string | number, canonical: string | undefined][] = [
    ["1", "1"],
    [2, "2"],
    [0.5, "500m"],
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1500", "1500"],
    ["1500m", "1500m"],
    ["2000", "2k"],
    ["1e3", "1e3"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["100Gi", "100Gi"],
    ["0.5Ki", "512"],
    ["0.3Mi", "314572800m"],
    ["0Gi", "0"],
    ["-1.5", "-1500m"],
    ["0.0000000001", "1n"],
    ["1.50", "1500m"],
    ["1.500", "1.500"],
    ["1Xi", undefined],
    ["", undefined],
    ["ten", undefined],
  ];
  for (const [written, canonical] of rows) {
    it(`${written} is ${canonical}`, () => assert.equal(canonicalQuantity(written), canonical));
  }

  it("is stable: a canonical text is its own canonical text", () => {
    const number = fc.tuple(fc.nat(), fc.constantFrom("", ".5", ".25", ".125")).map((parts) => parts.join(""));
    const suffix = fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "Ti", "e3");
    fc.assert(
      fc.property(number, suffix, (digits, unit) => {
        const once = canonicalQuantity(digits + unit) ?? "";
        assert.equal(canonicalQuantity(once), once);
      }),
    );
  });
});

describe("addQuantities", () => {
  const rows: [one: string | number, other: string | number, sum: string][] = [
    ["1Gi", "512Mi", "1536Mi"],
    ["512Mi", "512Mi", "1Gi"],
    ["0", "20Gi", "20Gi"],
    ["1G", "1Gi", "2073741824"],
    ["1Gi", "1G", "2073741824"],
    ["500m", "1", "1500m"],
    ["1e3", "1", "1001"],
    [1, 2, "3"],
  ];
  for (const [one, other, sum] of rows) {
    it(`${one} and ${other} are ${sum}`, () => assert.equal(addQuantities(one, other), sum));
  }
});

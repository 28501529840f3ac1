import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  quantityNumber,
  quantityValue,
} from "../../../core/kubernetes/quantity.ts";

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
    ["123456789012345.125", "123456789012345.125"],
    ["1234567890123456.125", "1234567890123456125m"],
    ["65400687.5Ki", "66970304000"],
    ["66970304000", "66970304k"],
    ["16Ei", "9223372036854775807"],
    ["-16Ei", "-9223372036854775807"],
    ["1e400000000", "10e399999999"],
    ["1e-400000000", "1e-9"],
    ["-1e-400000000", "-1e-9"],
    ["0e400000000", "0"],
    ["1e99999999999", undefined],
    [`1${"0".repeat(300)}`, undefined],
    ["1constructor", undefined],
    ["1__proto__", undefined],
    ["1Xi", undefined],
    ["", undefined],
    ["ten", undefined],
  ];
  for (const [written, canonical] of rows) {
    it(`${written} is ${canonical}`, () => assert.equal(canonicalQuantity(written), canonical));
  }

  const number = fc.tuple(fc.nat(), fc.constantFrom("", ".5", ".25", ".125")).map((parts) => parts.join(""));
  const suffix = fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "Ti", "e3");
  const quantity = fc.tuple(number, suffix).map((parts) => parts.join(""));

  it("keeps the amount of every quantity", () => {
    fc.assert(fc.property(quantity, (text) => assert.equal(compareQuantities(text, canonicalQuantity(text) ?? ""), 0)));
  });

  // The API writes a binary quantity that no power of 1024 divides without a suffix, and reads that text as a decimal one.
  it("is stable: a canonical text is its own canonical text, unless a binary quantity has lost its suffix", () => {
    const isStable = (text: string): void => assert.equal(canonicalQuantity(text), text);
    fc.assert(
      fc.property(quantity, (text) => {
        const once = canonicalQuantity(text) ?? "";
        const hasLostItsSuffix = text.endsWith("i") && /\d$/.test(once);
        isStable(hasLostItsSuffix ? (canonicalQuantity(once) ?? "") : once);
      }),
      { examples: [["65400687.5Ki"]] },
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
    ["1e400000000", "1", "9223372036854775808"],
    ["1e-400000000", "1", "1000000001e-9"],
  ];
  for (const [one, other, sum] of rows) {
    it(`${one} and ${other} are ${sum}`, () => assert.equal(addQuantities(one, other), sum));
  }
});

describe("quantityValue and quantityNumber", () => {
  const rows: [quantity: string, value: bigint][] = [
    ["1500m", 2n],
    ["-1500m", -1n],
    ["1Gi", 2n ** 30n],
    ["1e400000000", 2n ** 63n - 1n],
    ["-1e400000000", 1n - 2n ** 63n],
    ["1e-400000000", 1n],
    ["ten", 0n],
  ];
  for (const [quantity, value] of rows) {
    it(`${quantity} counts as ${value}, and its number is finite`, () => {
      assert.equal(quantityValue(quantity), value);
      assert.ok(Number.isFinite(quantityNumber(quantity)));
    });
  }
});

import assert from "node:assert/strict";
import type { Row } from "../../core/knowledge/models/catalogue/row.ts";
import { ROWS } from "../../core/knowledge/models/catalogue/rows.ts";
import { judgeRows } from "../../tools/models/check.ts";

const GOOD: Row = ["acme/Own-8B", 32, 4096, 14336, 32, 8, 128256, 131072, "config"];
const withField = (index: number, value: unknown): Row =>
  GOOD.map((one, i) => (i === index ? value : one)) as unknown as Row;

describe("the rows of the catalogue of models", () => {
  it("are consistent: parameters, sizes, heads, sources and names", () => {
    assert.deepEqual(judgeRows(), []);
  });

  it("are at least two hundred", () => {
    assert.ok(ROWS.length >= 200, `${ROWS.length}`);
  });

  for (const [what, rows, problem] of [
    ["a name without a publisher", [withField(0, "Own-8B")], /PUBLISHER\/NAME/],
    ["an unknown source", [withField(8, "hearsay")], /unknown source: "hearsay"/],
    ["heads that KV heads do not divide", [withField(5, 7)], /7 KV heads do not divide/],
    ["a number of layers that misses the name", [withField(1, 64)], /parameters of .* but 8.000e\+9 is published/],
    ["files that are larger than the parameters", [[...GOOD, { gib: 30 }]], /files of 14.96, but 30.00 is published/],
    ["parameters that are not published", [[...GOOD, { billions: 16 }]], /counts 8.030, but 16.00 is published/],
    ["two rows of one name", [GOOD, withField(0, "other/own-8b")], /has the name own-8b, which acme\/Own-8B has too/],
  ] as [string, Row[], RegExp][]) {
    it(`are refused with ${what}`, () => {
      assert.match(judgeRows(rows).join("\n"), problem);
    });
  }

  it("are accepted if they are right", () => {
    assert.deepEqual(judgeRows([GOOD]), []);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { storedBytes } from "../../../../../core/knowledge/memory/parts.ts";
import { GIB } from "../../../../../core/knowledge/memory/rank.ts";
import { modelNamed, namesOf } from "../../../../../core/knowledge/models/catalogue/catalogue.ts";
import { named } from "../../../../../core/knowledge/models/catalogue/named.ts";
import { ROWS } from "../../../../../core/knowledge/models/catalogue/rows.ts";

interface Case {
  id: string;
  row: string;
  gib?: number;
  positions?: number;
}
const CASES = parse(readFileSync(new URL("ids.yaml", import.meta.url), "utf8")) as Case[];

describe("a published id", () => {
  for (const { id, row, gib, positions } of CASES) {
    const what = gib === undefined ? row : `${row} of ${gib} GiB`;
    it(`${id} is ${row === "none" ? "of no row" : what}`, () => {
      const model = modelNamed(id);
      assert.equal(named(id, ROWS, namesOf)?.row[0] ?? "none", row);
      if (gib !== undefined && model !== undefined) {
        const stored = storedBytes(model) / GIB;
        assert.ok(Math.abs(stored - gib) / gib < 0.025, `${stored}`);
      }
      if (positions !== undefined) assert.equal(model?.maxPositions, positions);
    });
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { KSERVE_0_20 } from "../../../../../core/contract/behaviour.ts";
import type { JsonObject } from "../../../../../core/kubernetes/json.ts";
import { isSince, parseVersion } from "../../../../../core/kubernetes/version.ts";
import type { EditInput } from "../../../../../core/stages/materialize/router/epp/eppedit.ts";
import { MIGRATIONS, tokenizerEdits } from "../../../../../core/stages/materialize/router/epp/eppmigrations.ts";
import { deepFreeze } from "../../merge/freeze.ts";

interface Row {
  outcome: string;
  version: string;
  tokenizer?: boolean;
  flags?: Record<string, string>;
  /** Further input of an edit, if it differs from KServe v0.20. */
  input?: Partial<EditInput>;
  config: JsonObject;
  expected?: JsonObject;
}
const ROWS = parse(readFileSync(new URL("./cases/migrations.yaml", import.meta.url), "utf8")) as Row[];

function migrated({ version, tokenizer = false, flags = {}, input = {}, config }: Row): JsonObject {
  const release = parseVersion(version);
  assert.ok(release !== undefined);
  const edits = MIGRATIONS.filter(({ since }) => isSince(release, since)).map(({ edit }) => edit);
  const all = [...(tokenizer ? tokenizerEdits("base", "/socket") : []), ...edits];
  const given: EditInput = { ...KSERVE_0_20, source: {}, ...input, flags };
  return all.reduce((one, edit) => edit(one, given), deepFreeze(config));
}

describe("a scheduler's configuration", () => {
  for (const row of ROWS) {
    it(`of ${row.version} ${row.outcome}`, () => assert.deepEqual(migrated(row), row.expected ?? row.config));
    it(`of ${row.version} stays the same when it is migrated again: ${row.outcome}`, () => {
      const once = migrated(row);
      assert.deepEqual(migrated({ ...row, config: once }), once);
    });
  }
});

describe("a version", () => {
  const since = (text: string, release: string) => isSince(parseVersion(text)!, release);

  it("is at or after a release if it equals the release or follows it", () => {
    assert.deepEqual(
      ["0.7.0", "0.7.1", "0.10.0", "1.0.0"].map((text) => since(text, "0.7.0")),
      [true, true, true, true],
    );
    assert.deepEqual(
      ["0.6.9", "0.0.0"].map((text) => since(text, "0.7.0")),
      [false, false],
    );
  });
  it("that is a pre-release of a release is before it, and build metadata does not count", () => {
    assert.deepEqual(
      ["0.7.0-rc.1", "0.7.1-rc.1", "0.7.0+cuda"].map((text) => since(text, "0.7.0")),
      [false, true, true],
    );
  });
});

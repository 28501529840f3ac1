import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { evaluateCel } from "../../../../core/kubernetes/cel/evaluate.ts";
import { parseCel } from "../../../../core/kubernetes/cel/parse.ts";
import { TYPES } from "../../../../core/kubernetes/schema/generated/types.ts";

interface CelCase {
  rule: string;
  self: unknown;
  value?: unknown;
  error?: string;
}
const CASES = parse(readFileSync(new URL("cel.yaml", import.meta.url), "utf8")) as CelCase[];

describe("CEL", () => {
  for (const { rule, self, value, error } of CASES) {
    it(`${rule} over ${JSON.stringify(self)}`, () => {
      assert.deepEqual(evaluateCel(rule, self), error === undefined ? { value } : { error });
    });
  }

  it("parses every rule of the embedded types", () => {
    const rules = [...JSON.stringify(TYPES).matchAll(/"rule":("(?:[^"\\]|\\.)*")/g)].map(([, text]) =>
      JSON.parse(text ?? ""),
    );
    assert.ok(rules.length > 50);
    for (const rule of rules) parseCel(rule as string);
  });

  it("says where a text is no rule", () => {
    assert.throws(() => parseCel("self.a ="), /not CEL at 7/);
    assert.throws(() => parseCel("self.a == "), /unexpected ""/);
    assert.throws(() => parseCel("(self"), /unexpected/);
    assert.throws(() => parseCel("has(self)"), /unexpected/);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { compileCel, evaluateCel } from "../../../../core/kubernetes/cel/evaluate.ts";
import { TYPES } from "../../../../core/kubernetes/schema/generated/types.ts";

interface CelCase {
  rule: string;
  self: unknown;
  value?: unknown;
  error?: string;
}
const CASES = parse(readFileSync(new URL("cel.yaml", import.meta.url), "utf8")) as CelCase[];

const RULES = [...JSON.stringify(TYPES).matchAll(/"rule":("(?:[^"\\]|\\.)*")/g)].map(
  ([, text]) => JSON.parse(text ?? "") as string,
);

describe("CEL", () => {
  for (const { rule, self, value, error } of CASES) {
    it(`${rule} over ${JSON.stringify(self)}`, () => {
      assert.deepEqual(evaluateCel(rule, { self }), error === undefined ? { value } : { error });
    });
  }

  it("parses every rule of the embedded types", () => {
    assert.ok(RULES.length > 50);
    for (const rule of RULES) compileCel(rule);
  });

  it("throws for a text that is not a correct expression", () => {
    assert.throws(() => compileCel("self.a ="), /unexpected character: = in the CEL expression: self\.a =/);
    assert.throws(() => compileCel("self.a == "), /unexpected token/);
    assert.throws(() => compileCel("(self"), /expected RPAREN/);
    assert.throws(() => compileCel("has(self)"), /invalid argument/);
    assert.throws(() => compileCel("self.a && nothing"), /unknown variable: nothing/);
    assert.throws(() => compileCel("nothing(self.a)"), /no matching overload for 'nothing/);
    assert.throws(() => compileCel("self.matches('a', 'b')"), /no matching overload/);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Environment } from "@marcbachmann/cel-js";
import fc from "fast-check";
import { parse } from "yaml";
import { compileCel, evaluateCel } from "../../../../core/kubernetes/cel/evaluate.ts";
import { satisfiedOf } from "../../../../core/kubernetes/cel/satisfied.ts";
import { isObject } from "../../../../core/kubernetes/json.ts";
import { TYPES } from "../../../../core/kubernetes/schema/generated/types.ts";

const ENVIRONMENT = new Environment({ enableOptionalTypes: true })
  .registerVariable("self", "dyn")
  .registerVariable("oldSelf", "dyn");
const astOf = (rule: string) => ENVIRONMENT.parse(rule).ast;

const OF_TYPES = [...JSON.stringify(TYPES).matchAll(/"rule":("(?:[^"\\]|\\.)*")/g)].map(
  ([, text]) => JSON.parse(text ?? "") as string,
);
const CASES = parse(readFileSync(new URL("cel.yaml", import.meta.url), "utf8")) as { rule: string; self: unknown }[];
const RULES = [...new Set([...OF_TYPES, ...CASES.map(({ rule }) => rule)])];

/** How the library reads a value: a whole number is an int, and a null field is not set. */
function libraryOn(rule: string, self: unknown): unknown {
  const asCel = (value: unknown): unknown => {
    if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
    if (Array.isArray(value)) return value.map(asCel);
    if (!isObject(value)) return value;
    const set = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
    return Object.fromEntries(set.map(([name, item]) => [name, asCel(item)]));
  };
  try {
    return compileCel(rule)({ self: asCel(self) });
  } catch {
    return "an error";
  }
}

/** Values that contain the words of a rule at the places that it reads, and elsewhere. */
function valuesOf(rule: string): fc.Arbitrary<unknown> {
  const names = [...new Set(rule.match(/[A-Za-z]\w*/g) ?? [])].map((name) =>
    name === "__namespace__" ? "namespace" : name,
  );
  const texts = [...rule.matchAll(/'([^']*)'/g)].map(([, text]) => text);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: "medium" },
      fc.constantFrom<unknown>(...texts, "", "a", "/a/b", "😀", null, true, false, 0, 1, -1, 1.5, 2 ** 60),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", ...names), tie("value"), { maxKeys: 4 }),
    ),
  }));
  return value;
}

describe("the test of a CEL rule without the library", () => {
  it("covers nearly every rule of the embedded types", () => {
    const without = OF_TYPES.filter((rule) => satisfiedOf(astOf(rule)) === undefined);
    assert.deepEqual(
      without.filter((rule) => !rule.includes("duration(")),
      [],
    );
  });

  it("never finds a rule satisfied that the library does not", () => {
    let satisfied = 0;
    for (const rule of RULES) {
      const test = satisfiedOf(astOf(rule));
      if (test === undefined) continue;
      const property = fc.property(valuesOf(rule), (self) => {
        if (!test(self)) return;
        satisfied += 1;
        assert.equal(libraryOn(rule, self), true, rule);
      });
      fc.assert(property, { seed: 20, numRuns: 150 });
    }
    assert.ok(satisfied > 500, String(satisfied));
  });

  it("leaves every unusual case to the library", () => {
    for (const [rule, self] of [
      ["self.a == 1", { a: 1.5 }],
      ["self.a != self.b", { a: {}, b: {} }],
      ["self.size() == 1", { a: 1 }],
      ["self.all(key, key == 'a')", { a: 1 }],
      ["self.a == 'b' || true", {}],
    ] as const) {
      assert.equal(satisfiedOf(astOf(rule))?.(self), false, rule);
      assert.deepEqual(evaluateCel(rule, { self }).constructor, Object);
    }
  });

  it("counts the characters of a text and not JavaScript's code units", () =>
    assert.equal(satisfiedOf(astOf("self.size() == 1"))?.("😀"), true));
});

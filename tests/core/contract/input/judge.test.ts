import assert from "node:assert/strict";
import { z } from "zod";
import { judge } from "../../../../core/contract/input/judge.ts";

const SCHEMA = z.strictObject({
  checks: z.record(z.string().regex(/^[AB]$/), z.enum(["error", "off"])).optional(),
  nested: z.array(z.record(z.string(), z.record(z.string(), z.number()))).optional(),
});

describe("options by their schema", () => {
  const places = (text: string): string[] =>
    judge(SCHEMA, JSON.parse(text), { layer: "service" }).map(({ code, path }) => `${code} ${path}`);

  it("a map's entry named __proto__ is an unknown field, because it would be dropped silently", () => {
    assert.deepEqual(places('{"checks": {"A": "off", "__proto__": "off"}}'), ["UnknownField checks.__proto__"]);
  });

  it("an entry named __proto__ is found however deep the map is", () => {
    assert.deepEqual(places('{"nested": [{"a": {"__proto__": 1}}]}'), ["UnknownField nested[0].a.__proto__"]);
  });

  it("a closed mapping reports the name __proto__ once", () => {
    assert.deepEqual(places('{"__proto__": {}}'), ["UnknownField __proto__"]);
  });

  it("maps of known names are accepted", () => assert.deepEqual(places('{"checks": {"A": "off"}}'), []));
});

describe("a name in other letters", () => {
  const schema = z.strictObject({ maxModelLen: z.number() }).partial();
  it("is renamed by a program, unless the right name is there too", () => {
    const [renamed] = judge(schema, { max_model_len: 8 }, { layer: "service", path: "spec.tuning" });
    assert.deepEqual(renamed?.fixes, [
      { path: "spec.tuning.max_model_len" },
      { path: "spec.tuning.maxModelLen", value: 8 },
    ]);
    const [kept] = judge(schema, { max_model_len: 8, maxModelLen: 9 }, { layer: "service", path: "spec.tuning" });
    assert.deepEqual([kept?.fix, kept?.fixes], ["remove max_model_len: maxModelLen is also set", undefined]);
  });
});

describe("a number or switch in quotes", () => {
  const schema = z
    .strictObject({ share: z.number(), on: z.boolean(), name: z.string(), tokens: z.int().positive() })
    .partial();
  const cases: readonly [given: object, fix: string, value: unknown][] = [
    [{ share: "0.9" }, "remove the quotes: 0.9", 0.9],
    [{ share: "-8" }, "remove the quotes: -8", -8],
    [{ on: "true" }, "remove the quotes: true", true],
    [{ share: "much" }, "write a number", undefined],
    [{ on: "yes" }, "write true", true],
    [{ on: 0 }, "write false", false],
    [{ on: "maybe" }, "write true or false", undefined],
    [{ name: 1 }, "write a text", undefined],
    [{ tokens: "8" }, "remove the quotes: 8", 8],
    [{ tokens: "8.5" }, "write a whole number", undefined],
    [{ tokens: "0" }, "write a whole number", undefined],
    [{ tokens: "32k" }, "write 32000", 32000],
    [{ tokens: "32m" }, "write a whole number", undefined],
  ];
  for (const [given, fix, value] of cases)
    it(`${JSON.stringify(given)}: ${fix}`, () => {
      const [inService] = judge(schema, given, { layer: "service", path: "spec" });
      const [inOption] = judge(schema, given, { layer: "options" });
      assert.deepEqual([inService?.fix, inService?.fixes?.[0]?.value], [fix, value]);
      assert.deepEqual([inOption?.fix, inOption?.fixes], [fix, undefined]);
    });
});

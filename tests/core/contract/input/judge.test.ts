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

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CONFIG_SPEC, SERVICE_SPEC } from "../../../core/api/generated/specs.ts";
import { configSpec, serviceSpec } from "../../../core/api/service.ts";
import { structuralOf } from "../../../core/kubernetes/schema/structural.ts";
import { SPECS_FILE, specsFile } from "../../../tools/generate/specs.ts";

describe("the generated structural schemas", () => {
  it("are the generated file", () => {
    assert.equal(readFileSync(SPECS_FILE, "utf8"), specsFile(), "run npm run generate, and look at what changed");
  });

  for (const [what, generated, schema] of [
    ["a service's", SERVICE_SPEC, serviceSpec],
    ["a config's", CONFIG_SPEC, configSpec],
  ] as const)
    it(`have the same fields as zod in ${what} spec, in the same order`, () => {
      assert.equal(JSON.stringify(generated), JSON.stringify(structuralOf(schema)));
    });
});

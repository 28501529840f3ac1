import assert from "node:assert/strict";
import { specSchema } from "../../../../core/api/schemas.ts";
import { formatFix } from "../../../../core/kubernetes/schema/formats.ts";
import type { StructuralSchema } from "../../../../core/kubernetes/schema/schema.ts";
import { resolved } from "../../../../core/kubernetes/schema/structural.ts";

/** Deeper than the deepest pattern; some types of the Gateway API contain themselves. */
const DEEPEST = 14;

function patternsOf(schema: StructuralSchema, found: Set<string>, depth = 0): Set<string> {
  const { pattern, properties = {}, items, additionalProperties } = resolved(schema);
  if (pattern !== undefined) found.add(pattern);
  if (depth === DEEPEST) return found;
  const inner = [...Object.values(properties), items, additionalProperties].filter((one) => one !== undefined);
  for (const one of inner) patternsOf(one, found, depth + 1);
  return found;
}

describe("the fix of a text that a pattern refuses", () => {
  const patterns = [...patternsOf(specSchema("LLMInferenceService", { dialect: "own" }), new Set())];

  it("is a sentence for every pattern of the schema", () => {
    assert.ok(patterns.length >= 10);
    assert.deepEqual(
      patterns.filter((pattern) => formatFix(pattern).includes(pattern)),
      [],
    );
  });

  it("shows the pattern itself if the table has no sentence for it", () => {
    assert.equal(formatFix("^x+$"), "write a text that matches ^x+$");
  });
});

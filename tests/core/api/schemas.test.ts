import assert from "node:assert/strict";
import { mergedSchema, specSchema } from "../../../core/api/schemas.ts";
import { nearest } from "../../../core/kubernetes/nearest.ts";
import { overlaid } from "../../../core/kubernetes/schema/overlay.ts";
import type { StructuralSchema } from "../../../core/kubernetes/schema/schema.ts";
import { pruned, withDefaults } from "../../../core/kubernetes/schema/shape.ts";

const SCHEMA: StructuralSchema = {
  type: "object",
  properties: {
    size: { type: "integer", default: 3 },
    labels: { type: "object", additionalProperties: { type: "string" } },
    any: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    items: { type: "array", items: { type: "object", properties: { mode: { type: "string", default: "fast" } } } },
    inner: { type: "object", properties: { a: { type: "string" } }, default: {} },
    pod: { $ref: "PodSpec" },
  },
};

describe("unknown fields", () => {
  it("are removed and listed with their places and neighbours; maps and open objects keep all fields", () => {
    const value = {
      labels: { x: "y" },
      any: { x: 1 },
      items: [{ mod: 1 }],
      pod: { containers: [{ nam: "a" }] },
      sizee: 1,
    };
    const { value: left, unknown } = pruned(value, SCHEMA);
    assert.deepEqual(left, { labels: { x: "y" }, any: { x: 1 }, items: [{}], pod: { containers: [{}] } });
    assert.deepEqual(
      unknown.map(({ path }) => path),
      [["items", 0, "mod"], ["pod", "containers", 0, "nam"], ["sizee"]],
    );
    assert.deepEqual(unknown[0]?.known, ["mode"]);
  });

  it("are not the directives of a strategic merge patch", () => {
    const value = { items: [{ $patch: "replace" }], pod: { "$setElementOrder/containers": [] } };
    assert.deepEqual(pruned(value, SCHEMA), { value, unknown: [] });
  });
});

describe("defaults of a schema", () => {
  it("fill in fields that are not set, in items and in defaults too; null counts as not set", () => {
    assert.deepEqual(withDefaults({ size: null, items: [{}, { mode: "slow" }] }, SCHEMA), {
      size: 3,
      items: [{ mode: "fast" }, { mode: "slow" }],
      inner: {},
    });
  });
  it("do not override fields that are set", () => {
    assert.deepEqual(withDefaults({ size: 0, inner: { a: "b" } }, SCHEMA), { size: 0, inner: { a: "b" } });
  });
});

describe("nearest name", () => {
  const KNOWN = ["image", "imagePullPolicy", "args", "command"];
  for (const [name, near] of [
    ["imagee", "image"],
    ["imgae", "image"],
    ["IMAGE", "image"],
    ["imagepullpolicy", "imagePullPolicy"],
    ["agrs", "args"],
    ["volumes", undefined],
  ] as const) {
    it(`of ${name} is ${near ?? "none"}`, () => assert.equal(nearest(name, KNOWN), near));
  }
});

describe("schema of a spec", () => {
  it("requires fields only in list items for a layer, and all required fields for a merged spec", () => {
    assert.equal(specSchema("LLMInferenceService", { dialect: "own" }).required, undefined);
    assert.deepEqual(mergedSchema().required, ["model"]);
  });
  it("is built once and reused", () => {
    const make = (): StructuralSchema => specSchema("LLMInferenceServiceConfig", { dialect: "kserve-0.21" });
    assert.equal(make(), make());
  });
  it("applies every overlay, and reports an overlay without a field", () => {
    assert.throws(() => overlaid(SCHEMA, [{ at: "pod.nope", set: {} }]), /not there: pod\.nope/);
    assert.deepEqual(overlaid({ items: { pattern: "x" } }, [{ at: "[]", set: { pattern: undefined } }]), { items: {} });
  });
});

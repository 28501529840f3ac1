import assert from "node:assert/strict";
import { LLMInferenceService, Platform } from "../../components/index.ts";
import { type Registered, runMocked } from "./mocks.ts";

const annotationsOf = ({ inputs }: Registered): Record<string, string> =>
  (inputs["metadata"] as { annotations?: Record<string, string> }).annotations ?? {};

describe("the objects of a stack", () => {
  let owned: Registered[];
  let shared: Registered[];
  before(async () => {
    const { registered } = await runMocked(async () => {
      const platform = new Platform("platform");
      new LLMInferenceService("chat", {
        platform,
        model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
        router: { route: {} },
      });
    });
    const objects = registered.filter(({ type }) => type.startsWith("kubernetes:"));
    owned = objects.filter(({ type }) => !type.endsWith("Patch"));
    shared = objects.filter(({ type }) => type.endsWith("Patch"));
    assert.ok(owned.length > 5 && shared.length > 1);
  });

  it("carry the name of their stack, so that a recovery recognises them", () => {
    const marks = new Set(owned.map((object) => annotationsOf(object)["kserve-llm/stack"]));
    assert.equal(marks.size, 1);
    assert.match([...marks][0] ?? "", /^[^/]+\/[^/]+\/[^/]+$/);
  });

  it("take back fields that other managers changed, in Services and workloads", () => {
    for (const object of owned) assert.equal(annotationsOf(object)["pulumi.com/patchForce"], "true", object.name);
  });

  it("carry no stack name when other stacks share them", () => {
    for (const object of shared) assert.equal(annotationsOf(object)["kserve-llm/stack"], undefined, object.name);
  });
});

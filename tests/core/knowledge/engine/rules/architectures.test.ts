import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { laterClass } from "../../../../../core/knowledge/engine/rules/architectures.ts";

const CASES: [name: string, stated: string[], release: string, from: string | undefined, reason: string][] = [
  ["glm-4.1v-9b-thinking", [], "0.8.5.post1", "0.9.2", "a class of a later release"],
  ["glm-4.1v-9b-thinking", [], "0.9.2", undefined, "the first release with the class"],
  ["glm-4.7-flash", [], "0.14.1", "0.15.0", "a smaller model of a family with a class of its own"],
  ["glm-4.7", [], "0.14.1", undefined, "the family's class"],
  ["gpt-oss-20b", [], "0.10.0", "0.10.1", "a class of the next patch"],
  ["own", ["Glm4vForConditionalGeneration"], "0.9.1", "0.9.2", "a class by the config"],
  ["own", ["Glm4vForConditionalGeneration", "LlamaForCausalLM"], "0.9.1", undefined, "another class that it has"],
  ["gpt-oss-20b", ["LlamaForCausalLM"], "0.10.0", undefined, "a config that says otherwise than the name"],
  ["llama-3.1-8b-instruct", [], "0.8.0", undefined, "a class of the first release"],
];

describe("classes of models that a release of vLLM does not have", () => {
  for (const [name, stated, release, from, reason] of CASES) {
    it(`${name} (${stated.join(", ") || "by name"}) ${from === undefined ? "runs in" : "is too new for"} ${release}: ${reason}`, () => {
      assert.equal(laterClass(name, stated, releaseNumber(release) ?? 0)?.from, from);
    });
  }
});

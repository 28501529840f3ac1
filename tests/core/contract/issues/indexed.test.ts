import assert from "node:assert/strict";
import { asIndexed, byName } from "../../../../core/contract/issues/indexed.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";

const containers = (...names: string[]): object => ({
  template: { containers: names.map((name) => ({ name, env: [{ name: "A" }, { name: `OF_${name}` }] })) },
});
const MERGED = containers("helper", "main");
const CONFIG = {
  kind: "LLMInferenceServiceConfig",
  metadata: { name: "base", namespace: "team" },
  spec: containers("proxy", "helper", "main"),
};
const INPUT = { service: { spec: containers("main") }, configs: [CONFIG] };
const at = (path: string, layer = "service", texts: Partial<Issue> = {}): Issue => ({
  ...{ code: "InvalidValue", severity: "error", message: "m", path, layer },
  ...texts,
});
const placed = (issue: Issue): Issue[] => asIndexed(byName([issue], MERGED), INPUT);

describe("the path of an issue of a merged spec", () => {
  for (const [title, layer, path, expected] of [
    ["is the index in the service", "service", "spec.template.containers[1].env[1]", "containers[0].env[1]"],
    ["is the index in the config of its layer", "config team/base", "spec.template.containers[1]", "containers[2]"],
    [
      "keeps the name of an item that the service lacks",
      "merged",
      "spec.template.containers[0].image",
      "containers[name=helper].image",
    ],
    [
      "keeps the name of an item of a preset",
      "preset a",
      "spec.template.containers[0].env[0]",
      "containers[name=helper].env[name=A]",
    ],
    ["keeps an index behind the last item", "service", "spec.template.containers[7]", "containers[7]"],
    ["keeps the words of a command line", "service", "spec.template.containers[1].args[3]", "containers[0].args[3]"],
  ] as const)
    it(`${title}: ${path}`, () => {
      assert.deepEqual(
        placed(at(path, layer)).map((issue) => issue.path),
        [`spec.template.${expected}`],
      );
    });

  it("is the same one in its message and its fix", () => {
    const texts = { message: "spec.template.containers[1] is odd.", fix: "change spec.template.containers[0].image" };
    const [{ message, fix } = at("")] = placed(at("spec", "service", texts));
    assert.deepEqual(
      [message, fix],
      ["spec.template.containers[0] is odd.", "change spec.template.containers[name=helper].image"],
    );
  });

  it("has the last of several variables of one name, which is the one that counts", () => {
    const service = { spec: { template: { containers: [{ name: "main", env: [{ name: "A" }, { name: "A" }] }] } } };
    const [{ path } = at("")] = asIndexed([at("spec.template.containers[name=main].env[name=A].value")], {
      service,
      configs: [],
    });
    assert.equal(path, "spec.template.containers[0].env[1].value");
  });
});

import assert from "node:assert/strict";
import type { Issue } from "../../core/contract/issues/issue.ts";
import { inputError, propertyErrors } from "../../provider/failures.ts";

function issue(layer: string, path: string, severity: Issue["severity"] = "error"): Issue {
  return { code: "InvalidValue", severity, path, layer, message: "it is wrong", fix: "mend it" };
}

const configs = [{ metadata: { name: "a" } }, { metadata: { name: "b" } }];

describe("problems of arguments", () => {
  for (const [layer, path, expected, because] of [
    ["service", "spec.template.containers[0].image", "template.containers[0].image", "arguments have no spec"],
    ["service", "metadata.name", "metadata.name", "metadata is an argument"],
    ["service", "specials", "specials", "only the whole step is spec"],
    ["service", "spec", "", "the whole of the arguments"],
    ["settings", "urlScheme", "settings.urlScheme", "settings are one argument"],
    ["config default/b", "spec.replicas", "configs[1].spec.replicas", "the config that the caller gave"],
    ["config kserve/other", "spec.replicas", "replicas", "a config that the caller did not give"],
    ["platform", "defaults.workerSpec.replicas", "defaults.workerSpec.replicas", "a platform's own path"],
  ] as const) {
    it(`${layer} ${path} is at ${expected || "the resource"}: ${because}`, () => {
      const [found] = propertyErrors([issue(layer, path)], { configs });
      assert.equal(found?.propertyPath, expected);
      assert.match(found?.reason ?? "", /^InvalidValue.*: it is wrong — mend it$/);
    });
  }

  it("name the layer that is not the caller's own", () => {
    const [found] = propertyErrors([issue("preset kserve-config-llm-template", "spec.replicas")], {});
    assert.match(found?.reason ?? "", /\(preset kserve-config-llm-template\)/);
  });

  it("are all reported at once, without the warnings", () => {
    const issues = [issue("service", "spec.a"), issue("service", "spec.b"), issue("service", "spec.c", "warning")];
    const { message, errors } = inputError(issues, {});
    assert.match(message, /^2 problems/);
    assert.deepEqual(
      errors.map(({ propertyPath }) => propertyPath),
      ["a", "b"],
    );
  });
});

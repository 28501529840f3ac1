import assert from "node:assert/strict";
import { formatIssue, type Issue, isFine } from "../../../../core/contract/issues/issue.ts";
import { formatPath } from "../../../../core/kubernetes/json.ts";

const issue: Issue = {
  code: "UnknownField",
  severity: "error",
  path: "spec.modle",
  layer: "service",
  message: "no such field",
  fix: "did you mean model?",
};

describe("issues", () => {
  it("a line contains code, path, layer, message and fix", () => {
    assert.equal(formatIssue(issue), "error UnknownField spec.modle (service): no such field — did you mean model?");
  });

  it("an issue of the whole input is named by its layer", () => {
    assert.equal(formatIssue({ ...issue, path: "", fix: undefined }), "error UnknownField service: no such field");
  });

  it("warnings do not stop a plan, errors do", () => {
    assert.equal(isFine([{ ...issue, severity: "warning" }]), true);
    assert.equal(isFine([{ ...issue, severity: "warning" }, issue]), false);
  });
});

describe("formatPath", () => {
  const rows: [string, (string | number)[], string][] = [
    ["fields and indexes", ["spec", "containers", 0, "image"], "spec.containers[0].image"],
    ["a key with dots and slashes", ["metadata", "labels", "a.b/c"], "metadata.labels[a.b/c]"],
    ["the root", [], ""],
  ];
  for (const [what, steps, expected] of rows) it(what, () => assert.equal(formatPath(steps), expected));
});

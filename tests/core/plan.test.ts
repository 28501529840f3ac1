import assert from "node:assert/strict";
import type { Compat } from "../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/parsesettings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { deepFreeze } from "./stages/merge/freeze.ts";

function issuesOf(spec: object, compat?: Compat): string[] {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: { model: { uri: "hf://o/m", name: "chat" }, ...spec },
  };
  const input = {
    service,
    configs: presets({ namespace: "kserve" }),
    settings: DEFAULT_SETTINGS,
    compat,
    checks: { UnknownModel: "off" } as const,
  };
  return plan(deepFreeze(input)).issues.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

describe("what a plan reports", () => {
  const UNUSED = { model: { uri: "oci://o/m", name: "chat", confidential: { enabled: true } } };

  it("warnings of admission reach the user when the service is planned", () => {
    assert.deepEqual(issuesOf(UNUSED), ["warning UnusedField spec.model.confidential"]);
  });

  it("warnings of admission reach the user when the service is refused", () => {
    assert.deepEqual(issuesOf({ ...UNUSED, replicas: -1 }), [
      "error InvalidValue spec.replicas",
      "warning UnusedField spec.model.confidential",
    ]);
  });

  it("The API does not have the field. is told once, though admission and reading both find it", () => {
    assert.deepEqual(
      issuesOf({ modle: 1 }, "kserve-0.20").filter((line) => line.includes("modle")),
      ["warning UnknownField spec.modle"],
    );
  });
});

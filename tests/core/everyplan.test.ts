import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { inputWith } from "./worst.ts";

/** A plan of one service with these fields of its input. */
function planned(fields: Record<string, unknown>): ReturnType<typeof plan> {
  return plan({ ...inputWith({}), ...fields } as PlanInput);
}

function errorsOf(fields: Record<string, unknown>): string[] {
  return planned(fields)
    .issues.filter(({ severity }) => severity === "error")
    .map(({ code, path }) => `${code} ${path}`);
}

describe("what comes with every plan", () => {
  it("is judged again if settings that were sound get a wrong value, also in the same object", () => {
    const settings: Record<string, unknown> = structuredClone(DEFAULT_SETTINGS) as never;
    assert.deepEqual(errorsOf({ settings }), []);
    assert.deepEqual(errorsOf({ settings: structuredClone(settings) }), []);
    assert.deepEqual(errorsOf({ settings: { ...settings, enableTLS: "yes" } }), ["WrongType settings.enableTLS"]);
    settings["urlScheme"] = 1;
    assert.deepEqual(errorsOf({ settings }), ["WrongType settings.urlScheme"]);
  });

  it("is judged by its own schema: a word that one option accepts is refused by another", () => {
    const stack = "llm-d-0.8";
    assert.deepEqual(errorsOf({ stack, checks: {} }), []);
    assert.deepEqual(errorsOf({ stack, checks: {} }), []);
    assert.equal(errorsOf({ compat: stack }).length, 1);
    assert.equal(errorsOf({ checks: new Map() }).length, 1);
    assert.equal(errorsOf({ known: {} }).length, 1);
  });

  it("reads the config that a service names from its own list, also after a plan with the same presets alone", () => {
    const config = (name: string): object => ({
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceServiceConfig",
      metadata: { name, namespace: "team" },
      spec: { replicas: 3 },
    });
    const input = inputWith({ baseRefs: [{ name: "mine" }] });
    const configs = (name: string): unknown[] => [...input.configs, config(name)];
    const codes = (own: PlanInput["configs"]): string[] =>
      plan({ ...input, configs: own }).issues.map(({ code }) => code);
    assert.ok(codes(input.configs).includes("ConfigNotFound"));
    assert.ok(!codes(configs("mine") as PlanInput["configs"]).includes("ConfigNotFound"));
    assert.ok(codes(configs("other") as PlanInput["configs"]).includes("ConfigNotFound"));
  });
});

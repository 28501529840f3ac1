import assert from "node:assert/strict";
import type { Compat } from "../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
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

  it("tolerations whose key is null in a layer are read as tolerations without a key", () => {
    const tolerations = [{ key: null, operator: "Exists" }];
    assert.deepEqual(issuesOf({ accelerator: "nvidia-l4", template: { tolerations } }), []);
  });

  it("warnings of admission reach the user when the service is refused", () => {
    assert.deepEqual(issuesOf({ ...UNUSED, replicas: -1 }), [
      "error InvalidValue spec.replicas",
      "warning UnusedField spec.model.confidential",
    ]);
  });

  it("an unknown field is reported once, although admission and reading both find it", () => {
    assert.deepEqual(
      issuesOf({ modle: 1 }, "kserve-0.20").filter((line) => line.includes("modle")),
      ["warning UnknownField spec.modle"],
    );
  });
});

describe("the result of a plan belongs to its caller", () => {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: { model: { uri: "hf://o/m", name: "chat" }, router: { route: {}, gateway: {}, scheduler: {} }, prefill: {} },
  };
  const input = { service, configs: presets({ namespace: "kserve" }), settings: DEFAULT_SETTINGS };

  /** Writes a field into every map and an item into every list. */
  function scribble(value: unknown): number {
    if (typeof value !== "object" || value === null) return 0;
    const inner = Object.values(value).reduce<number>((sum, item) => sum + scribble(item), 1);
    if (Array.isArray(value)) value.push("changed");
    else Object.assign(value, { changed: "changed" });
    return inner;
  }

  it("a caller that changes the objects and the merged spec changes no later plan", () => {
    const { objects, spec } = plan(input);
    const before = structuredClone({ objects, spec });
    assert.ok(scribble(objects) > 100 && scribble(spec) > 100);
    const later = plan(input);
    assert.deepEqual({ objects: later.objects, spec: later.spec }, before);
  });

  it("a caller that changes the result of a refused plan changes no later plan", () => {
    const spec = {
      ...service.spec,
      template: { volumes: [{ name: "a b", emptyDir: {} }], containers: [{ name: "main" }] },
    };
    const refused = { ...input, service: { ...service, spec } };
    const first = plan(refused);
    const before = structuredClone({ objects: first.objects, spec: first.spec, issues: first.issues });
    assert.ok(first.spec !== undefined && first.issues.some(({ severity }) => severity === "error"));
    assert.ok(scribble(first.objects) + scribble(first.spec) + scribble(first.issues) > 100);
    const later = plan(refused);
    assert.deepEqual({ objects: later.objects, spec: later.spec, issues: later.issues }, before);
  });

  it("a known object that contains itself is left out, and a warning names it", () => {
    const ring: Record<string, unknown> = {};
    ring["self"] = ring;
    const metadata = { name: "default", namespace: "team" };
    const known = [{ apiVersion: "v1", kind: "ServiceAccount", metadata, secrets: [ring] }] as unknown[];
    const { issues, objects } = plan({ ...input, known: known as NonNullable<PlanInput["known"]> });
    assert.ok(objects.length > 0);
    const [found] = issues.filter(({ path }) => path.startsWith("known[0]"));
    assert.equal(found?.severity, "warning");
    assert.match(found?.message ?? "", /contains itself.*the plan ignores this object/);
  });

  it("an issue of a config is reported by every plan that uses the config", () => {
    const configs = input.configs.map((config) => structuredClone(config));
    const [preset] = configs.filter(({ metadata }) => metadata.name === "kserve-config-llm-template");
    const [container] = preset?.spec.template?.containers ?? [];
    assert.ok(container);
    container.livenessProbe = { httpGet: { path: "/health", port: 99999, scheme: "HTTPS" } };
    const single = { ...input, configs, service: { ...service, spec: { model: service.spec.model } } };
    const [first, second] = [plan(single), plan(single)];
    assert.ok(first.issues.some(({ severity, message }) => severity === "error" && message.includes("99999")));
    assert.deepEqual(second.issues, first.issues);
  });
});

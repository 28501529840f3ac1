import assert from "node:assert/strict";
import { specSchema } from "../../../../core/api/schemas.ts";
import { asSpec } from "../../../../core/api/service.ts";
import { type Behaviour, KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { type Json, type JsonObject, valueAt } from "../../../../core/kubernetes/json.ts";
import type { StructuralSchema } from "../../../../core/kubernetes/schema/schema.ts";
import { resolved } from "../../../../core/kubernetes/schema/structural.ts";
import { mergeService } from "../../../../core/stages/merge/merge.ts";
import { planOf } from "../check/plan.ts";
import { deepFreeze } from "./freeze.ts";

const SCHEMA = specSchema("LLMInferenceService", { dialect: "own" });

interface Default {
  path: string[];
  initial: Json;
}

/** The defaults of the API outside of lists and free maps, where two layers can set one field. */
function defaultsIn(schema: StructuralSchema, path: string[] = []): Default[] {
  return Object.entries(resolved(schema).properties ?? {}).flatMap(([name, field]): Default[] => {
    const here = [...path, name];
    const inner = here.length > 8 ? [] : defaultsIn(field, here);
    const initial = resolved(field).default;
    return initial === undefined ? inner : [{ path: here, initial }, ...inner];
  });
}

function objectAt([first = "", ...others]: readonly string[], value: Json): JsonObject {
  return { [first]: others.length === 0 ? value : objectAt(others, value) };
}

function merged(specs: readonly JsonObject[], behaviour: Behaviour): JsonObject {
  const layers = specs.map((spec, index) => ({ label: `layer ${index}`, spec: asSpec(spec) }));
  return mergeService(deepFreeze(layers), behaviour).spec as unknown as JsonObject;
}

/** Another value of the default's type. */
function otherThan(initial: Json): Json {
  if (typeof initial === "number") return initial + 1;
  return typeof initial === "boolean" ? !initial : `${String(initial)}other`;
}

describe("defaults of the API in a merge", () => {
  const defaults = defaultsIn(SCHEMA);

  it("exist for more fields than those of the autoscaler", () => {
    assert.ok(defaults.length >= 4, defaults.map(({ path }) => path.join(".")).join());
  });

  for (const { path, initial } of defaults) {
    const field = path.join(".");
    const holder = objectAt(path.slice(0, -1), {});
    it(`leave ${field} to the config that writes it`, () => {
      const specs = [objectAt(path, otherThan(initial)), holder];
      assert.deepEqual(valueAt(merged(specs, OWN), path), otherThan(initial));
    });
    it(`fill in ${field} if no layer writes it, or if one deletes it`, () => {
      assert.deepEqual(valueAt(merged([holder], OWN), path), initial);
      const deleted = [objectAt(path, otherThan(initial)), objectAt(path, null)];
      assert.deepEqual(valueAt(merged(deleted, OWN), path), initial);
    });
    it(`are not filled in after the merge under compat: ${field}`, () => {
      assert.equal(valueAt(merged([holder], KSERVE_0_20), path), undefined);
    });
  }

  it("leave the protocol of a port to the config that writes it", () => {
    const port = (extra: object): JsonObject => ({
      template: { containers: [{ name: "main", ports: [{ containerPort: 9999, ...extra }] }] },
    });
    const { template } = merged([port({ protocol: "UDP" }), port({ name: "side" })], OWN) as {
      template: { containers: { ports: unknown }[] };
    };
    assert.deepEqual(template.containers[0]?.ports, [{ containerPort: 9999, protocol: "UDP", name: "side" }]);
  });

  const config = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceServiceConfig",
    metadata: { name: "base", namespace: "team" },
    spec: { scaling: { minReplicas: 2, maxReplicas: 4, wva: { hpa: {}, variantCost: "2.5" } } },
  };
  const service = {
    model: { uri: "hf://org/model" },
    baseRefs: [{ name: "base" }],
    scaling: { maxReplicas: 8, wva: { hpa: {} } },
  };
  for (const [compat, expected] of [
    [undefined, { minReplicas: 2, maxReplicas: 8, wva: { hpa: {}, variantCost: "2.5" } }],
    ["kserve-0.21", { minReplicas: 1, maxReplicas: 8, wva: { hpa: {}, variantCost: "10.0" } }],
  ] as const) {
    it(`${compat ?? "default mode"}: minReplicas is ${expected.minReplicas} if only the config writes it, as 2`, () => {
      const { spec } = planOf(service, { configs: [config], ...(compat && { compat }) });
      assert.deepEqual(spec?.scaling, expected);
    });
  }
});

import assert from "node:assert/strict";
import { crds } from "../../../../core/api/crd/crd.ts";
import { DIALECTS } from "../../../../core/api/deviations.ts";
import { specSchema } from "../../../../core/api/schemas.ts";
import { isObject, type Json, type JsonObject } from "../../../../core/kubernetes/json.ts";
import { CONFIG_RULES, SERVICE_RULES } from "../../../../core/stages/admit/rules/rules.ts";

type Crd = JsonObject & { metadata: JsonObject };

function schemaOf(crd: unknown): JsonObject {
  const { versions } = (crd as Crd)["spec"] as JsonObject & { versions: [JsonObject] };
  return ((versions[0]["schema"] as JsonObject)["openAPIV3Schema"] as JsonObject)["properties"] as JsonObject;
}

function at(value: Json | undefined, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((one, step) => (isObject(one) ? one[step] : undefined), value);
}

function* nodes(value: Json | undefined): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item);
  if (!isObject(value)) return;
  yield value;
  for (const item of Object.values(value)) yield* nodes(item);
}

describe("CustomResourceDefinitions", () => {
  it("have the same bytes every time", () => {
    assert.equal(JSON.stringify(crds()), JSON.stringify(crds()));
  });

  it("are named as KServe's", () => {
    const [service, config] = crds() as unknown as [Crd, Crd];
    assert.equal(service.metadata["name"], "llminferenceservices.serving.kserve.io");
    assert.equal(config.metadata["name"], "llminferenceserviceconfigs.serving.kserve.io");
    assert.deepEqual(at(service["spec"], "names"), {
      kind: "LLMInferenceService",
      listKind: "LLMInferenceServiceList",
      plural: "llminferenceservices",
      singular: "llminferenceservice",
      shortNames: ["llmisvc"],
    });
  });

  for (const dialect of DIALECTS) {
    it(`contain no keyword of this package (dialect ${dialect})`, () => {
      const keys = new Set(crds({ dialect }).flatMap((crd) => [...nodes(schemaOf(crd))].flatMap(Object.keys)));
      for (const ours of ["$ref", "coveredBy", "added", "x-kubernetes-patch-merge-key"])
        assert.ok(!keys.has(ours), ours);
      const formats = crds({ dialect }).flatMap((crd) => [...nodes(schemaOf(crd))].map((node) => node["format"]));
      assert.ok(!formats.includes("quantity") && !formats.includes("go-url"));
    });
  }

  it("leave pod templates open", () => {
    const open = at(schemaOf(crds()[0]), "spec.properties.prefill.properties.template") as JsonObject;
    assert.equal(open["x-kubernetes-preserve-unknown-fields"], true);
    assert.equal(open["properties"], undefined);
  });

  it("contain KServe's mistakes only under compat", () => {
    const keda = "spec.properties.scaling.properties.wva.properties.keda.x-kubernetes-validations";
    const [own, theirs] = (["own", "kserve-0.20"] as const).map((dialect) =>
      JSON.stringify(at(schemaOf(crds({ dialect })[0]), keda)),
    );
    assert.ok(own?.includes("has(self.advanced.scalingModifiers)"));
    assert.ok(!theirs?.includes("has(self.advanced.scalingModifiers)"));
  });

  it("permit templates in configs", () => {
    const labels =
      "spec.properties.router.properties.scheduler.properties.pool.properties.spec.properties.selector.properties.matchLabels.additionalProperties";
    const [service, config] = crds().map((crd) => at(schemaOf(crd), labels) as JsonObject);
    assert.equal(typeof service?.["pattern"], "string");
    assert.deepEqual(config, { type: "string" });
  });

  it("describe every field that is KServe's own", () => {
    const undescribed = [...nodes(specSchema("LLMInferenceService", { dialect: "own" }) as unknown as Json)].flatMap(
      (node) => {
        const fields = isObject(node["properties"]) ? Object.entries(node["properties"]) : [];
        const bare = fields.filter(([, field]) => isObject(field) && field["description"] === undefined);
        return fields.some(([, field]) => isObject(field) && field["description"] !== undefined)
          ? bare.map(([name]) => name)
          : [];
      },
    );
    assert.deepEqual(undescribed, []);
  });

  it("name an existing rule of the plan wherever they say that the plan covers a rule", () => {
    const names = new Set([...SERVICE_RULES, ...CONFIG_RULES].map(({ name }) => name));
    const schema = specSchema("LLMInferenceService", { dialect: "own" }) as unknown as Json;
    const covering = [...nodes(schema)].map((node) => node["coveredBy"]).filter((name) => typeof name === "string");
    assert.ok(covering.length > 5);
    assert.deepEqual(
      covering.filter((name) => !names.has(name)),
      [],
    );
  });
});

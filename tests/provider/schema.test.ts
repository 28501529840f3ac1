import assert from "node:assert/strict";
import type { z } from "zod";
import type { LLMInferenceServiceArgs, LLMInferenceServiceConfigArgs, PlatformArgs } from "../../components/index.ts";
import { isObject } from "../../core/kubernetes/json.ts";
import type { configArgs, platformArgs, serviceArgs } from "../../provider/schema/arguments.ts";
import { type PackageSchema, packageSchema } from "../../provider/schema/schema.ts";
import { readText } from "../repository.ts";

const { version } = JSON.parse(readText("package.json")) as { version: string };
const schema = packageSchema(version);

/** Every map of the schema, with its path. */
function nodes(value: unknown, path = ""): [path: string, node: Record<string, unknown>][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => nodes(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return [[path, value], ...Object.entries(value).flatMap(([key, item]) => nodes(item, `${path}/${key}`))];
}

function propertiesOf({ types, resources, functions }: PackageSchema): [path: string, property: { $ref?: string }][] {
  const maps: [string, unknown][] = [
    ...Object.entries(types).map(([token, type]): [string, unknown] => [
      token,
      "properties" in type && type.properties,
    ]),
    ...Object.entries(resources).flatMap(([token, resource]): [string, unknown][] => [
      [`${token} in`, resource.inputProperties],
      [`${token} out`, resource.properties],
    ]),
    ...Object.entries(functions).flatMap(([token, called]): [string, unknown][] => [
      [`${token} in`, called.inputs.properties],
      [`${token} out`, called.outputs.properties],
    ]),
  ];
  return maps.flatMap(([token, map]) =>
    isObject(map) ? Object.entries(map).map(([name, value]) => [`${token} ${name}`, value as object] as const) : [],
  ) as [string, { $ref?: string }][];
}

describe("the package schema", () => {
  it("is the committed file", () => {
    assert.equal(
      readText("provider/schema.json"),
      `${JSON.stringify(schema, null, 2)}\n`,
      "run npm run generate, and look at what changed",
    );
  });

  it("has neither plain inputs, which refuse eventual values, nor defaults, which would win over every config's", () => {
    const wrong = nodes({ ...schema, language: {} }).filter(([path, node]) => {
      const isProperty = /(\/properties|\/inputProperties)\/[^/]+$/.test(path);
      return isProperty && ("plain" in node || "default" in node);
    });
    assert.deepEqual(wrong, []);
  });

  it("refers only to types that exist", () => {
    const kubernetes = readText("node_modules/@pulumi/kubernetes/types/input.d.ts");
    const missing = nodes(schema).flatMap(([path, { $ref: ref }]) => {
      if (typeof ref !== "string" || ref === "pulumi.json#/Any") return [];
      const own = /^#\/types\/(.+)$/.exec(ref)?.[1];
      const foreign = /^\/kubernetes\/v4\.34\.2\/schema\.json#\/types\/kubernetes:\w+%2Fv\d:(\w+)$/.exec(ref)?.[1];
      const found = own !== undefined ? own in schema.types : kubernetes.includes(`interface ${foreign} {`);
      return found ? [] : [`${path}: ${ref}`];
    });
    assert.deepEqual(missing, []);
  });

  it("describes every field of this package", () => {
    const foreign = /:(HTTP|Keda|InferencePool|ParentRef|BackendObject)\w* /;
    const silent = propertiesOf(schema).filter(
      ([path, property]) => !("description" in property) && !foreign.test(path),
    );
    assert.deepEqual(
      silent.map(([path]) => path).filter((path) => !/ (spec|behavior|fallback|advanced)$/.test(path)),
      [],
    );
  });

  it("gives units and defaults", () => {
    const { "kserve-llm:index:Scaling": scaling, "kserve-llm:index:Tuning": tuning } = schema.types;
    assert.ok(scaling && "properties" in scaling && tuning && "properties" in tuning);
    assert.match(scaling.properties["minReplicas"]?.description ?? "", /Default: 1\./);
    assert.match(tuning.properties["maxModelLen"]?.description ?? "", /tokens/);
  });

  it("carries unions, enums and Kubernetes' own types", () => {
    const { inputProperties, requiredInputs } = schema.resources["kserve-llm:index:LLMInferenceService"] ?? {};
    assert.deepEqual(requiredInputs, ["model"]);
    assert.deepEqual(inputProperties?.["accelerator"]?.oneOf, [
      { type: "string" },
      { $ref: "#/types/kserve-llm:index:AcceleratorClass" },
    ]);
    assert.match(inputProperties?.["template"]?.$ref ?? "", /kubernetes:core%2Fv1:PodSpecPatch$/);
    const eviction = schema.types["kserve-llm:index:EvictionPolicy"];
    assert.deepEqual(eviction && "enum" in eviction && eviction.enum.map(({ value }) => value), ["lru", "arc"]);
  });

  it("has exactly the arguments of the TypeScript library", () => {
    type Keys<Schema extends z.ZodType> = keyof z.infer<Schema>;
    type Same<One, Other> = [Exclude<One, Other>, Exclude<Other, One>] extends [never, never] ? true : false;
    const same: [
      Same<Keys<typeof serviceArgs>, keyof LLMInferenceServiceArgs>,
      Same<Keys<typeof configArgs>, keyof LLMInferenceServiceConfigArgs>,
      Same<Keys<typeof platformArgs>, keyof PlatformArgs>,
    ] = [true, true, true];
    assert.deepEqual(same, [true, true, true]);
  });
});

import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { prepareConfig } from "../../components/config.ts";
import { preparePlatform } from "../../components/platform.ts";
import { prepareService } from "../../components/service.ts";
import { namesAt } from "../../core/contract/input/judge.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import { configOptions, PLATFORM_OPTIONS, planOptions, serviceOptions } from "../../core/contract/options/options.ts";
import { parseSettings } from "../../core/contract/options/parsesettings.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { plan } from "../../core/plan.ts";
import { construct } from "../../provider/construct.ts";
import { invoke } from "../../provider/invoke.ts";
import { runMocked, unknownOutput } from "./mocks.ts";

const MODEL = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4" };
type Args = Record<string, unknown>;
type Shape = Readonly<Record<string, z.ZodType>>;

interface Door {
  shape: Shape;
  base: Args;
  issuesOf(args: Args): Promise<readonly Pick<Issue, "path" | "severity">[]>;
}
const asErrors = (failures: readonly { path: string }[]) =>
  failures.map(({ path }) => ({ path, severity: "error" as const }));

/** Every way in which arguments reach a plan. */
const DOORS: Readonly<Record<string, Door>> = {
  LLMInferenceService: {
    shape: serviceOptions,
    base: MODEL,
    issuesOf: async (args) => (await prepareService("chat", args as never)).issues,
  },
  LLMInferenceServiceConfig: {
    shape: configOptions,
    base: MODEL,
    issuesOf: async (args) => (await prepareConfig("team", args as never)).issues,
  },
  Platform: { shape: PLATFORM_OPTIONS, base: {}, issuesOf: async (args) => (await preparePlatform("p", args)).issues },
  "a service by the provider": {
    shape: serviceOptions,
    base: MODEL,
    issuesOf: (args) =>
      construct("chat", "kserve-llm:index:LLMInferenceService", args as pulumi.Inputs, {}).then(
        () => [],
        (error: pulumi.InputPropertiesError) =>
          asErrors(error.errors.map(({ propertyPath }) => ({ path: propertyPath }))),
      ),
  },
  "a function of the provider": {
    shape: serviceOptions,
    base: MODEL,
    issuesOf: async (args) => {
      const { failures = [] } = await invoke("kserve-llm:index:render", { name: "chat", args });
      return asErrors(failures.map(({ property }) => ({ path: property.replace(/^args\./, "") })));
    },
  },
};

/** A value that is not of the type, whatever the type is. */
function wrongFor(schema: z.ZodType): unknown {
  return [5, "nope", [], {}].find((value) => !schema.safeParse(value).success);
}

for (const [door, { shape, base, issuesOf }] of Object.entries(DOORS)) {
  describe(`arguments of ${door} outside of the spec`, () => {
    for (const [name, schema] of Object.entries(shape)) {
      const refusedAt = async (args: Args, path: string): Promise<void> => {
        const { result } = await runMocked(() => issuesOf({ ...base, ...args }));
        const errors = result.filter(({ severity }) => severity === "error").map((issue) => issue.path);
        assert.ok(errors.includes(path), `${path} is not among ${JSON.stringify(errors)}`);
      };
      it(`${name} of another type is refused`, () => refusedAt({ [name]: wrongFor(schema) }, name));
      it(`${name} that is null is refused`, () => refusedAt({ [name]: null }, name));
      it(`${name} under a misspelt name is refused`, () => refusedAt({ [`${name}x`]: 1 }, `${name}x`));
      const [field] = namesAt(schema, []);
      if (field !== undefined && !["platform", "modelInfo"].includes(name))
        it(`${name} with a misspelt field is refused`, () =>
          refusedAt({ [name]: { [`${field}x`]: 1 } }, `${name}.${field}x`));
    }
  });
}

describe("values of arguments outside of the spec", () => {
  const found = async (args: Args, preview = false): Promise<string[]> => {
    const { result } = await runMocked(() => prepareService("chat", { ...MODEL, ...args } as never), { preview });
    return result.issues.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${path}`);
  };
  const CASES: readonly [args: Args, issue: string][] = [
    [{ settings: { ingresGatewayName: "a" } }, "UnknownField settings.ingresGatewayName"],
    [{ settings: { enableTLS: "false" } }, "WrongType settings.enableTLS"],
    [{ settings: { modelBasedRoutingMode: "nope" } }, "InvalidValue settings.modelBasedRoutingMode"],
    [
      { settings: { storageInitializer: { memoryLimit: "abc" } } },
      "InvalidValue settings.storageInitializer.memoryLimit",
    ],
    [
      { settings: { storageInitializer: { memoryLimit: "5Mi" } } },
      "InvalidValue settings.storageInitializer.memoryLimit",
    ],
    [{ settings: { credentials: 5 } }, "WrongType settings.credentials"],
    [{ loadBytesPerSecond: -5 }, "InvalidValue loadBytesPerSecond"],
    [{ compat: "kserve-9" }, "InvalidValue compat"],
    [{ freeDevices: { "nvidia.com/gpu": -1 } }, "InvalidValue freeDevices[nvidia.com/gpu]"],
    [{ adopt: { leave: "x" } }, "WrongType adopt.leave"],
    [{ configs: [null] }, "WrongType configs[0]"],
    [{ modelInfo: { layer_types: 5 } }, "WrongType modelInfo.layer_types"],
    [
      { modelInfo: { quantization_config: { quant_method: 5 } } },
      "WrongType modelInfo.quantization_config.quant_method",
    ],
    [
      { platform: { presetVersion: "1", digest: "x", defaults: { workerSpec: null } } },
      "WrongType platform.defaults.workerSpec",
    ],
  ];
  for (const [args, issue] of CASES) {
    it(`${JSON.stringify(args)} is ${issue}`, async () => {
      const issues = await found(args);
      assert.ok(issues.includes(issue), JSON.stringify(issues));
    });
  }

  it("are all reported at once, together with those of the spec", async () => {
    const issues = await found({ settings: { enableTLS: 1, urlSchem: "x" }, checks: 5, replicas: -1 });
    assert.deepEqual(issues.sort(), [
      "InvalidValue spec.replicas",
      "UnknownField settings.urlSchem",
      "WrongType checks",
      "WrongType settings.enableTLS",
    ]);
  });

  it("that are unknown are reported if no text is allowed, and accepted if one is", async () => {
    assert.deepEqual(await found({ loadBytesPerSecond: unknownOutput() }, true), ["UnknownValue loadBytesPerSecond"]);
    assert.deepEqual(await found({ settings: { enableTLS: unknownOutput() } }, true), [
      "UnknownValue settings.enableTLS",
    ]);
    const settings = { storageInitializer: { memoryLimit: unknownOutput(), image: unknownOutput() } };
    assert.deepEqual(await found({ settings }, true), []);
  });

  it("may contain null, metadata of the API server and other fields, as objects of a cluster and files of models do", async () => {
    const stored = { uid: "1", resourceVersion: "2", managedFields: [], creationTimestamp: null };
    const modelInfo = { num_hidden_layers: 28, sliding_window: null, head_dim: null, rope_scaling: { type: "x" } };
    const known = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: null }, data: null }];
    const shape = { hidden_size: 3584, num_attention_heads: 28, vocab_size: 152064, intermediate_size: 18944 };
    assert.deepEqual(await found({ metadata: stored, modelInfo: { ...modelInfo, ...shape }, known }), []);
  });
});

describe("arguments that contain themselves or are nested too deeply", () => {
  const circular = (): Args => {
    const value: Args = { list: [] };
    value["self"] = value;
    (value["list"] as unknown[]).push(value);
    return value;
  };
  const deep = (): unknown => {
    let value: unknown = "x";
    for (let level = 0; level < 5_000; level++) value = { a: value };
    return value;
  };

  for (const door of ["LLMInferenceService", "LLMInferenceServiceConfig"]) {
    it(`of a ${door} are refused`, async () => {
      const { base, issuesOf } = DOORS[door] ?? assert.fail(door);
      for (const made of [circular, deep]) {
        const found = await issuesOf({ ...base, template: { affinity: made() } });
        assert.ok(
          found.some(({ severity, path }) => severity === "error" && path.includes("template")),
          JSON.stringify(found),
        );
      }
    });
  }

  it("of a Platform are refused in its defaults", async () => {
    const { issuesOf } = DOORS["Platform"] ?? assert.fail();
    for (const made of [circular, deep]) {
      const found = await issuesOf({ defaults: { workerSpec: { template: made() } } });
      assert.ok(found.some(({ severity, path }) => severity === "error" && path.startsWith("defaults.workerSpec")));
    }
  });
});

describe("a plan of any input", () => {
  const service = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "a", namespace: "b" },
    spec: MODEL,
  };
  const input = { service, configs: [], settings: DEFAULT_SETTINGS };

  it("reports options of another type, and never throws", () => {
    for (const [name, schema] of Object.entries({ ...planOptions, settings: serviceOptions.settings })) {
      for (const value of [null, wrongFor(schema), { x: 1 }, [null]]) {
        const { issues } = plan({ ...input, [name]: value });
        const isSound = schema.safeParse(value).success && name !== "settings" && name !== "known";
        assert.ok(isSound || issues.some(({ path }) => path.startsWith(name)), `${name} ${JSON.stringify(value)}`);
      }
    }
  });

  it("ignores known objects that it cannot read, and names each", () => {
    const known = [null, 5, {}, { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: 1 } }];
    const { issues } = plan({ ...input, known: known as never });
    const paths = issues
      .filter(({ path }) => path.startsWith("known"))
      .map(({ path, severity }) => `${severity} ${path}`);
    for (const path of ["known[0]", "known[1]", "known[2].kind", "known[3].data.a"])
      assert.ok(paths.includes(`warning ${path}`), JSON.stringify(paths));
  });
});

describe("KServe's settings", () => {
  it("are refused if KServe could not read them, and may contain keys of other components", () => {
    const storage = JSON.stringify({ memoryRequest: "1Gi", memoryLimit: 5, cpuRequest: "1", cpuLimit: "1" });
    const { issues } = parseSettings({
      ingress: '{"enableLLMInferenceServiceTLS":"false"}',
      storageInitializer: storage,
      deploy: 5,
    });
    const errors = issues.filter(({ severity }) => severity === "error").map(({ path }) => path);
    assert.ok(
      errors.includes("ingress.enableLLMInferenceServiceTLS") && errors.includes("storageInitializer.memoryLimit"),
    );
    assert.ok(!errors.some((path) => path.startsWith("deploy")));
    assert.ok(parseSettings("x").issues.length === 1);
  });
});

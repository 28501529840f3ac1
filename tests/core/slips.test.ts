import assert from "node:assert/strict";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { deepFreeze } from "./stages/merge/freeze.ts";

const CONFIGS = presets({ namespace: DEFAULT_SETTINGS.systemNamespace });

function issuesOf(service: unknown, configs: readonly unknown[] = []): string[] {
  const checks = { UnknownModel: "off" } as const;
  const { issues } = plan({ service, configs: [...CONFIGS, ...configs], settings: DEFAULT_SETTINGS, checks });
  return issues.map(({ severity, code, path, layer }) => `${severity} ${code} ${layer} ${path}`);
}

function serviceOf(spec: string, metadata = "name: chat"): unknown {
  const text = `apiVersion: serving.kserve.io/v1alpha2\nkind: LLMInferenceService\nmetadata: {${metadata}}\nspec: {${spec}}`;
  return deepFreeze(parse(text));
}
const MODEL = 'model: {uri: "hf://Qwen/Qwen2.5-7B-Instruct"}, accelerator: nvidia-l4';
const EMPTY_MODEL = "error MissingField merged spec.model.uri";

describe("mistakes in the YAML of a service", () => {
  const rows: [title: string, spec: string, metadata: string, issues: string[]][] = [
    ["empty labels and annotations are not set", MODEL, "name: chat, labels: , annotations: ", []],
    [
      "an annotation that is a number is a finding",
      MODEL,
      "name: chat, annotations: {serving.kserve.io/exp-dra-device-class: gpu, serving.kserve.io/exp-dra-device-count: 2}",
      ["error WrongType service metadata.annotations[serving.kserve.io/exp-dra-device-count]"],
    ],
    [
      "null in baseRefs is a finding",
      `${MODEL}, baseRefs: [null]`,
      "name: chat",
      ["error WrongType service spec.baseRefs[0]"],
    ],
    [
      "null in the gateway's refs is a finding",
      `${MODEL}, router: {route: {}, gateway: {refs: [null]}}`,
      "name: chat",
      ["error WrongType service spec.router.gateway.refs[0]"],
    ],
    [
      "null in args is a finding, and takes no preset's args away",
      `${MODEL}, template: {containers: [{name: main, args: [null]}]}`,
      "name: chat",
      ["error WrongType service spec.template.containers[0].args[0]"],
    ],
    ["a spec that deletes itself has no model", `${MODEL}, $patch: delete`, "name: chat", [EMPTY_MODEL]],
    ["a model that deletes itself is missing", "model: {$patch: delete}", "name: chat", [EMPTY_MODEL]],
    [
      "a quantity with a huge exponent is read in no time",
      `${MODEL}, kvCacheOffloading: {cpu: "1e-400000000"}`,
      "name: chat",
      ["error InvalidFlagValue service spec.kvCacheOffloading.cpu"],
    ],
  ];
  for (const [title, spec, metadata, issues] of rows) {
    it(title, () => assert.deepEqual(issuesOf(serviceOf(spec, metadata)), issues));
  }

  it("a config with a value of another type is a finding, whether or not the service names it", () => {
    const config = parse(
      "{apiVersion: serving.kserve.io/v1alpha2, kind: LLMInferenceServiceConfig, metadata: {name: odd}, spec: {template: {containers: 5}}}",
    );
    assert.deepEqual(issuesOf(serviceOf(MODEL), [config]), [
      "error WrongType config default/odd spec.template.containers",
    ]);
  });
});

describe("documents that are not a finite tree", () => {
  const inline = (value: unknown): unknown => ({
    ...(serviceOf(MODEL) as object),
    spec: { router: { scheduler: { config: { inline: value } } } },
  });
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const shared = Array.from({ length: 20 }).reduce<unknown>((value) => [value, value], "x");
  const rows: [title: string, value: unknown, message: RegExp][] = [
    ["a value that contains itself", circular, /contains itself/],
    ["more than 100 levels", nested(200), /more than 100 levels/],
    ["aliases that multiply", shared, /more than 500000 values/],
    ["a number that is not finite", Number.NaN, /not NaN/],
    ["a function", () => 1, /not a function/],
    ["an object of a class", new Map(), /not an object of the class Map/],
  ];
  for (const [title, value, message] of rows) {
    it(`${title} is an issue`, () => {
      const { issues } = plan({ service: inline(value), configs: CONFIGS, settings: DEFAULT_SETTINGS });
      assert.deepEqual([issues.length, issues[0]?.code], [1, "UnreadableInput"]);
      assert.match(issues[0]?.message ?? "", message);
    });
  }
});

describe("templates that would never end", () => {
  const rows: [title: string, template: string, message: RegExp][] = [
    ["a loop of a billion turns", "{{ range 1000000000 }}a{{ end }}", /more than 100000 steps/],
    [
      "loops in loops",
      "{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}a{{ end }}{{ end }}{{ end }}",
      /more than 100000 steps/,
    ],
    [
      "a text that doubles",
      '{{ $x := "a" }}{{ range 99 }}{{ $x = print $x $x }}{{ end }}',
      /more than 1500000 characters/,
    ],
    ["blocks 5,000 levels deep", `${"{{ if true }}".repeat(5000)}${"{{ end }}".repeat(5000)}`, /100 levels deep/],
    ["parentheses 5,000 levels deep", `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`, /100 levels deep/],
  ];
  for (const [title, template, message] of rows) {
    it(`${title} is an issue`, () => {
      const service = { ...(serviceOf(MODEL) as object), spec: { model: { uri: "hf://a/b", name: template } } };
      const { issues } = plan({ service, configs: CONFIGS, settings: DEFAULT_SETTINGS });
      assert.match(issues[0]?.message ?? "", message);
    });
  }
});

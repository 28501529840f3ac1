import assert from "node:assert/strict";
import type { LLMInferenceService, LLMInferenceServiceConfig } from "../../../../core/api/service.ts";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { chooseLayers, type Layers } from "../../../../core/stages/layers/layers.ts";
import { mergeQuietly } from "../../../../core/stages/merge/merge.ts";
import { deepFreeze } from "../merge/freeze.ts";

const settings = { systemNamespace: "kserve" };
const ROLES = ["", "decode-", "prefill-"];
const SHAPES = ["template", "worker-data-parallel", "worker-pipeline-parallel"];
const PRESETS = [
  ...ROLES.flatMap((role) => SHAPES.map((shape) => `kserve-config-llm-${role}${shape}`)),
  "kserve-config-llm-scheduler",
  "kserve-config-llm-scheduler-latency-predictor",
  "kserve-config-llm-router-route",
  "kserve-config-llm-tracing",
].map((name) => config(name, "kserve"));

function config(name: string, namespace: string, spec: object = {}): LLMInferenceServiceConfig {
  return {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceServiceConfig",
    metadata: { name, namespace },
    spec,
  };
}

function service(spec: object, extra: object = {}): LLMInferenceService {
  return {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: { model: { uri: "hf://a/b", name: "chat" }, ...spec },
    ...extra,
  };
}

function choose(of: LLMInferenceService, configs: LLMInferenceServiceConfig[] = [], behaviour = KSERVE_0_20): Layers {
  return chooseLayers(
    deepFreeze({ service: of, configs: [...PRESETS, ...configs], settings, behaviour, merge: mergeQuietly }),
  );
}

const worker = { worker: {} };
const LATENCY = { scheduler: { config: { inline: { plugins: [{ type: "predicted-latency-producer" }] } } } };

describe("chooseLayers", () => {
  const rows: [what: string, spec: object, presets: string[]][] = [
    ["one pod", {}, ["template"]],
    ["parallelism without a worker is still one pod", { parallelism: { data: 8 } }, ["template"]],
    ["data parallelism with a worker", { ...worker, parallelism: { data: 8 } }, ["worker-data-parallel"]],
    ["dataLocal alone is data parallelism", { ...worker, parallelism: { dataLocal: 2 } }, ["worker-data-parallel"]],
    ["pipeline parallelism", { ...worker, parallelism: { pipeline: 2 } }, ["worker-pipeline-parallel"]],
    ["data before pipeline", { ...worker, parallelism: { data: 2, pipeline: 2 } }, ["worker-data-parallel"]],
    ["a worker without parallelism has no preset", worker, []],
    ["prefill and decode", { prefill: {} }, ["prefill-template", "decode-template"]],
    [
      "each role by its own shape",
      { prefill: { ...worker, parallelism: { pipeline: 2 } } },
      ["prefill-worker-pipeline-parallel", "decode-template"],
    ],
    [
      "scheduler, route and tracing, lowest first",
      { tracing: {}, router: { route: {}, scheduler: {} } },
      ["scheduler", "router-route", "tracing", "template"],
    ],
    [
      "a pool that is referred to has its own scheduler",
      { router: { scheduler: { pool: { ref: { name: "x" } } } } },
      ["template"],
    ],
    [
      "routes that are referred to need no preset",
      { router: { route: { http: { refs: [{ name: "x" }] } } } },
      ["template"],
    ],
    [
      "the plugin that predicts latencies",
      { router: LATENCY },
      ["scheduler", "scheduler-latency-predictor", "template"],
    ],
  ];
  for (const [what, spec, presets] of rows) {
    it(`chooses the presets of ${what}`, () => {
      const { appliedConfigs, issues } = choose(service(spec));
      assert.deepEqual(issues, []);
      assert.deepEqual(
        appliedConfigs.map(({ name }) => name),
        presets.map((suffix) => `kserve-config-llm-${suffix}`),
      );
    });
  }

  it("puts presets lowest, then baseRefs in order, then the service", () => {
    const configs = [config("one", "team"), config("two", "kserve")];
    const chosen = choose(service({ baseRefs: [{ name: "two" }, { name: "one" }] }), configs);
    assert.deepEqual(
      chosen.layers.map(({ label }) => label),
      ["preset kserve-config-llm-template", "config kserve/two", "config team/one", "service"],
    );
    assert.deepEqual(chosen.appliedConfigs, [
      { name: "kserve-config-llm-template", namespace: "kserve", source: "Preset" },
      { name: "two", namespace: "kserve", source: "UserRef" },
      { name: "one", namespace: "team", source: "UserRef" },
    ]);
  });

  it("prefers a config in the namespace of the service, also over a preset", () => {
    const chosen = choose(service({}), [config("kserve-config-llm-template", "team")]);
    assert.deepEqual(chosen.appliedConfigs, [
      { name: "kserve-config-llm-template", namespace: "team", source: "Preset" },
    ]);
  });

  it("does not see configs of other namespaces", () => {
    const { issues } = choose(service({ baseRefs: [{ name: "one" }] }), [config("one", "other")]);
    assert.equal(issues[0]?.code, "ConfigNotFound");
  });

  it("names the release of the stack whose presets have a config that is missing", () => {
    const fixOf = (name: string, behaviour = OWN) =>
      choose(service({ baseRefs: [{ name }] }), [], behaviour).issues[0]?.fix;
    assert.equal(
      fixOf("kserve-config-llm-tokenizer"),
      "set stack to llm-d-0.9, whose presets have it, or create the config",
    );
    const another = "pass the config kserve-config-llm-tokenizer in configs (--configs), or name an existing one";
    assert.equal(fixOf("kserve-config-llm-tokenizer", KSERVE_0_20), another);
    assert.equal(fixOf("own"), "pass the config own in configs (--configs), or name an existing one");
    assert.equal(
      fixOf("kserve-config-llm-tracings"),
      "name kserve-config-llm-tracing, or pass the config kserve-config-llm-tracings in configs (--configs)",
    );
  });

  it("names every missing baseRef, where it was looked for and which configs exist there", () => {
    const { issues, layers } = choose(service({ baseRefs: [{ name: "x" }, { name: "y" }] }), [config("one", "team")]);
    assert.deepEqual(
      issues.map(({ code, path }) => [code, path]),
      [
        ["ConfigNotFound", "spec.baseRefs[0].name"],
        ["ConfigNotFound", "spec.baseRefs[1].name"],
      ],
    );
    assert.match(issues[0]?.message ?? "", /"x".*team \(has one\) and kserve \(has \d+ others\)/);
    assert.deepEqual(layers, []);
  });

  it("names a missing baseRef if another config has no name", () => {
    const { name: _none, ...nameless } = config("one", "team").metadata;
    const configs = [{ ...config("one", "team"), metadata: nameless as { name: string; namespace: string } }];
    const { issues } = choose(service({ baseRefs: [{ name: "x" }] }), configs);
    assert.match(issues[0]?.message ?? "", /"x".*team \(has no configs\)/);
  });

  it("names a missing preset", () => {
    const { issues } = chooseLayers({
      service: service({}),
      configs: [],
      settings,
      behaviour: KSERVE_0_20,
      merge: mergeQuietly,
    });
    assert.match(
      issues[0]?.message ?? "",
      /kserve-config-llm-template.*team \(has no configs\) and kserve \(has no configs\)/,
    );
  });

  it("reports at the status a preset that the status pins and that does not exist", () => {
    const annotations = { "serving.kserve.io/config-llm-template": "v3-4-0-kserve-config-llm-template" };
    const { issues } = choose(service({}, { status: { annotations } }), [], OWN);
    assert.deepEqual(
      issues.map(({ code, path, fix }) => [code, path, fix]),
      [
        [
          "ConfigNotFound",
          "status.annotations[serving.kserve.io/config-llm-template]",
          "remove status from the file, so that the presets of the plan are used, or pass the config v3-4-0-kserve-config-llm-template in configs (--configs)",
        ],
      ],
    );
  });

  it("keeps the presets that the status pins, except the preset of the route", () => {
    const status = {
      annotations: {
        "serving.kserve.io/config-llm-template": "old-template",
        "serving.kserve.io/config-llm-router-route": "old-route",
        "serving.kserve.io/config-llm-tracing": "",
      },
    };
    const { appliedConfigs } = choose(service({ tracing: {}, router: { route: {} } }, { status }), [
      config("old-template", "kserve"),
    ]);
    assert.deepEqual(
      appliedConfigs.map(({ name }) => name),
      ["kserve-config-llm-router-route", "kserve-config-llm-tracing", "old-template"],
    );
  });

  describe("topology", () => {
    const multi = config("multi", "team", { ...worker, parallelism: { data: 2 } });
    const single = { baseRefs: [{ name: "multi" }], parallelism: { pipeline: 2, data: 0 } };

    it("is chosen from baseRefs over the service under compat", () => {
      const { appliedConfigs } = choose(service(single), [multi]);
      assert.equal(appliedConfigs[0]?.name, "kserve-config-llm-worker-data-parallel");
    });
    it("follows the rendered spec by default", () => {
      const { appliedConfigs } = choose(service(single), [multi], OWN);
      assert.equal(appliedConfigs[0]?.name, "kserve-config-llm-worker-pipeline-parallel");
    });
    it("follows what the service unsets by default", () => {
      const { appliedConfigs } = choose(service({ baseRefs: [{ name: "multi" }], worker: null }), [multi], OWN);
      assert.equal(appliedConfigs[0]?.name, "kserve-config-llm-template");
    });
    it("names the layers that cannot be merged", () => {
      const inline = config("inline", "team", { router: LATENCY });
      const { issues } = choose(service({ baseRefs: [{ name: "inline" }], router: LATENCY }), [inline]);
      assert.deepEqual(
        issues.map(({ code, layer }) => [code, layer]),
        [["MergeFailed", "config team/inline"]],
      );
    });
  });

  describe("model.name", () => {
    const named = config("named", "team", { model: { name: "from-config" } });
    const nameBy = (spec: object, behaviour = KSERVE_0_20) =>
      choose(service({ baseRefs: [{ name: "named" }], ...spec }), [named], behaviour).service.spec.model.name;

    it("is the config's under compat, even if the service sets its own", () => {
      assert.equal(nameBy({ model: { uri: "hf://a/b", name: "mine" } }), "from-config");
    });
    it("is the service's own by default", () => {
      assert.equal(nameBy({ model: { uri: "hf://a/b", name: "mine" } }, OWN), "mine");
    });
    it("is the config's by default when the service writes none", () => {
      assert.equal(nameBy({ model: { uri: "hf://a/b" } }, OWN), "from-config");
    });
    it("is the service's own by default when it writes its own name", () => {
      assert.equal(nameBy({ model: { uri: "hf://a/b", name: "chat" } }, OWN), "chat");
    });
    it("is the name of the service by default when it deletes the config's", () => {
      assert.equal(nameBy({ model: { uri: "hf://a/b", name: null } }, OWN), "chat");
    });
    it("is the name of the service by default when no layer writes one", () => {
      assert.equal(nameBy({ model: { uri: "hf://a/b" }, baseRefs: [] }, OWN), "chat");
    });
  });
});

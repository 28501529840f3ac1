import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { PlanInput } from "../../../../core/contract/plan.ts";
import { flagValue } from "../../../../core/knowledge/engine/flags/commandline.ts";
import { PLATFORMS, type Platform } from "../../../../core/knowledge/stacks/stack.ts";
import { STACKS } from "../../../../core/knowledge/stacks/stacks.ts";
import type { Container, PodSpec } from "../../../../core/kubernetes/objects.ts";
import { plan } from "../../../../core/plan.ts";
import { bundleOf, configsOf } from "../../../../core/platform/bundle.ts";
import { planOf } from "../check/plan.ts";

const MODEL = { model: { uri: "hf://Qwen/Qwen3-30B-A3B" } };
const P_D = { router: { route: {}, scheduler: {} } };

/** A service's accelerator of each platform; TPU and Neuron only have node labels of a cloud. */
const ACCELERATORS: Readonly<Record<Platform, string | object>> = {
  cuda: "nvidia-h100-80gb",
  rocm: "amd-mi300x-192gb",
  xpu: "intel-max-1550-128gb",
  hpu: "intel-gaudi3-128gb",
  tpu: { resource: "google.com/tpu", nodeSelector: { tpu: "v6e" } },
  neuron: { resource: "aws.amazon.com/neuron", nodeSelector: { neuron: "trn2" } },
  cpu: "cpu",
};

const planned = (spec: object, stack: string, input: Partial<PlanInput> = {}) =>
  planOf({ ...MODEL, ...spec }, { checks: { MemoryFit: "off" }, ...input, stack });

function main(pod: PodSpec | undefined): Container {
  const container = pod?.containers?.find(({ name }) => name === "main");
  assert.ok(container);
  return container;
}
const codes = (issues: readonly { code: string; path: string; severity: string }[]): string[] =>
  issues.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${path}`);

describe("the engine's image", () => {
  for (const { name: stack, engines } of STACKS) {
    for (const platform of PLATFORMS) {
      const engine = engines[platform];
      const what = engine === undefined ? "is missing, and the plan is refused" : engine.image;
      it(`of ${stack} for ${platform} is ${what}`, () => {
        const { spec, issues, objects } = planned({ accelerator: ACCELERATORS[platform] }, stack);
        if (engine === undefined) {
          assert.deepEqual(codes(issues), ["NoEngineImage spec.template"]);
          assert.deepEqual(objects, []);
        } else {
          assert.deepEqual(codes(issues), []);
          assert.equal(main(spec?.template).image, engine.image);
        }
      });
    }
  }

  it("is CUDA's if no accelerator is named", () => {
    assert.match(main(planned({}, "llm-d-0.9").spec?.template).image ?? "", /llm-d-cuda/);
  });

  it("stays when a layer sets it, with the flags and variables of the presets", () => {
    const own = { containers: [{ name: "main", image: "registry.example/rocm-vllm:v0.20.0" }] };
    const engine = main(planned({ accelerator: "amd-mi300x-192gb", template: own }, "llm-d-0.9").spec?.template);
    assert.equal(engine.image, "registry.example/rocm-vllm:v0.20.0");
    assert.equal(
      engine.env?.find(({ name }) => name === "USER"),
      undefined,
    );
    assert.equal(engine.securityContext?.runAsNonRoot, true);
  });

  it("follows the resource that a template requests, and the node selector", () => {
    const requested = { containers: [{ name: "main", resources: { limits: { "amd.com/gpu": "1" } } }] };
    const selected = { nodeSelector: { "amd.com/gpu.product-name": "AMD_Instinct_MI300X_OAM" } };
    for (const template of [requested, selected]) {
      assert.match(main(planned({ template }, "llm-d-0.8").spec?.template).image ?? "", /llm-d-rocm/);
    }
  });

  it("differs for prefill and decode if the release defines two images", () => {
    const accelerator = "amd-mi300x-192gb";
    const { spec, issues } = planned({ ...P_D, accelerator, prefill: { accelerator } }, "llm-d-0.9");
    assert.deepEqual(codes(issues), []);
    for (const pod of [spec?.template, spec?.prefill?.template]) {
      assert.equal(main(pod).image, "ghcr.io/llm-d/llm-d-rocm:v0.8.1");
    }
  });

  it("can differ between the roles of one service", () => {
    const { spec } = planned(
      { ...P_D, accelerator: "nvidia-h100-80gb", prefill: { accelerator: "intel-max-1550-128gb" } },
      "llm-d-0.9",
    );
    assert.match(main(spec?.template).image ?? "", /llm-d-cuda/);
    assert.match(main(spec?.prefill?.template).image ?? "", /llm-d-xpu/);
  });
});

describe("what a platform changes in the presets", () => {
  it("replace the flags that only CUDA has, in leaders and followers", () => {
    const group = {
      accelerator: "amd-mi300x-192gb",
      parallelism: { data: 16, dataLocal: 8, expert: true },
      worker: {},
    };
    const { spec, issues } = planned({ ...P_D, ...group, prefill: group }, "llm-d-0.9");
    assert.deepEqual(codes(issues), []);
    const backend = (pod: PodSpec | undefined) => flagValue(main(pod).args ?? [], "all2all-backend");
    assert.deepEqual([backend(spec?.template), backend(spec?.worker)], ["mori_low_latency", "mori_low_latency"]);
    assert.deepEqual(
      [backend(spec?.prefill?.template), backend(spec?.prefill?.worker)],
      ["mori_high_throughput", "mori_high_throughput"],
    );
    assert.match(main(spec?.worker).image ?? "", /llm-d-rocm/);
  });

  it("move KV blocks over the host if the devices cannot", () => {
    const accelerator = "intel-max-1550-128gb";
    const { spec } = planned({ ...P_D, accelerator, prefill: { accelerator } }, "llm-d-0.9");
    for (const pod of [spec?.template, spec?.prefill?.template]) {
      assert.match(flagValue(main(pod).args ?? [], "kv-transfer-config") ?? "", /"kv_buffer_device":"cpu"/);
    }
  });

  it("refuse prefill and decode if the platform has no such connector, but not a connector of the user", () => {
    const accelerator = ACCELERATORS.neuron;
    const spec = { ...P_D, accelerator, prefill: { accelerator } };
    const refused = planned(spec, "llm-d-0.9");
    assert.deepEqual(codes(refused.issues), [
      "RolesDisagree spec.template.containers",
      "RolesDisagree spec.prefill.template.containers",
    ]);
    const own = {
      containers: [
        { name: "main", args: ['--kv-transfer-config={"kv_connector":"OurConnector","kv_role":"kv_both"}'] },
      ],
    };
    const { issues } = planned({ ...spec, template: own, prefill: { accelerator, template: own } }, "llm-d-0.9");
    assert.ok(issues.every(({ message }) => !message.includes("NIXL")));
  });

  it("are overridden by every layer except the presets: the platform's defaults, and the service", () => {
    const main0 = { name: "main", args: ["--block-size=64"], env: [{ name: "VLLM_SKIP_WARMUP", value: "false" }] };
    const { bundle } = bundleOf(
      { defaults: { workerSpec: { template: { containers: [main0] } } } },
      { systemNamespace: "kserve", recorded: true },
    );
    const { configs } = configsOf(bundle);
    const template = { containers: [{ name: "main", env: [{ name: "HABANA_LOGS", value: "/logs" }] }] };
    const service = {
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceService",
      metadata: { name: "chat", namespace: "team" },
      spec: { ...MODEL, accelerator: "intel-gaudi3-128gb", template },
    };
    const { spec } = plan({ service, configs, settings: DEFAULT_SETTINGS, checks: { MemoryFit: "off" } });
    const engine = main(spec?.template);
    const variable = (wanted: string) => engine.env?.find(({ name }) => name === wanted)?.value;
    assert.equal(variable("HABANA_LOGS"), "/logs");
    assert.equal(variable("VLLM_SKIP_WARMUP"), "false");
    assert.equal(flagValue(engine.args ?? [], "block-size"), "64");
    assert.equal(variable("OMPI_MCA_btl_vader_single_copy_mechanism"), "none");
    assert.match(engine.image ?? "", /llm-d-hpu/);
  });

  it("are traced to a separate layer", () => {
    const { provenance } = planned({ accelerator: "amd-mi300x-192gb" }, "llm-d-0.9");
    assert.deepEqual(provenance?.get("template.containers[name=main].image"), {
      layer: "preset for AMD ROCm",
      overrode: ["preset kserve-config-llm-template"],
    });
  });
});

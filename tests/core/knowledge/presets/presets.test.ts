import assert from "node:assert/strict";
import type { WorkloadSpec } from "../../../../core/api/workload.ts";
import { OWN } from "../../../../core/contract/behaviour.ts";
import { flagValue } from "../../../../core/knowledge/engine/flags/commandline.ts";
import { judgeArgs } from "../../../../core/knowledge/engine/flags/judge.ts";
import { releaseOfImage, sglangRelease } from "../../../../core/knowledge/engine/images.ts";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import type { Container, PodSpec } from "../../../../core/kubernetes/objects.ts";
import { validateConfig } from "../../../../core/stages/admit/validate.ts";
import { planOf } from "../../stages/check/plan.ts";

const ALL = presets({ namespace: "kserve" });
const WORKLOADS = ALL.filter(({ spec }) => spec.template ?? spec.prefill?.template);

function workloadOf(name: string): WorkloadSpec {
  const found = ALL.find(({ metadata }) => metadata.name === `kserve-config-llm-${name}`);
  assert.ok(found, name);
  return found.spec.prefill ?? found.spec;
}
function engineOf(pod: PodSpec | undefined): Container {
  const container = pod?.containers?.find(({ name }) => name === "main");
  assert.ok(container);
  return container;
}
const numberFlag = (container: Container, flag: string): number => Number(flagValue(container.args ?? [], flag));

describe("the presets", () => {
  it("exist for every role, alone and in groups of both kinds", () => {
    const kinds = ["template", "worker-data-parallel", "worker-pipeline-parallel"];
    const names = ["llm", "sglang"].flatMap((engine) =>
      ["", "decode-", "prefill-"].flatMap((role) => kinds.map((kind) => `kserve-config-${engine}-${role}${kind}`)),
    );
    assert.deepEqual(WORKLOADS.map(({ metadata }) => metadata.name).sort(), names.sort());
  });

  it("are configs that their CRD accepts", () => {
    for (const preset of ALL) assert.deepEqual(validateConfig(preset, OWN).errors, [], preset.metadata.name);
  });

  for (const { metadata, spec } of WORKLOADS) {
    const { template, worker } = spec.prefill ?? spec;
    const pods = [template, worker].filter((pod) => pod !== undefined);
    const isSglang = metadata.name.startsWith("kserve-config-sglang-");
    const engine = isSglang ? "sglang" : "vllm";

    it(`${metadata.name}: the engine's release knows every flag`, () => {
      for (const pod of pods) {
        const { image = "", args = [], command = [] } = engineOf(pod);
        const text = isSglang ? sglangRelease(image) : releaseOfImage(image);
        assert.ok(text, image);
        assert.deepEqual(judgeArgs(args, { text, number: releaseNumber(text) as number }, engine), []);
        // The followers' shell only adds the rank; see rankedByIndex.
        const extra = command.join(" ").match(/--[a-z-]+/g) ?? [];
        assert.deepEqual(
          judgeArgs(
            extra.map((flag) => `${flag}=1`),
            { text, number: releaseNumber(text) as number },
            engine,
          ),
          [],
        );
      }
    });

    it(`${metadata.name}: every container is hardened`, () => {
      for (const pod of pods) {
        for (const container of [...(pod.containers ?? []), ...(pod.initContainers ?? [])]) {
          const { securityContext } = container;
          // SGLang's image sets no user, so it runs as root, without privileges.
          assert.equal(securityContext?.runAsNonRoot, !(isSglang && container.name === "main"));
          assert.equal(securityContext?.allowPrivilegeEscalation, false);
          assert.deepEqual(securityContext?.capabilities?.drop, ["ALL"]);
          assert.deepEqual(securityContext?.seccompProfile, { type: "RuntimeDefault" });
          assert.equal(securityContext?.privileged, undefined);
          const added = securityContext?.capabilities?.add ?? [];
          const isGrouped = worker !== undefined && container.name === "main";
          assert.deepEqual(added, isGrouped ? ["IPC_LOCK", "SYS_RAWIO", "NET_RAW"] : []);
        }
      }
    });

    if (worker !== undefined)
      it(`${metadata.name}: followers serve no requests, and have neither ports nor probes`, () => {
        const { args = [], ports, readinessProbe, livenessProbe, startupProbe } = engineOf(worker);
        assert.equal(args.includes("--headless"), !isSglang);
        assert.deepEqual(
          [ports, readinessProbe, livenessProbe, startupProbe],
          [undefined, undefined, undefined, undefined],
        );
        assert.ok(!engineOf(template).args?.includes("--headless"));
        assert.ok(engineOf(template).readinessProbe);
      });
  }

  describe("of prefill and decode", () => {
    for (const kind of ["template", "worker-data-parallel", "worker-pipeline-parallel"]) {
      const decode = engineOf(workloadOf(`decode-${kind}`).template);
      const prefill = engineOf(workloadOf(`prefill-${kind}`).template);

      it(`${kind}: prefill processes many tokens in a step, decode few tokens of many sequences`, () => {
        const tokens = [prefill, decode].map((one) => numberFlag(one, "max-num-batched-tokens")) as [number, number];
        const sequences = [prefill, decode].map((one) => numberFlag(one, "max-num-seqs")) as [number, number];
        assert.ok(tokens[0] >= 4 * tokens[1], tokens.join());
        assert.ok(sequences[1] >= 4 * sequences[0], sequences.join());
      });

      it(`${kind}: both transfer KV cache with the same connector, from their own address`, () => {
        const config = (one: Container) => flagValue(one.args ?? [], "kv-transfer-config");
        assert.match(config(decode) ?? "", /NixlConnector.*kv_both/);
        assert.equal(config(decode), config(prefill));
        for (const one of [decode, prefill])
          assert.ok(one.env?.some(({ name }) => name === "VLLM_NIXL_SIDE_CHANNEL_HOST"));
      });

      it(`${kind}: only decode has the sidecar in front`, () => {
        const sidecars = (name: string) => workloadOf(name).template?.initContainers?.map((one) => one.name) ?? [];
        assert.deepEqual(sidecars(`decode-${kind}`), ["llm-d-routing-sidecar"]);
        assert.deepEqual(sidecars(`prefill-${kind}`), []);
      });
    }

    it("exchange experts' tokens for throughput and for latency", () => {
      const backend = (name: string) => flagValue(engineOf(workloadOf(name).template).args ?? [], "all2all-backend");
      assert.equal(backend("prefill-worker-data-parallel"), "deepep_high_throughput");
      assert.equal(backend("decode-worker-data-parallel"), "deepep_low_latency");
    });
  });
});

describe("services of every topology", () => {
  const base = {
    model: { uri: "hf://Qwen/Qwen3-30B-A3B" },
    accelerator: "nvidia-h100-80gb",
    tuning: { maxModelLen: 8192 },
  };
  const routed = { router: { route: {}, scheduler: {} } };
  const groups = {
    "one pod": {},
    "copies of a pod": { parallelism: { data: 4, dataLocal: 2, tensor: 2 } },
    "a pipeline in a pod": { parallelism: { pipeline: 2, tensor: 2 } },
    "data-parallel groups": { parallelism: { data: 8, dataLocal: 4, expert: true }, worker: {} },
    "pipeline-parallel groups": { parallelism: { pipeline: 2, tensor: 4 }, worker: {} },
  };
  for (const [name, group] of Object.entries(groups)) {
    it(`${name}: the plan has no error`, () => assert.deepEqual(planOf({ ...base, ...group }).issues, []));
    it(`${name}, separate prefill and decode: the plan has no error`, () => {
      const { issues } = planOf({
        ...base,
        ...group,
        ...routed,
        prefill: { ...group, accelerator: "nvidia-h100-80gb", tuning: base.tuning },
      });
      assert.deepEqual(
        issues.filter(({ severity }) => severity === "error"),
        [],
      );
    });
  }

  it("a pipeline's pods have the GPUs of a stage, and its followers the leader's nodes", () => {
    const { spec } = planOf({ ...base, ...groups["pipeline-parallel groups"] });
    for (const pod of [spec?.template, spec?.worker]) {
      assert.deepEqual(engineOf(pod).resources?.limits, { "nvidia.com/gpu": "4" });
      assert.deepEqual(pod?.nodeSelector, { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
      assert.equal(flagValue(engineOf(pod).args ?? [], "pipeline-parallel-size"), "2");
    }
  });

  it("a pipeline in an image older than vLLM's own launcher is refused, with a release that would run", () => {
    const old = { containers: [{ name: "main", image: "vllm/vllm-openai:v0.10.0" }] };
    const { issues } = planOf({ ...base, ...groups["pipeline-parallel groups"], template: old, worker: old });
    const found = issues.filter(({ code }) => code === "FlagTooNew");
    assert.ok(found.some(({ message, fix }) => message.includes("--nnodes") && fix?.includes("0.11.1")));
  });
});

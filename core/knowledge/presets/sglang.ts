import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import { ANNOTATION, LABEL, POD_PATH, PORT } from "../../contract/names.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import type { Role as Purpose, SglangFacts, StackFacts } from "../stacks/stack.ts";
import { type EngineProgram, enginePod, RDMA_CAPABILITIES, routingSidecar, SCHEME } from "./parts.ts";

/**
 * SGLang as an engine. Its flags are those of every release from 0.5.4 on. Source: config-sglang-template.yaml of
 * KServe v0.21, and sglang/srt/server_args.py; for what KServe's preset lacks (groups, prefill and decode, metrics)
 * llm-d's config/manifests/sglang and docs/disaggregation.md of llm-d-router.
 */
const SGLANG: EngineProgram = {
  command: ["python3", "-m", "sglang.launch_server"],
  args: (port) => [
    `--model-path=${POD_PATH.models}`,
    // It answers to any model name in a request, so the publisher's path needs no separate name.
    "--served-model-name={{ .Spec.Model.Name }}",
    "--host=0.0.0.0",
    `--port=${port}`,
    "--enable-metrics",
  ],
  env: [],
  probes: sglangProbes,
  runsAsRoot: true,
};

/** `/health` makes an idle engine generate a token, and waits up to 20 s: a probe every second would cause load. */
function sglangProbes(port: number): Pick<Container, "livenessProbe" | "readinessProbe" | "startupProbe"> {
  const httpGet = { path: "/health", port, scheme: SCHEME };
  return {
    startupProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 60 },
    readinessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 3 },
    livenessProbe: { httpGet, periodSeconds: 20, timeoutSeconds: 20, failureThreshold: 6 },
  };
}

/**
 * KV blocks move over NIXL. The sidecar sends decode the address of prefill, and uses the port on which SGLang's
 * bootstrap server listens by default. Source: handleSGLang in pkg/sidecar/proxy of llm-d-router,
 * --disaggregation-bootstrap-port of SGLang.
 */
const TRANSFER = "--disaggregation-transfer-backend=nixl";
const PURPOSES: Readonly<Record<Purpose, { port: number; args: readonly string[] }>> = {
  general: { port: PORT.service, args: [] },
  decode: { port: PORT.behindSidecar, args: ["--disaggregation-mode=decode", TRANSFER] },
  prefill: { port: PORT.service, args: ["--disaggregation-mode=prefill", TRANSFER] },
};

/** Where the ranks of a group connect: on the leader. */
const RENDEZVOUS = 20000;

type Facts = Pick<StackFacts, "sidecar">;

function singleNode(purpose: Purpose, { sidecar }: Facts, sglang: SglangFacts): LLMInferenceServiceConfigSpec {
  const { port, args } = PURPOSES[purpose];
  const { image } = sglang.engines.cuda;
  const pod = enginePod({ image, port, args, sharedMemory: "1Gi", program: SGLANG });
  return asRole(purpose, { template: withSidecar(purpose, pod, sidecar) });
}

/**
 * A group of pods that form one engine, whatever it is divided by: SGLang spreads all of its ranks over the nodes in
 * their order.
 */
function group(purpose: Purpose, { sidecar }: Facts, sglang: SglangFacts): LLMInferenceServiceConfigSpec {
  const { port, args } = PURPOSES[purpose];
  const joined = [
    ...args,
    "--nnodes=$(LWS_GROUP_SIZE)",
    "--node-rank=$(LWS_WORKER_INDEX)",
    `--dist-init-addr=$(LWS_LEADER_ADDRESS):${RENDEZVOUS}`,
  ];
  const { image } = sglang.engines.cuda;
  const common = {
    image,
    port,
    args: joined,
    sharedMemory: "8Gi",
    capabilities: RDMA_CAPABILITIES,
    program: SGLANG,
  };
  const leader = enginePod(common);
  return asRole(purpose, {
    template: withSidecar(purpose, leader, sidecar),
    worker: enginePod({ ...common, follower: true }),
  });
}

function withSidecar(purpose: Purpose, pod: PodSpec, sidecar: Facts["sidecar"]): PodSpec {
  return purpose === "decode" ? { ...pod, initContainers: [routingSidecar(sidecar, "sglang")] } : pod;
}

function asRole(
  purpose: Purpose,
  workload: Pick<LLMInferenceServiceConfigSpec, "template" | "worker">,
): LLMInferenceServiceConfigSpec {
  const own = {
    annotations: { [ANNOTATION.modelRouting]: "true" },
    // The scheduler reads the metrics of vLLM, unless a pod's label names another engine.
    labels: { [LABEL.engineType]: "sglang" },
    ...workload,
  };
  return purpose === "prefill" ? { prefill: own } : own;
}

/** The presets of a release with SGLang; none for a release without it. The first name is KServe's. */
export function sglangPresets(facts: StackFacts): Readonly<Record<string, LLMInferenceServiceConfigSpec>> {
  const { sglang } = facts;
  if (sglang === undefined) return {};
  const roles = [["general", ""] as const, ["decode", "decode-"] as const, ["prefill", "prefill-"] as const];
  const all = roles.flatMap(([purpose, role]) => [
    [`kserve-config-sglang-${role}template`, singleNode(purpose, facts, sglang)] as const,
    [`kserve-config-sglang-${role}worker-data-parallel`, group(purpose, facts, sglang)] as const,
    [`kserve-config-sglang-${role}worker-pipeline-parallel`, group(purpose, facts, sglang)] as const,
  ]);
  return Object.fromEntries(all);
}

import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import { ANNOTATION, PORT } from "../../contract/names.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import type { Role as Purpose, StackFacts } from "../stacks/stack.ts";
import { enginePod, RDMA_CAPABILITIES, routingSidecar } from "./parts.ts";

/** The images that engines and their sidecar run. */
type Images = Pick<StackFacts, "engines" | "sidecar">;

interface PurposeParts {
  port: number;
  args: readonly string[];
  env?: readonly { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[];
}

/**
 * KV blocks move between the two roles over NIXL; both must name the connector, otherwise decode silently recomputes
 * prompts.
 */
export const KV_TRANSFER = kvTransfer();
/** NIXL's side channel must be reachable under the pod's own address. */
const NIXL_ENV = [{ name: "VLLM_NIXL_SIDE_CHANNEL_HOST", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }];

/**
 * Prefill is bound by compute: many prompt tokens per step keep the GPU busy, and few sequences run at once. Decode
 * is bound by memory bandwidth, and users notice its latency: small steps, many sequences. The numbers are starting
 * points for GPUs of 80 GB; `tuning` and `args` change them.
 */
const PURPOSES: Readonly<Record<Purpose, PurposeParts>> = {
  general: { port: PORT.service, args: [] },
  // 2048 tokens keep a step short, and with it the time between two tokens of a running answer; 256 sequences share a
  // step.
  decode: {
    port: PORT.behindSidecar,
    args: [KV_TRANSFER, "--max-num-batched-tokens=2048", "--max-num-seqs=256"],
    env: NIXL_ENV,
  },
  // 16384 tokens saturate the GPU's matrix units; 64 prompts at once limit the KV cache that waits to be fetched.
  prefill: {
    port: PORT.service,
    args: [KV_TRANSFER, "--max-num-batched-tokens=16384", "--max-num-seqs=64"],
    env: NIXL_ENV,
  },
};

/** All-to-all of the experts: prefill transfers much at once, decode needs each small exchange to be fast. */
export const ALL_TO_ALL: Readonly<Record<Purpose, string>> = {
  general: "allgather_reducescatter",
  decode: "deepep_low_latency",
  prefill: "deepep_high_throughput",
};

/** Model routing by header is on if the engine also answers to the publisher's path. */
const ANNOTATIONS = { [ANNOTATION.modelRouting]: "true" };

/** One pod per engine. */
export function singleNode(purpose: Purpose, images: Images): LLMInferenceServiceConfigSpec {
  const { port, args, env } = PURPOSES[purpose];
  const { image } = images.engines.cuda;
  const pod = enginePod({ image, port, args, env: env?.map((one) => ({ ...one })), sharedMemory: "1Gi" });
  return asRole(purpose, { template: withSidecar(purpose, pod, images) });
}

/** What all pods of a group have in common. */
function inGroups(purpose: Purpose, images: Images): Omit<Parameters<typeof enginePod>[0], "args"> {
  const { port, env } = PURPOSES[purpose];
  return {
    image: images.engines.cuda.image,
    port,
    env: env?.map((one) => ({ ...one })),
    sharedMemory: "8Gi",
    capabilities: RDMA_CAPABILITIES,
  };
}

/** A group of pods that share one engine's data-parallel ranks: the leader serves, the others follow. */
export function dataParallel(purpose: Purpose, images: Images): LLMInferenceServiceConfigSpec {
  const { args } = PURPOSES[purpose];
  const shared = [...args, "--data-parallel-address=$(LWS_LEADER_ADDRESS)", `--all2all-backend=${ALL_TO_ALL[purpose]}`];
  const common = inGroups(purpose, images);
  const leader = enginePod({ ...common, args: [...shared, "--data-parallel-start-rank=0"] });
  const follower = enginePod({ ...common, args: [...shared, "--headless"], follower: true });
  return asRole(purpose, { template: withSidecar(purpose, leader, images), worker: rankedByIndex(follower, purpose) });
}

/**
 * A follower's first rank is its index in the group times the number of ranks per pod. Kubernetes can put the index
 * into an argument but cannot multiply, so followers start through a shell for this one number; all flags stay in
 * `args`.
 */
function rankedByIndex(pod: PodSpec, purpose: Purpose): PodSpec {
  const path = purpose === "prefill" ? ".Spec.Prefill.Parallelism" : ".Spec.Parallelism";
  const rank = `$((LWS_WORKER_INDEX * {{ or ${path}.DataLocal 1 }}))`;
  const command = ["/bin/sh", "-c", `exec vllm serve "$@" --data-parallel-start-rank=${rank}`, "vllm"];
  return { ...pod, containers: pod.containers?.map((container) => ({ ...container, command })) };
}

/**
 * A group of pods that form one engine's pipeline, one stage per pod. Launcher: vLLM's own multiprocessing over
 * nodes, which exists from 0.11.1 on (`--nnodes`; every image of the presets has it) and needs neither Ray nor a shell.
 * Before 0.11.1 only Ray could connect nodes; these presets do not start it, and the check of flags reports an older
 * image. Followers are headless: they open no port for requests. The master's address is the leader's DNS name, as
 * KServe's proposal of such presets has it (kserve #5315). Source: run_headless in vllm/entrypoints/cli/serve.py and
 * ParallelConfig in vllm/config/parallel.py.
 */
export function pipelineParallel(purpose: Purpose, images: Images): LLMInferenceServiceConfigSpec {
  const { args } = PURPOSES[purpose];
  const joined = [
    ...args,
    "--nnodes=$(LWS_GROUP_SIZE)",
    "--node-rank=$(LWS_WORKER_INDEX)",
    "--master-addr=$(LWS_LEADER_ADDRESS)",
    `--master-port=${MASTER_PORT}`,
  ];
  const common = inGroups(purpose, images);
  const leader = enginePod({ ...common, args: joined });
  const follower = enginePod({ ...common, args: [...joined, "--headless"], follower: true });
  return asRole(purpose, { template: withSidecar(purpose, leader, images), worker: follower });
}

/** The port where the stages connect (torch.distributed); torch's own default. */
const MASTER_PORT = 29500;

function withSidecar(purpose: Purpose, pod: PodSpec, { sidecar }: Images): PodSpec {
  return purpose === "decode" ? { ...pod, initContainers: [routingSidecar(sidecar)] } : pod;
}

function asRole(
  purpose: Purpose,
  workload: Pick<LLMInferenceServiceConfigSpec, "template" | "worker">,
): LLMInferenceServiceConfigSpec {
  if (purpose === "prefill") return { prefill: { annotations: ANNOTATIONS, ...workload } };
  return { annotations: ANNOTATIONS, ...workload };
}

/** The flag that connects two roles over NIXL, with the additions of a platform. */
export function kvTransfer(more: Readonly<Record<string, string>> = {}): string {
  return `--kv-transfer-config=${JSON.stringify({ kv_connector: "NixlConnector", kv_role: "kv_both", ...more })}`;
}
